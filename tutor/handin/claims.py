"""Something that a notebook says, and what it comes to where it is counted again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

CLOSE = 1e-9
"""Scores are shares of whole numbers: they agree to rounding, or not at all."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One of them."""

    what: str
    said: str
    found: str
    holds: bool | None
    """None where it could not be counted here; `found` says why."""
    points: float = 0.0
    """Of a task, where the claim is about its points."""
    needs_code: bool = False
    """Whether it was not counted because that would run the learner's code."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def standing_on(self, others: Iterable[Claim]) -> Claim:
        """The same, not counted where what it stands on was not."""
        if self.holds and (open_ := next((each for each in others if not each.holds), None)):
            found = f"{self.found} if {open_.what} holds"
            return replace(self, found=found, holds=None, needs_code=open_.needs_code)
        return self


def same(what: str, said: float | None, found: float | None) -> Claim:
    """Whether two numbers are one."""
    return Claim(what, written(said), written(found), near(said, found))


def near(said: object, found: object) -> bool:
    """Whether two values are equal, numbers to rounding."""
    if isinstance(said, int | float) and isinstance(found, int | float):
        return abs(said - found) <= CLOSE * max(1.0, abs(found))
    return said == found


def faults(what: str, said: str, found: Iterable[str], fine: str) -> Claim:
    """A claim that holds where there is no fault."""
    told = "; ".join(found)
    return Claim(what, said, told or fine, not told)


def written(value: float | None) -> str:
    """A number in four digits."""
    return "–" if value is None else f"{value:.4g}"
