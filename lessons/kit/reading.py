"""Reading an answer: what was typed, as what it stands for, before anyone grades it.

    read(body, "4.5 GiB").read_as          4.5 GiB = 4,831,838,208 bytes
    read_number("12", "percent").read_as   12 % (read in %, since no unit is typed)

What cannot be read raises `Unreadable`, which says why and costs the learner nothing. All of this
is quick enough to be called at every key: nothing typed makes it work for long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_lowercase

from lessons.kit.display import field_bits
from lessons.kit.numerals import Number, read_number, unit_of
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric
from lessons.kit.tokens import Unreadable
from lessons.kit.units import warm_up

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


def _cell(typed: str, row: int) -> Number:
    try:
        return read_number(typed)
    except Unreadable as error:
        raise Unreadable(f"Row {row}: {error.why}") from None
