"""Reading an answer: what was typed, as what it stands for, before anyone grades it.

    read(body, "4.5 GiB").read_as          4.5 GiB = 4,831,838,208 bytes
    read_number("12", "percent").read_as   12 % (read in %, since no unit is typed)

What cannot be read raises `Unreadable`, which says why and costs the learner nothing. All of this
is quick enough to be called at every key: nothing typed makes it work for long.

Options are named by their letters, by all of their text, or by digits. Digits are places, but where
every option is called by a number (channel 1, channel 2) they are those numbers, and never places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from lessons.kit.answers.numerals import Number, read_number, unit_of
from lessons.kit.answers.tokens import Unreadable, narrow
from lessons.kit.display import field_bits
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric

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
            picks = read_choice(typed, [option.text for option in body.options], body.several)
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


def read_choice(typed: str, options: Sequence[str], several: bool) -> tuple[int, ...]:
    """Positions of the options that are named: `b`, `a c`, `1,3`, `channels 2 and 5`, `FP16`.

    Args:
        typed: Letters, numbers or texts of options.
        options: Their texts, in the order they are shown.
        several: Whether more than one may be named.

    Raises:
        Unreadable: Something else is typed, or more than one where one is asked for.
    """
    letters = ascii_lowercase[: len(options)]
    if len(typed) > 200 + max(map(len, options)):
        raise Unreadable(f"That is {len(typed):,} characters; letters of options are asked for.")
    numbers = numbers_of(options)
    text = _flat(narrow(typed))
    texts = [_flat(option) for option in options]
    words = [text] if text in texts else re.findall(r"[0-9]+|[^\s,;.()0-9]+", text)
    passed_over = {"and", *_named_by(options)} if numbers else {"and"}
    picks = set()
    for word in words:
        if word in texts:
            picks.add(texts.index(word))
        elif word.isdecimal() and word.isascii():
            picks.add(_at(word, numbers or range(1, len(options) + 1), bool(numbers)))
        elif set(word) <= set(letters):
            picks |= {letters.index(letter) for letter in word}
        elif word not in passed_over:
            raise Unreadable(f"{word!r} is no option: they are a to {letters[-1]}.")
    if not picks:
        raise Unreadable(f"Type a letter, a to {letters[-1]}{', or several' if several else ''}.")
    if len(picks) > 1 and not several:
        raise Unreadable("One option is asked for; several are typed.")
    return tuple(sorted(picks))


def numbers_of(options: Sequence[str]) -> tuple[int, ...]:
    """The numbers that options are called by, all with the same words around; () if they are not.

    `channel 4`, `channel 1` are called 4 and 1; `FP16`, `BF16` by no number.
    """
    found = [re.fullmatch(r"([^0-9]*)([0-9]{1,9})([^0-9]*)", option) for option in options]
    if not all(found) or len({(match[1], match[3]) for match in found}) > 1:
        return ()
    return tuple(int(match[2]) for match in found)


def _named_by(options: Sequence[str]) -> set[str]:
    """The words around the numbers of options: channel, channels."""
    words = re.findall(r"[^\W\d_]{2,}", options[0].lower())
    return {*words, *(f"{word}s" for word in words)}


def _at(word: str, numbers: Sequence[int], called: bool) -> int:
    number = int(word) if len(word) < 10 else 0
    if number not in numbers:
        known = ", ".join(map(str, sorted(numbers)))
        raise Unreadable(f"{word!r} is no option: {'they are called' if called else 'places are'} "
                         f"{known}.")  # fmt: skip
    return numbers.index(number)


def _flat(text: str) -> str:
    return re.sub(r"[\s`*]+", " ", text).strip(" .").lower()


def read_bits(typed: str, width: int) -> str:
    """Zeros and ones, or hexadecimal digits behind 0x; spaces, `_` and `|` are passed over.

    Raises:
        Unreadable: Something else is among them, or they are not `width`.
    """
    if len(typed) > 4 * width + 100:
        raise Unreadable(f"That is {len(typed):,} characters; {width} bits are asked for.")
    text = narrow(typed)
    bits = re.sub(r"[\s_|.]", "", text)
    if bits[:2] in ("0x", "0X"):
        bits = _from_hex(bits[2:], width)
    bits = bits[2:] if bits[:2] in ("0b", "0B") else bits
    if not bits:
        raise Unreadable("Nothing is typed yet.")
    if other := next((each for each in bits if each not in "01"), ""):
        raise Unreadable(f"{other!r} is no bit: a pattern is made of 0 and 1.")
    if len(bits) != width:
        raise Unreadable(f"{width} bits are asked for; {len(bits)} are typed.")
    return bits


def _from_hex(digits: str, width: int) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]+", digits):
        raise Unreadable(f"{digits or 'Nothing'} behind 0x is no hexadecimal number.")
    places = -(-width // 4)
    if len(digits) != places or int(digits, 16) >> width:
        raise Unreadable(f"{width} bits are {places} hexadecimal digits; typed are {digits}.")
    return f"{int(digits, 16):0{width}b}"


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
