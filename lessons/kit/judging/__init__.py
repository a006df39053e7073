"""The processes that judge an exercise: one stays warm, one runs a check, one the learner's code.

    grader (in the tutor) --socket--> the warm process            `python -m lessons.kit.judging`
                                        └ fork: the judge         of one file: runs its checks
                                            └ fork: the learner's process, fresh for each check

The learner's code and the check are never in one process. What the code gives travels to the judge
as plain data, so nothing that it does to Python, to `assert` or to the tutor's modules reaches
those who judge it.
"""
