"""What a question's words ask for, held against what is read: its unit, and whether it is exact.

    unit_asked("How many GB are its weights?")              GB
    unit_asked("What share of it is that, in percent?")     percent
    unit_asked("How many times as large is the error?")     nothing: a plain number

Who types the unit that the words name must be read in it: `9.66 billion`, `$0.06`, `3 votes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.kit.answers.reading import unit_of
from lessons.kit.question import Numeric
from lessons.kit.units import UnknownUnit, named

_SENTENCE = re.compile(r"(?<=[.?!:])\s+")
_HOW_MANY = re.compile(r"\bhow many((?: [^\s,;:?]+){1,4})", re.IGNORECASE)
_IN = re.compile(r"\bin ([^\W\d_]{2,})(?=[,?])")
_PERCENTAGE = re.compile(r"\b(?:what|which) percentage\b", re.IGNORECASE)


def unit_asked(ask: str) -> str:
    """The unit that the words of a question name; empty for none."""
    for sentence in _questions(ask):
        if _PERCENTAGE.search(sentence):
            return "percent"
        for words in _HOW_MANY.findall(sentence):
            if words.split()[0] == "times":
                return ""
            if found := next(filter(_is_unit, words.split()), ""):
                return found
        if found := next(filter(_is_unit, _IN.findall(sentence)), ""):
            return found
    return ""


def counts_asked(ask: str) -> bool:
    """Whether the words ask how many there are of something."""
    found = [words for each in _questions(ask) for words in _HOW_MANY.findall(each)]
    return any(words.split()[0] != "times" for words in found)


def unit_missed(ask: str, unit: str) -> str:
    """What is wrong with a unit, given the words it is asked for with; empty where nothing is."""
    found = unit_asked(ask)
    of_what = unit_of(unit.partition("/")[0]).symbol.split(" ")[-1]  # standard error
    if not found or of_what == unit_of(found).symbol:
        return ""
    return f"Its words ask for {found}; its unit is {unit or 'none'}."


def faults_asked(body: Numeric) -> Iterator[str]:
    """What is wrong with a number's unit and tolerance, given its words."""
    if says := unit_missed(body.ask, body.unit):
        yield says
    whole = not isinstance(body.answer, float) and body.answer == int(body.answer)
    if body.tolerance and whole and counts_asked(body.ask) and unit_of(body.unit).counts:
        yield f"How many there are is {body.answer:,}, and no number beside it: tolerance=0."


def _questions(ask: str) -> list[str]:
    sentences = _SENTENCE.split(" ".join(re.sub(r"[*_`]", "", ask).split()))
    return [sentence for sentence in sentences if sentence.endswith("?")]


def _is_unit(word: str) -> bool:
    try:
        return len(word) > 1 and bool(named(word).symbol or named(word).sizes)
    except UnknownUnit:
        return False
