"""What an answer is worth. Prices are the same everywhere, and said before they are paid.

A question's points are those of the variant that was answered best: a fresh variant is worth all of
them again, since whoever answers that one alone has learnt it. No retry ever lowers a score.
"""

from __future__ import annotations

PRICE = 1 / 3
"""Of a question's points, for each hint taken and each miss."""
LEAST = 1.0
"""What a right answer brings at least, where the question is worth that much."""
MISSES = 3
"""So many misses, and a fresh variant comes."""
SOLUTION_PRICE = 1 / 2
"""Of an exercise's points, for its solution opened before the checks passed."""


def question(of: float, *, hints: int, misses: int, opened: bool = False) -> float:
    """Points of a right answer.

    Args:
        of: What the question is worth.
        hints: Taken on this variant.
        misses: Wrong answers to this variant before.
        opened: Whether the worked solution of this variant was read before.
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
