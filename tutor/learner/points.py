"""What an answer is worth. Prices are the same everywhere, and said before they are paid.

A question's points are those of the variant that was answered best; no retry ever lowers them.
Misses cost on their own variant. Help counts for its question: for `HELP_LASTS`, a hint or a worked
solution lowers what every variant brings, so that nobody reads how one goes and answers the next
for all points. Whoever answers alone after that, in a review or in the lesson, has learnt it.
"""

from __future__ import annotations

PRICE = 1 / 3
"""Of a question's points, for each hint taken and each miss."""
LEAST = 1.0
"""What a right answer brings at least, where the question is worth that much."""
MISSES = 3
"""So many misses, and a fresh variant comes."""
HELP_LASTS = 12 * 3600.0
"""Seconds for which help with one variant counts for the others."""
LASTS = f"{HELP_LASTS / 3600:g} hours"
"""The same in words."""
SOLUTION_PRICE = 1 / 2
"""Of an exercise's points, for its solution opened before the checks passed."""


def question(of: float, *, hints: int, misses: int, opened: bool = False) -> float:
    """Points of a right answer.

    Args:
        of: What the question is worth.
        hints: Rungs taken, on this variant or lately on another: a rung is paid once.
        misses: Wrong answers to this variant before.
        opened: Whether a worked solution was read before, of this variant or lately of another.
    """
    least = min(of, LEAST)
    return least if opened else max(least, of * (1 - PRICE * (hints + misses)))


def essay(of: float, held: int, lines: int) -> float:
    """Points of a text of which `held` of the rubric's `lines` hold, as its writer judged."""
    return of * held / lines if lines else 0.0


def exercise(of: float, *, opened: bool) -> float:
    """Points of an exercise whose checks all pass; failed checks before cost nothing."""
    return of * (1 - SOLUTION_PRICE) if opened else of


def prediction(of: float) -> float:
    """Points of a prediction: all of them for any number, so that nobody fears to name one."""
    return of
