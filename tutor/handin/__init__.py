"""Handing in: the tutorial as a notebook that runs again, and whether its scores hold.

    gather      a home -> what is handed in: tasks, runs, predictions
    code        a spec -> the Python that submits it again
    notebook    what is handed in -> a notebook; `markdown` the same as a text
    cells       what the notebook's own cells call
    verify      a notebook -> what follows from it, and what was edited

What is handed in is sealed, not signed: whoever knows this package can seal a forgery. So `verify`
trusts no number: it makes the problems again, reads each answer again, and counts again.
"""
