"""What a size is good for, in words: how much is taught, how sure a score is, what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.chain.card import ScoreCard
    from engine.chain.size import Size


def about(size: Size) -> str:
    """`400 questions to learn from, 100 problems to be judged on; …`, for a list of sizes."""
    numbers = f"{size.taught:,} questions to learn from, {size.judged:,} problems to be judged on"
    return f"{numbers}; {small}" if (small := in_short(size)) else numbers


def in_short(size: Size | None) -> str:
    """A line for where a size is chosen; empty where scores mean something."""
    if size is None or not size.small:
        return ""
    _, low, high = size.widest
    return (
        f"small: scores are ±{(high - low) / 2:.2f}; a fine-tuned student may end below the "
        "shipped one"
    )


def in_full(size: Size | None, bigger: str = "") -> str:
    """What may come of a small size, and that the learner has not made a mistake then.

    Args:
        size: The size; None where it is not known, which says nothing.
        bigger: How the size is chosen where scores mean something, such as `z`.
    """
    if size is None or not size.small:
        return ""
    score, low, high = size.widest
    return (
        f"This size is small. The student learns from at most {size.taught:,} answers, and each "
        f"model is judged on {size.judged:,} problems, where a score of {score:.2f} has the 95% "
        f"interval {low:.2f} to {high:.2f}. A fine-tuned student may come out below the shipped "
        f"one: that is the size, and no mistake of yours.{f' {bigger}' if bigger else ''}"
    )


def of_card(card: ScoreCard, bigger: str = "") -> str:
    """`in_full` for a chain, with what has come of it where the student got worse."""
    words = in_full(card.size, bigger)
    student, shipped = card.student_em, card.baseline_em
    if not words or None in (student, shipped) or student >= shipped:
        return words
    return f"Fine-tuned {student:.2f}, as shipped {shipped:.2f}. {words}"
