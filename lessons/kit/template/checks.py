"""FILL IN: what the exercise is held against."""

from lessons.kit.checks import check, expect_number


@check
def rounds_to_the_nearest(learner):
    """`to_step` of 0.6 is 0.5 with a step of 0.25, and of -0.7 it is -0.75."""
    expect_number(learner.to_step(0.6, 0.25), 0.5, "0.6 to a step of 0.25")
    expect_number(learner.to_step(-0.7, 0.25), -0.75, "-0.7 to a step of 0.25")


@check(needs="rounds_to_the_nearest")
def tells_how_far_off(learner):
    """`error` is a size: never below 0."""
    expect_number(learner.error(0.6, 0.25), 0.1, "the error of 0.6")
    expect_number(learner.error(-0.7, 0.25), 0.05, "the error of -0.7")
