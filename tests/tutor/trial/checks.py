"""What half has to do."""

from lessons.kit.checks import check, expect


@check
def halves(learner):
    """`half` halves a number."""
    expect(learner.half(10), 5.0, "half(10)")


@check(needs="halves")
def halves_odd_numbers(learner):
    """`half` halves an odd number too."""
    expect(learner.half(7), 3.5, "half(7)")
