"""Search: what can be found, and how what is typed finds it.

index.py      what there is, by its words, and the ranking
words.py      a text's words, as they are looked up
course.py     lessons, steps, tasks, sources: made once, on the study's thread
present.py    runs, settings, slips: as they are now
commands.py   the command palette's commands, by any word of what they do
"""
