"""Axes: how far they reach, and where numbers or labels stand along them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.figures import Axis, Reference
from tutor.report.drawing.axes import axis as named
from tutor.report.drawing.axes import reach
from tutor.report.drawing.ticks import ticks
from tutor.report.saving.sheet import breadth, leading
from tutor.report.saving.style import SMALL

APART = {"x": 0.25, "y": 0.32}
"""Inches between two numbers along an axis, at least."""
MOST = 9
"""Numbers along an axis, at most."""


@dataclass(frozen=True, slots=True)
class Side:
    """An axis: from where to where, and what stands along it."""

    low: float
    high: float
    """Below `low` where it goes down."""
    ticks: Mapping[float, str]
    name: str = ""
    log: bool = False
    counts: bool = True
    """Whether it is of numbers; else its places are labels'."""

    def share(self, value: float) -> float:
        """How far along it a number lies."""
        if self.log and value <= 0:
            return -1.0
        low, high, value = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return (value - low) / (high - low)

    def holds(self, value: float) -> bool:
        """Whether a number lies on it."""
        return -1e-9 <= self.share(value) <= 1 + 1e-9


def numbers(
    data: Sequence[float],
    references: Sequence[Reference],
    axis: Axis,
    long: float,
    name: str,
    log: bool = False,
) -> Side:
    """The axis for numbers that are drawn, `long` inches from end to end."""
    at = [each.at for each in references if each.axis == axis]
    scale = reach(data, at, log, axis == "y")

    def fits(places: Sequence[float], texts: Sequence[str]) -> bool:
        sizes = [breadth(text, SMALL) if axis == "x" else 0.0 for text in texts]
        middles = [scale.share(place) * long for place in places]
        ends = [(m - size / 2, m + size / 2) for m, size in zip(middles, sizes, strict=True)]
        return all(end + APART[axis] <= start for (_, end), (start, _) in pairwise(ends))

    return Side(scale.low, scale.high, ticks(scale, fits, MOST), named(name, log), log)


def across(names: Sequence[str], long: float) -> Side:
    """The axis for things from left to right, as many of them named as `long` inches hold."""
    widest = max((breadth(name, SMALL) for name in names), default=1.0) + APART["x"] / 2
    step = max(1, math.ceil(len(names) * widest / long))
    return Side(-0.5, len(names) - 0.5, _every(names, step), counts=False)


def down(names: Sequence[str], long: float) -> Side:
    """The axis for things from top to bottom, as many of them named as `long` inches hold."""
    step = max(1, math.ceil(len(names) * leading(SMALL) / long))
    return Side(len(names) - 0.5, -0.5, _every(names, step), counts=False)


def _every(names: Sequence[str], step: int) -> dict[float, str]:
    return {float(at): names[at] for at in range(0, len(names), step)}
