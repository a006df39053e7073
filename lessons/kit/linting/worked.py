"""Whether a worked solution contains the answer, as it is displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from lessons.kit.answers.closeness import close
from lessons.kit.answers.reading import Unreadable, read_number
from lessons.kit.display import field_bits
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric

_NUMBER = re.compile(
    r"(?P<sign>[-−–]\s?)?(?P<number>(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"(?P<more>\s?(?:\^|\*\*)\s?[-−]?[0-9]+|\s?/\s?[0-9][0-9,]*|"
    r"\s?[×·*]\s?10(?:\^|\*\*)[-−]?[0-9]+)?(?:\s?(?P<unit>%|[A-Za-z]+))?"
)
_MARKS = re.compile(r"[*_`\s|]")


def contains_answer(body: Body) -> bool:
    """Whether `worked` has the answer, in any unit and to as many digits as are asked for."""
    match body:
        case Numeric():
            numbers = list(_numbers(body.worked))[::-1]  # it mostly stands at the end
            return any(_is(each, body.answer, body.unit, body.tolerance) for each in numbers)
        case Bits():
            pieces = [re.escape(piece) for piece in field_bits(body, body.answer)]
            bare = _MARKS.sub("", body.worked)
            return body.answer in bare or bool(re.search(r"(?s:.*?)".join(pieces), body.worked))
        case Matrix():
            numbers = list(_numbers(body.worked))
            cells = (cell for row in body.answer for cell in row)
            return all(
                any(_is(each, cell, "", body.tolerance) for each in numbers) for cell in cells
            )
        case Choice():
            right = (option.text for option in body.options if option.right)
            return all(_mentions(body.worked, text) for text in right)
        case Essay():
            return bool(body.sample.strip())


def _numbers(text: str) -> Iterator[re.Match]:
    """All numbers, with what makes them fractions or powers and the word behind them."""
    yield from _NUMBER.finditer(text)
    if "**" in text:  # is that bold, or a power?
        yield from _NUMBER.finditer(text.replace("**", " "))


def _is(match: re.Match, wanted: float | int | Fraction, unit: str, tolerance: float) -> bool:
    number, more, word = match["number"].rstrip(","), match["more"], match["unit"]
    written = [number] if not more else [number + more, number]
    units = [""] if not word or (not unit and word != "%") else [word, ""]
    for text in (f"{each} {behind}" for each in written for behind in units):
        try:
            value = read_number(text, unit).value
        except Unreadable:
            continue
        if close(value, wanted, tolerance) or (match["sign"] and close(-value, wanted, tolerance)):
            return True
    return False


def _mentions(text: str, option: str) -> bool:
    """Whether two neighbouring words of the option, or half of its words, stand in the text too."""
    said, words = _words(text), _words(option)
    if set(pairwise(words)) & set(pairwise(said)):
        return True
    return len(set(words) & set(said)) * 2 >= len(set(words))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w.^-]*\w", text.lower())
