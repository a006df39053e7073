"""Where numbers stand along an axis: at round values, as many as fit beside one another.

Round is 1, 2 or 5 times a power of ten; along a logarithmic axis a decade, with its 2 and 5 where
there is room, or a power of two where all that is drawn lies on those.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

FACTORS = (1, 2, 5)
FLAT = 1e-9
"""A span that is a smaller share of its numbers than this cannot be told from none."""
COUNTS = 3
"""Whole heights that differ by less may be shares that happen to be 0 and 1."""
NEAR_ZERO = 0.35
"""An axis begins at 0 if its least number is at most this share of its greatest."""
SLACK = 0.12
"""How much of its span an axis may grow by to end at a round number."""
PLAIN = 1e-3, 1e7
"""Numbers from the one to below the other are written out, others as `2e-5`."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from one number to another."""

    low: float
    high: float
    """Above `low`."""
    log: bool = False
    """Whether equal steps multiply; both ends are above 0 then."""
    whole: bool = False
    """Whether it counts things, so that no number between two whole ones is round."""
    doubling: bool = False
    """Whether all that stands on it are powers of two."""

    def share(self, value: float) -> float:
        """How far along it a number lies: 0 at its beginning, 1 at its end."""
        low, high = self.bent(self.low), self.bent(self.high)
        return (self.bent(value) - low) / (high - low)

    def bent(self, value: float) -> float:
        """The number whose equal steps are equal steps of the axis."""
        return math.log10(value) if self.log else value

    def holds(self, value: float) -> bool:
        """Whether a number lies on it, give or take what a float is off."""
        return (value > 0 or not self.log) and -FLAT <= self.share(value) <= 1 + FLAT


def scale(values: Iterable[float], log: bool = False, grows: bool = False) -> Scale:
    """The axis for these numbers.

    Args:
        values: At least one; finite, and above 0 where it is logarithmic.
        log: Whether equal steps multiply.
        grows: Whether it may begin at 0 or end at a round number instead of the last one.
    """
    held = list(values)
    low, high = min(held), max(held)
    whole = all(float(each).is_integer() for each in held)
    whole = whole and (not grows or high - low >= COUNTS)
    doubling = (
        log and whole and all(float(each).hex().startswith("0x1.0000000000000p") for each in held)
    )
    if high - low <= FLAT * max(abs(low), abs(high)):
        around = abs(low) / 2 or 0.5
        return Scale(low - around, high + around, log, whole and around >= 1, doubling)
    if grows and not log:
        low, high = _grown(low, high)
    return Scale(low, high, log, whole, doubling)


def _grown(low: float, high: float) -> tuple[float, float]:
    if 0 < low <= NEAR_ZERO * high:
        low = 0.0
    elif 0 > high >= NEAR_ZERO * low:
        high = 0.0
    span = high - low
    step = _step(span / 5)
    down, up = math.floor(low / step) * step, math.ceil(high / step) * step
    return (
        down if 0 < low - down <= SLACK * span else low,
        up if 0 < up - high <= SLACK * span else high,
    )


def ticks(axis: Scale, fits: Callable[[Sequence[float], Sequence[str]], bool], most: int) -> dict:
    """Round numbers along an axis and how they are written.

    Args:
        axis: Any.
        fits: Whether these numbers, written so, have room.
        most: How many there may be.

    Returns:
        Number to text, from the least on: the finest choice that fits; of the coarsest none fits
        whole only where there is no room for two.
    """
    last: dict[float, str] = {}
    for numbers in _choices(axis, most):
        texts = written(numbers, axis.log)
        if len(numbers) <= most and fits(numbers, texts):
            return dict(zip(numbers, texts, strict=True))
        last = {numbers[0]: texts[0]} if fits(numbers[:1], texts[:1]) else last
    return last


def written(numbers: Sequence[float], log: bool = False) -> list[str]:
    """Numbers of one axis, as short as tells them apart; 0 is `0`."""
    largest = max(map(abs, numbers), default=0.0)
    if log or not PLAIN[0] <= largest < PLAIN[1] or len(numbers) < 2:
        finest = min((b - a for a, b in pairwise(numbers)), default=0.0)
        return [_short(each, 0.0 if log else finest) for each in numbers]
    finest = min(b - a for a, b in pairwise(numbers))
    decimals = max(0, -_power(finest))
    return [f"{each:,.{decimals}f}" if each else "0" for each in numbers]


def _choices(axis: Scale, most: int) -> Iterator[list[float]]:
    """Sets of round numbers on an axis, finer ones first; the last is of one or two."""
    if not axis.log:
        yield from _evenly(axis, most)
        return
    first, last = math.floor(math.log10(axis.low)), math.ceil(math.log10(axis.high))
    if axis.doubling:
        powers = range(math.ceil(math.log2(axis.low)), math.floor(math.log2(axis.high)) + 1)
        every = [[2.0**power for power in powers[::step]] for step in range(1, len(powers))]
        yield from every or [[axis.low]]
        return
    fine = _on(axis, (f * 10.0**p for p in range(first, last + 1) for f in FACTORS))
    if len(fine) < 3:
        yield from _evenly(axis, most)
    decades = _on(axis, (10.0**power for power in range(first, last + 1)))
    if fine:
        yield fine
    for step in range(1, max(2, len(decades))):
        if decades:
            yield [each for each in decades if round(math.log10(each)) % step == 0] or decades[:1]


def _evenly(axis: Scale, most: int) -> Iterator[list[float]]:
    step = _step((axis.high - axis.low) / max(1, most))
    while True:
        if step >= 1 or not axis.whole:
            first = math.ceil(axis.low / step - FLAT)
            numbers = range(first, math.floor(axis.high / step + FLAT) + 1)
            if not numbers:
                return
            yield [_clean(number, step) for number in numbers]
            if len(numbers) < 2:
                return
        step = _step(step * 1.5)


def _step(least: float) -> float:
    """The first of 1, 2 and 5 times a power of ten that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((f * power for f in (*FACTORS, 10) if f * power >= least * (1 - FLAT)), 10 * power)


def _clean(number: int, step: float) -> float:
    """`number` steps, without what a float adds: 0.3 for 3 times 0.1."""
    return float(f"{number * step:.12g}")


def _on(axis: Scale, numbers: Iterable[float]) -> list[float]:
    return [float(f"{each:.12g}") for each in numbers if axis.holds(each)]


def _power(value: float) -> int:
    """The power of ten of a number's first digit."""
    return int(f"{value:e}".partition("e")[2])


def _short(value: float, finest: float) -> str:
    if not value:
        return "0"
    if PLAIN[0] <= abs(value) < PLAIN[1]:
        decimals = max(0, -_power(value) + 3)
        text = f"{value:,.{decimals}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = max(0, _power(abs(value)) - _power(finest)) if finest else 3
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(power)}"
