"""Numbers and answers as the learner reads them, and could type them.

    show(11.7592)          11.76            show(4831838208)     4,831,838,208
    show([1.5, -0.25])     1.5, -0.25       rounded(0.123456)    0.1235
    3 - {signed(-4)}       3 - (-4)         in_rows([[1, 2], [3, 4]])    1 2; 3 4

A question works its answer out from `rounded` numbers, since those are what the learner has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from string import ascii_lowercase

from lessons.kit.question import Bits, Body, Choice, Matrix, Numeric
from lessons.kit.units import many

Real = float | int | Fraction

BREAK = "\u2028"
"""Parts the lines of what is put into a question's words; there it becomes a new line."""


def rounded(value: Real, digits: int = 4) -> float:
    """The number to so many significant digits, as `show` writes it."""
    return float(f"{float(value):.{digits - 1}e}")


def show(value: Real | Sequence[Real], digits: int = 4, group: bool = True) -> str:
    """A number, or several with commas between, to so many significant digits.

    Whole numbers are written in full. `group` puts commas between thousands.
    """
    if isinstance(value, Sequence):
        return ", ".join(show(each, digits, group) for each in value)
    comma = "," if group else ""
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    if not math.isfinite(value):
        return str(float(value))
    if isinstance(value, int) or (value == int(value) and abs(value) < 10**15):
        return f"{int(value):{comma}}"
    value = float(value)
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < digits:
        return _trimmed(f"{value:{comma}.{digits - 1 - exponent}f}")
    if digits <= exponent < 9:
        return f"{value:{comma}.0f}"
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{_trimmed(mantissa)}e{int(power)}"


def signed(value: Real) -> str:
    """A number to stand behind an operator: in brackets if it is negative."""
    return f"({show(value)})" if value < 0 else show(value)


def grid(row: Sequence, width: int) -> list[list]:
    """A row cut into rows of so many."""
    return [list(row[at : at + width]) for at in range(0, len(row), width)]


def in_rows(rows: Iterable[Iterable[Real]]) -> str:
    """A grid as it can be typed."""
    return "; ".join(" ".join(show(cell, group=False) for cell in row) for row in rows)


def block(lines: Iterable[str]) -> str:
    """Lines to stand in a question's words as they are, as code does."""
    return BREAK.join(f"    {line}" for line in lines)


def table(rows: Iterable[Iterable[Real]], form: str = "7.2f") -> str:
    """A grid of numbers, each in that format, to stand in a question's words."""
    return block("  ".join(f"{cell:{form}}" for cell in row) for row in rows)


def bullets(lines: Iterable[str]) -> str:
    """A list to stand in a question's words."""
    return BREAK.join(f"- {line}" for line in lines)


def answer_text(body: Body) -> str:
    """The right answer, as it could be typed; empty for what the learner grades."""
    match body:
        case Numeric():
            return typed(body, body.answer)
        case Choice():
            letters = zip(ascii_lowercase, body.options, strict=False)
            return " ".join(letter for letter, option in letters if option.right)
        case Bits() | Matrix():
            return typed(body, body.answer)
    return ""


def typed(body: Numeric | Bits | Matrix, value: object) -> str:
    """An answer or a slip's value, as it could be typed, with its unit."""
    match body:
        case Bits():
            return " ".join(field_bits(body, value))
        case Matrix():
            return "; ".join(
                " ".join(_exact_enough(cell, body.tolerance, False) for cell in row)
                for row in value
            )
    number = _exact_enough(value, body.tolerance, True)
    return f"{number} {'%' if body.unit == 'percent' else many(body.unit)}".rstrip()


def field_bits(body: Bits, pattern: str) -> list[str]:
    """The pattern cut into the question's fields; in one piece where it has none."""
    pieces, at = [], 0
    for _, width in body.fields or [("", len(pattern))]:
        pieces.append(pattern[at : at + width])
        at += width
    return pieces


def _trimmed(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _exact_enough(value: Real, tolerance: float, group: bool) -> str:
    if tolerance:
        return show(value, max(4, math.ceil(-math.log10(tolerance)) + 1), group)
    if isinstance(value, float):
        return show(value, group=group) if value.is_integer() else repr(value)
    return show(value, group=group) if value.denominator == 1 else str(value)
