"""A small exercise of two functions, written into a folder."""

from lessons.kit.course.exercise import Exercise

SHIPPED = '''\
"""Numbers, doubled and halved."""


def double(x):
    """Twice x."""
    raise NotImplementedError


def halve(x):
    """Half of x."""
    raise NotImplementedError
'''
SOLUTION = """\
def double(x):
    print("doubling", x)
    return 2 * x


def halve(x):
    if x == 0:
        raise ValueError("nothing to halve")
    return x / 2
"""
CHECKS = '''\
from lessons.kit.checks import check, expect, refuses


@check
def doubles(learner):
    """Doubles a number."""
    expect(learner.double(21), 42, "twice 21")


@check(needs="doubles")
def undoes(learner):
    """Halves what it has
    doubled.

    A second paragraph is for authors.
    """
    assert learner.halve(learner.double(21)) == 21


@check
def refuses_zero(learner):
    """Refuses to halve 0."""
    with refuses(ValueError, "halve(0)"):
        learner.halve(0)
'''


def write(folder, checks=CHECKS, shipped=SHIPPED, solution=SOLUTION):
    """The exercise, whose three files are written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("exercise", shipped), ("solution", solution), ("checks", checks)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return Exercise("numbers/doubling", folder)
