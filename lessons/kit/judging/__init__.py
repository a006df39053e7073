"""The processes that judge an exercise: one stays warm, one runs a check, one the learner's code.

    grader (in the tutor) --socket--> the warm process            `python -m lessons.kit.judging`
                                        └ fork: the judge         of one file: runs its checks
                                            └ fork: the learner's process, fresh for each check

In a run there is no check, and the worker takes the judge's place (`lessons.kit.worker.own`):

    worker --socket--> the learner's process, which `python -m lessons.kit.judging.guard` holds

The learner's code and the check are never in one process. What the code gives travels to the judge
as plain data, so nothing that it does to Python, to `assert` or to the tutor's modules reaches
those who judge it.
"""
