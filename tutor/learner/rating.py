"""How well a question was answered, in FSRS's four grades: from correctness, hints, tries, slips.

A slip weighs twice: it is a wrong idea, where another miss may be a wrong key. One that was made
before, on another variant, weighs three times: then the question comes back at once.

Nothing is graded easy: it would mean that it took no effort, and a right answer does not say so.
With every second one easy, FSRS let a question rest for 2, 19, 136 and 741 days; good each time, it
is 2, 11, 46 and 163, at which nine of ten are still answered. Records of earlier releases have 4.
"""

from __future__ import annotations

from tutor.learner.points import HELP_LASTS

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
"""As `fsrs.Rating` numbers them."""
HINT, MISS, SLIP, OLD_SLIP = 1, 1, 2, 3
"""What each weighs."""
ANOTHER_DAY = HELP_LASTS
"""Seconds between two good answers from which the second counts as remembered."""
TOO_MUCH = 3
"""From this weight on it was not known."""


def rate(
    ending: str,
    *,
    hints: int,
    misses: int,
    slips: int = 0,
    old_slips: int = 0,
    opened: bool = False,
) -> int | None:
    """The grade of a variant that is done with.

    Args:
        ending: `right`, `missed` (too often) or `left` for another one.
        hints: Taken.
        misses: Wrong answers, slips among them.
        slips: Of these, known mistakes made for the first time.
        old_slips: Of these, known mistakes that were made on an earlier variant too.
        opened: Whether the worked solution was read before a right answer.

    Returns:
        A grade; None for a variant that was left untouched.
    """
    weight = HINT * hints + MISS * (misses - slips - old_slips) + SLIP * slips
    weight += OLD_SLIP * old_slips
    if ending == "left" and not weight and not opened:
        return None
    if ending != "right" or opened or weight >= TOO_MUCH:
        return AGAIN
    if weight:
        return HARD
    return GOOD
