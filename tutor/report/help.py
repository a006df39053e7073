"""What help with a question costs, in words, before it is paid; `tutor.learner.points` rules it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.learner import points
from tutor.report.question import counted

if TYPE_CHECKING:
    from tutor.learner.sittings import Sitting


def hint_price(sitting: Sitting, of: float) -> str:
    """Such as `: 1 point less on all variants, for 12 hours`; empty where it costs nothing."""
    price = sitting.hint_costs(of)
    return f": {counted(price)} less on all variants, for {points.LASTS}" if price else ""


def solution_price(sitting: Sitting, of: float, best: float = 0.0) -> str:
    """What reading the solution does to a question; empty where it costs nothing.

    Args:
        sitting: The variant in hand, or the one that has ended.
        of: What the question is worth.
        best: Points that the learner has for it.
    """
    least = points.question(of, hints=0, misses=0, opened=True)
    if best >= of or sitting.fresh().worth(of) <= least:
        return ""
    return f"makes this question worth {counted(least)} for {points.LASTS}"


def solution_offer(key: str, sitting: Sitting, of: float, best: float = 0.0) -> str:
    """What shows the solution of a variant that has ended, and what that costs."""
    price = solution_price(sitting, of, best)
    return f"{key} shows how this one goes{f', and {price}' if price else ''}."
