"""Numbers as they are typed: with arithmetic, with a unit, and with so many digits.

    read_number("127/10.8").read_as              11.7593
    read_number("4.5 GiB", "byte").read_as       4.5 GiB = 4,831,838,208 bytes
    read_number("9.66B", "billion").read_as      9,660,000,000 = 9.66 billion
    read_number("12", "percent").read_as         12 % (read in %, since no unit is typed)

Numbers and units are put together by `lessons.kit.answers.arithmetic`; here they are held against
the unit that is asked for, and it is said how they were read. What makes no sense strictly is read
as it can only be meant there: `7B` parameters, `72 G` where GB are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from lessons.kit.answers.arithmetic import CONSTANTS, SIZED, evaluate
from lessons.kit.answers.quantity import Quantity
from lessons.kit.answers.tokens import Token, Unreadable, tokens
from lessons.kit.display import show
from lessons.kit.units import COUNTED, Unit, UnknownUnit, many, named

_NAMED = re.compile(r"^\s*(?:[A-Za-zα-ω_][\w']{0,20}\s*)?[=≈~]\s*")
"""`s =` before a number."""
_PLAIN = re.compile(r"\s*([-+]?)([0-9]{1,18})(?:(\.)([0-9]{0,18}))?\s*")
"""A number that needs no grammar."""
_LARGEST = Fraction(10) ** 300


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was typed."""

    value: Fraction
    """In the unit that is asked for."""
    read_as: str
    place: Fraction | None = None
    """What one more in its last digit would add, in that unit; None for arithmetic."""
    digits: int = 0
    """How many significant digits it has; 0 for arithmetic."""
    unit: Unit | None = None
    """The unit that was typed; None where there was none."""


def read_number(typed: str, unit: str = "") -> Number:
    """A number, with arithmetic and units.

    Args:
        typed: `127/10.8`, `4.5 GiB`, `1,319`, `12%`; a leading `s =` is passed over.
        unit: The unit that is asked for, as `lessons.kit.units` knows it; empty for a plain number.

    Raises:
        Unreadable: It is no number, or one of another kind of unit.
    """
    if not unit and (match := _PLAIN.fullmatch(typed)):
        return _plain(*match.groups(""))
    words = tokens(_NAMED.sub("", typed[:400], count=1) if len(typed) <= 400 else typed)
    asked = unit_of(unit)
    found = _meant(words, asked)
    value = found.value / asked.factor if found.unit else found.value
    if abs(value) > _LARGEST or (value and abs(value) < 1 / _LARGEST):
        raise Unreadable("That is too large or too small for any number here.")
    place, digits = None, 0
    if literal := _literal(words):
        per = value / literal.value if literal.value else Fraction(1)
        place = abs(per) * literal.place
        digits = len(str(abs(int(literal.value / literal.place)))) if literal.value else 0
    return Number(value, _said(value, literal, found.unit, asked), place, digits, found.unit)


def _meant(words: Sequence[Token], asked: Unit) -> Quantity:
    """The quantity, read strictly or, where that cannot be meant, as it can be meant here.

    It has no unit where it is to be read in the unit that is asked for.
    """
    try:
        found = _fitting(evaluate(words), asked)
    except Unreadable as strictly:
        try:
            found = _fitting(evaluate(words, asked), asked)
        except Unreadable:
            raise strictly from None
    if not found.bare:
        return found
    # where billions are asked for, 9.66e9 is a total as much as 9.66 billion is
    total = asked.sizes and (found.unit or abs(found.value) * 1000 >= asked.factor)
    return Quantity(found.value, SIZED if total else None)


def _fitting(found: Quantity, asked: Unit) -> Quantity:
    counted = asked.factor != 1 and not asked.sizes and found.unit and found.unit.symbol in COUNTED
    if found.bare or (found.dimension == asked.dimension and not counted):
        return found
    raise Unreadable(_mismatch(found.unit, asked))


@cache
def unit_of(name: str) -> Unit:
    """The unit that a question asks for: `GB`, `percent`, `bit/parameter`, or none."""
    if not name:
        return Unit(Fraction(1))
    with suppress(UnknownUnit):
        return named(name)
    found = evaluate(tokens(name)).unit
    if not found:
        raise Unreadable(f"{name} is no unit.")
    return Unit(found.factor, found.dimension, name)


def _plain(sign: str, whole: str, point: str, part: str) -> Number:
    """What `read_number` makes of such a number, in a tenth of the time: the linter reads many."""
    digits = int(whole + part)
    value = Fraction(-digits if sign == "-" else digits, 10 ** len(part))
    text = str(digits or "")
    trailing = 0 if point else len(text) - len(text.rstrip("0"))
    place = Fraction(10**trailing, 10 ** len(part))
    return Number(value, show(value, 15), place, len(text) - trailing)


def _literal(words: Sequence[Token]) -> Token | None:
    """The only number in it, where it is that with at most a sign and units around it."""
    rest = list(words)
    while rest and rest[0].text in ("+", "-", "$"):
        rest = rest[1:]
    behind = [
        word
        for word in rest[1:]
        if word.text != "/" and (word.kind != "name" or word.text in CONSTANTS)
    ]
    if rest and rest[0].kind == "number" and not behind:
        return rest[0]
    return None


def _said(value: Fraction, literal: Token | None, typed: Unit | None, asked: Unit) -> str:
    digits = 15 if literal else 6
    plain = show(value, digits)
    if not asked.symbol and (not typed or typed.counts):
        return plain
    name = _name(asked, value)
    if asked.counts and (not typed or typed.symbol in ("", *asked.symbol.split())):
        return f"{plain} {name}"
    if not typed:
        more = _counted(value * asked.factor, digits) if asked.informs else ""
        said = _join(f"{plain} {name}", more)
        return f"{said} (read in {_name(asked, Fraction(2))}, since no unit is typed)"
    if "/" in asked.symbol and (typed.factor, typed.dimension) == (asked.factor, asked.dimension):
        return f"{plain} {name}"
    total = value * asked.factor
    first = f"{show(total / typed.factor, digits)} {_name(typed, total / typed.factor)}".rstrip()
    bare = show(value, 6) if not asked.symbol else f"{show(value, 6)} {name}"
    return _join(first if literal else "", _counted(total, digits) if asked.informs else "", bare)


def _counted(bits: Fraction, digits: int) -> str:
    """Bits as bytes, or as bits where they do not fill bytes."""
    if bits % 8 and abs(bits) < 10**6:
        return f"{show(bits, digits)} {'bit' if abs(bits) == 1 else 'bits'}"
    return f"{show(bits / 8, digits)} {'byte' if abs(bits) == 8 else 'bytes'}"


def _name(unit: Unit, value: Fraction) -> str:
    full = {"B": "byte"}.get(unit.symbol, unit.symbol)
    return full if abs(value) == 1 else many(full)


def _join(*parts: str) -> str:
    return " = ".join(dict.fromkeys(filter(None, parts)))


def _mismatch(typed: Unit, asked: Unit) -> str:
    if not asked.dimension and not asked.symbol:
        return f"A plain number is asked for; {_name(typed, Fraction(2))} are typed."
    wanted = _name(asked, Fraction(2))
    return f"{wanted} are asked for; {_name(typed, Fraction(2))} is another kind of unit."
