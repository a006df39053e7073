"""Checks of half."""

from lessons.kit.checks import check, expect


@check
def halves_eight(learner):
    """Halves 8."""
    expect(learner.half(8), 4)


@check(needs="halves_eight")
def halves_minus_one(learner):
    """Halves -1, too."""
    expect(learner.half(-1), -0.5)
