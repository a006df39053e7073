"""Reading an answer: what was typed, as what it stands for, before anyone grades it.

    read(body, "4.5 GiB").read_as          4.5 GiB = 4,831,838,208 bytes
    read_number("12", "percent").read_as   12 % (read in %, since no unit is typed)

What cannot be read raises `Unreadable`, which says why and costs the learner nothing. All of this
is quick enough to be called at every key: nothing typed makes it work for long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from string import ascii_lowercase

from lessons.kit.arithmetic import CONSTANTS, evaluate
from lessons.kit.display import field_bits, show
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric
from lessons.kit.tokens import Token, Unreadable, tokens
from lessons.kit.units import Unit, warm_up

__all__ = [
    "Number",
    "Read",
    "Unreadable",
    "read",
    "read_bits",
    "read_choice",
    "read_matrix",
    "read_number",
    "unit_of",
    "warm_up",
]

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


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as it was read."""

    value: Number | tuple
    """A Number; positions of options; a tuple with one pattern of bits; rows of Numbers; a text."""
    read_as: str
    """The same in words, to be shown beside what was typed."""


def read(body: Body, typed: str) -> Read:
    """What was typed, as an answer to this question.

    Raises:
        Unreadable: It is none; the words say why.
    """
    match body:
        case Numeric():
            number = read_number(typed, body.unit)
            return Read(number, number.read_as)
        case Choice():
            picks = read_choice(typed, len(body.options), body.several)
            return Read(picks, "; ".join(body.options[pick].text for pick in picks))
        case Bits():
            bits = read_bits(typed, len(body.answer))
            return Read((bits,), " ".join(field_bits(body, bits)))
        case Matrix():
            rows = read_matrix(typed, len(body.answer), len(body.answer[0]))
            return Read(rows, "\n".join(" ".join(cell.read_as for cell in row) for row in rows))
        case Essay():
            if not typed.strip():
                raise Unreadable("Nothing is typed yet.")
            return Read((typed.strip(),), "held against the rubric by you")


def read_number(typed: str, unit: str = "") -> Number:
    """A number, with arithmetic and units.

    Args:
        typed: `127/10.8`, `4.5 GiB`, `1,319`, `12%`; a leading `s =` is passed over.
        unit: The unit that is asked for, as pint knows it; empty for a plain number.

    Raises:
        Unreadable: It is no number, or one of another kind of unit.
    """
    if not unit and (match := _PLAIN.fullmatch(typed)):
        return _plain(*match.groups(""))
    words = tokens(_NAMED.sub("", typed[:400], count=1) if len(typed) <= 400 else typed)
    found = evaluate(words)
    asked = unit_of(unit)
    if found.unit and found.unit.dimension != asked.dimension:
        raise Unreadable(_mismatch(found.unit, asked))
    value = found.value / asked.factor if found.unit else found.value
    if abs(value) > _LARGEST or (value and abs(value) < 1 / _LARGEST):
        raise Unreadable("That is too large or too small for any number here.")
    place, digits = None, 0
    if literal := _literal(words):
        per = value / literal.value if literal.value else Fraction(1)
        place = abs(per) * literal.place
        digits = len(str(abs(int(literal.value / literal.place)))) if literal.value else 0
    return Number(value, _said(value, literal, found.unit, asked), place, digits, found.unit)


def read_choice(typed: str, options: int, several: bool) -> tuple[int, ...]:
    """Positions of the options that letters or numbers name: `b`, `a c`, `1,3`.

    Raises:
        Unreadable: Something else is typed, or more than one where one is asked for.
    """
    if len(typed) > 200:
        raise Unreadable(f"That is {len(typed):,} characters; letters of options are asked for.")
    words = re.findall(r"[0-9]+|[^\s,;.()0-9]+", typed.lower())
    letters = ascii_lowercase[:options]
    picks = set()
    for word in words:
        if word.isdecimal() and word.isascii() and len(word) < 4 and 1 <= int(word) <= options:
            picks.add(int(word) - 1)
        elif set(word) <= set(letters):
            picks |= {letters.index(letter) for letter in word}
        elif word != "and":
            raise Unreadable(f"{word!r} is no option: they are a to {letters[-1]}.")
    if not picks:
        raise Unreadable(f"Type a letter, a to {letters[-1]}{', or several' if several else ''}.")
    if len(picks) > 1 and not several:
        raise Unreadable("One option is asked for; several are typed.")
    return tuple(sorted(picks))


def read_bits(typed: str, width: int) -> str:
    """Zeros and ones; spaces, underscores and bars between them are passed over.

    Raises:
        Unreadable: Something else is among them, or they are not `width`.
    """
    if len(typed) > 4 * width + 100:
        raise Unreadable(f"That is {len(typed):,} characters; {width} bits are asked for.")
    bits = re.sub(r"[\s_|.]", "", typed)
    bits = bits[2:] if bits[:2] in ("0b", "0B") else bits
    if not bits:
        raise Unreadable("Nothing is typed yet.")
    if other := next((each for each in bits if each not in "01"), ""):
        raise Unreadable(f"{other!r} is no bit: a pattern is made of 0 and 1.")
    if len(bits) != width:
        raise Unreadable(f"{width} bits are asked for; {len(bits)} are typed.")
    return bits


def read_matrix(typed: str, rows: int, columns: int) -> tuple[tuple[Number, ...], ...]:
    """Rows of numbers: rows end with a new line or `;`, cells with spaces or commas.

    Raises:
        Unreadable: A cell is no number, or the shape is another one.
    """
    if len(typed) > 40 * rows * columns + 200:
        raise Unreadable(f"That is {len(typed):,} characters, too many for {rows} x {columns}.")
    lines = [line.strip(" ,\t\r") for line in re.split(r"[\n;\]]", typed.replace("[", " "))]
    cells = [re.split(r"[\s,]+", line) for line in lines if line]
    if not cells:
        raise Unreadable("Nothing is typed yet.")
    if [len(row) for row in cells] == [rows * columns]:  # typed in one go
        cells = [cells[0][at : at + columns] for at in range(0, rows * columns, columns)]
    shape = [len(row) for row in cells]
    if shape != [columns] * rows:
        typed_as = f"{len(shape)} of {', '.join(map(str, dict.fromkeys(shape)))}"
        raise Unreadable(f"{rows} rows of {columns} numbers are asked for; typed are {typed_as}.")
    return tuple(tuple(_cell(cell, at) for cell in row) for at, row in enumerate(cells, 1))


@cache
def unit_of(name: str) -> Unit:
    """The unit that a question asks for: `GB`, `percent`, `bit/parameter`, or none."""
    if not name:
        return Unit(Fraction(1))
    found = evaluate(tokens(name)).unit
    return Unit(found.factor, found.dimension, found.symbol if name.isalpha() else name)


def _cell(typed: str, row: int) -> Number:
    try:
        return read_number(typed)
    except Unreadable as error:
        raise Unreadable(f"Row {row}: {error.why}") from None


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
    if rest and rest[0].kind == "op" and rest[0].text in "+-":
        rest = rest[1:]
    behind = [word for word in rest[1:] if word.kind != "name" or word.text in CONSTANTS]
    if rest and rest[0].kind == "number" and not behind:
        return rest[0]
    return None


def _said(value: Fraction, literal: Token | None, typed: Unit | None, asked: Unit) -> str:
    digits = 15 if literal else 6
    plain = show(value, digits)
    if not asked.symbol and not typed:
        return plain
    if not typed:
        more = _counted(value * asked.factor, digits) if asked.informs else ""
        said = _join(f"{plain} {_name(asked, value)}", more)
        return f"{said} (read in {_name(asked, Fraction(2))}, since no unit is typed)"
    total = value * asked.factor
    first = f"{show(total / typed.factor, digits)} {_name(typed, total / typed.factor)}"
    bare = show(value, 6) if not asked.symbol else f"{show(value, 6)} {_name(asked, value)}"
    return _join(first if literal else "", _counted(total, digits) if asked.informs else "", bare)


def _counted(bits: Fraction, digits: int) -> str:
    """Bits as bytes, or as bits where they do not fill bytes."""
    if bits % 8 and abs(bits) < 10**6:
        return f"{show(bits, digits)} {'bit' if abs(bits) == 1 else 'bits'}"
    return f"{show(bits / 8, digits)} {'byte' if abs(bits) == 8 else 'bytes'}"


def _name(unit: Unit, value: Fraction) -> str:
    full = {"B": "byte", "byte": "byte", "bit": "bit"}.get(unit.symbol)
    return (full if abs(value) == 1 else f"{full}s") if full else unit.symbol


def _join(*parts: str) -> str:
    return " = ".join(dict.fromkeys(filter(None, parts)))


def _mismatch(typed: Unit, asked: Unit) -> str:
    if not asked.dimension and not asked.symbol:
        more = " For billions write 1e9." if typed.symbol == "B" else ""
        return f"A plain number is asked for; {_name(typed, Fraction(2))} are typed.{more}"
    return f"{asked.symbol} are asked for; {_name(typed, Fraction(2))} is another kind of unit."
