"""Exact numbers with units, and what can be done with them at a cost that is known before.

Values are fractions, so that 1/3 and 4,831,838,208 are what they are. A result that would not fit
`MOST_BITS` is refused before it is worked out, or one step of that size after.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from lessons.kit.answers.tokens import Unreadable
from lessons.kit.units import Unit

MOST_BITS = 8192
"""Of a numerator or denominator."""
FUNCTIONS = {
    "sqrt": math.sqrt,
    "√": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
}
"""What may stand before a number or a bracket."""
CHOOSING = ("C", "comb", "binom")
"""What may stand before `(n, k)`: in how many ways k are chosen of n."""
_EXACT = ("abs", "round", "floor", "ceil")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit."""

    value: Fraction
    """In base units."""
    unit: Unit | None = None
    """The product of all units in it; None where there is no unit at all."""

    @property
    def bare(self) -> bool:
        """Whether nothing stands behind it but a size: 70, 70 billion."""
        return self.unit is None or not (self.unit.dimension or self.unit.symbol)

    @property
    def dimension(self) -> tuple[tuple[str, int], ...]:
        """() for a plain number."""
        return self.unit.dimension if self.unit else ()


def add(left: Quantity, right: Quantity, sign: int = 1) -> Quantity:
    """The sum, or with -1 the difference.

    Raises:
        Unreadable: They are not of one dimension, or it grows too large.
    """
    if left.dimension != right.dimension:
        raise Unreadable("What is added or subtracted is not of one kind: a unit is missing.")
    return Quantity(_bounded(left.value + sign * right.value), left.unit or right.unit)


def times(left: Quantity, right: Quantity | None) -> Quantity:
    """The product; None is what is not there.

    Raises:
        Unreadable: It grows too large.
    """
    if right is None:
        return left
    return Quantity(_bounded(left.value * right.value), _joined(left.unit, right.unit, 1))


def over(left: Quantity, right: Quantity) -> Quantity:
    """The quotient.

    Raises:
        Unreadable: It divides by zero, or grows too large.
    """
    if not right.value:
        raise Unreadable("That divides by zero.")
    return Quantity(_bounded(left.value / right.value), _joined(left.unit, right.unit, -1))


def power(low: Quantity, high: Quantity) -> Quantity:
    """The power; a root only of a plain number.

    Raises:
        Unreadable: It has no value, or would not fit; that is known before it is worked out.
    """
    if high.dimension:
        raise Unreadable("An exponent has no unit.")
    base, exponent = low.value, high.value
    if not base and exponent < 0:
        raise Unreadable("That divides by zero.")
    if exponent.denominator > 1:
        if low.dimension or base < 0:
            raise Unreadable("A root is taken of plain numbers from 0 on.")
        return Quantity(_real(lambda: float(base) ** float(exponent)), low.unit)
    # of (GB / 4e9)**9000 the value is small, and the unit is not
    width = max(_width(base), _width(low.unit.factor) if low.unit else 0)
    if base not in (-1, 0, 1) and abs(exponent) * (width - 1) > MOST_BITS:
        raise Unreadable("That power is too large to be worked out.")
    count = int(exponent)  # 0, 1 and -1 are what they are after one power, or after two
    if base in (-1, 0, 1):
        count = count % 2 if base else min(count, 1)
    if not low.unit:
        return Quantity(_bounded(base**count))
    powered = tuple((name, each * int(exponent)) for name, each in low.dimension if exponent)
    return Quantity(_bounded(base**count), Unit(low.unit.factor**count, powered, low.unit.symbol))


def called(name: str, inner: Quantity) -> Quantity:
    """One of FUNCTIONS of a plain number.

    Raises:
        Unreadable: The number has a unit, or the function no value there.
    """
    if inner.dimension:
        raise Unreadable(f"{name} is taken of plain numbers.")
    function = FUNCTIONS[name]
    return Quantity(_real(lambda: function(inner.value if name in _EXACT else float(inner.value))))


def chosen(total: Quantity, taken: Quantity) -> Quantity:
    """C(n, k), in how many ways k of n are chosen; 0 where k is larger than n.

    Raises:
        Unreadable: They are no whole numbers from 0 on, or it would grow too large.
    """
    for each in (total, taken):
        if each.dimension or each.value.denominator > 1 or each.value < 0:
            raise Unreadable("C(n, k) is taken of whole numbers from 0 on.")
    if total.value > MOST_BITS:  # C(n, k) is below 2^n
        raise Unreadable("That grows too large to be worked out.")
    return Quantity(_bounded(Fraction(math.comb(int(total.value), int(taken.value)))))


def _real(work: Callable[[], float]) -> Fraction:
    try:
        return Fraction(work())
    except (ValueError, OverflowError, ZeroDivisionError):
        raise Unreadable("That has no value, or is too large to be worked out.") from None


def _joined(left: Unit | None, right: Unit | None, sign: int) -> Unit | None:
    if left is None and right is None:
        return None
    left, right = left or Unit(Fraction(1)), right or Unit(Fraction(1))
    powers = dict(left.dimension)
    for name, power in right.dimension:
        powers[name] = powers.get(name, 0) + sign * power
    dimension = tuple(sorted((name, power) for name, power in powers.items() if power))
    joint = "*" if sign > 0 else "/"
    symbol = joint.join(filter(None, (left.symbol, right.symbol)))
    return Unit(_bounded(left.factor * right.factor**sign), dimension, symbol)


def _width(value: Fraction) -> int:
    """How many bits its numerator or denominator has, whichever is longer."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _bounded(value: Fraction) -> Fraction:
    if _width(value) > MOST_BITS:
        raise Unreadable("That grows too large to be worked out.")
    return value
