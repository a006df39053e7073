"""From what a model wrote to the number it gives, and whether that number is right.

Rules are tried in this order, and each answer says which of them found it:

    ####           the number right after `#### `, as GSM8K writes it: the first one. A numbered
                   markdown heading (`#### 1. Count the eggs`) only where there is no other
    answer is      the number right after "answer is", "answer:" and the like, or a line's `A:`:
                   the last one
    boxed          the first number within LaTeX's `\\boxed{...}`: the last box
    last number    the last number of the text
    none           there is no number

"Right after" passes over `$`, `*`, brackets and the like, never over words. Where an equation
stands there (`3 * 6 = 18`) and what follows its last `=` is one number, that number counts; so
`18 (that is 3*6)` is 18. A model that goes on to ask itself the next question is cut off there.

Numbers compare as decimals: `1,000`, `1000.00`, `$1000` and `1000.` are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.evaluation import harness
from engine.evaluation.numbers import NUMBER, plain, read

Stage = Literal["####", "answer is", "boxed", "last number", "none"]
STAGES: tuple[Stage, ...] = ("####", "answer is", "boxed", "last number", "none")
"""The rules, in the order in which they are tried."""

_AROUND = r"(?: [^\S\n] | [*_`~≈:=(\[{] | \\\(|\\\[ | \$(?=\$|\\) | \\boxed\{ )*"
"""What may stand between a marker and its number."""
_MARKER = re.compile(rf"\#\#\#\# (?!\#) {_AROUND}", re.VERBOSE)
_HEADING = re.compile(r"[.)] [^\S\n]+ [*_]* [A-Za-z]", re.VERBOSE)
_SAYS = re.compile(
    rf"""
    (?: \b answers? \b [^\n.?!]{{0,60}}? (?: \b (?: is|are|was|be|equals ) \b | : | = )
      | ^ [^\S\n]* A [^\S\n]* :
    ) {_AROUND} (?: (?: about|approximately|exactly|therefore|simply ) \b {_AROUND} )?
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_BOX = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}?")
_NEXT_QUESTION = re.compile(r"\n\s*(?:Q|Question|Problem|User)\s*\d*\s*:|<\|im_start\|>")
_EQUATION = re.compile(r"[^\n=.;]*(?:=[^\n=;]*)*=\s*(?P<right>[^\n=;]*)")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The number that a text gives."""

    value: str | None
    """A canonical decimal such as `1000` or `-3.5`; None where there is no number."""
    stage: Stage
    """The rule that found it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer beside the gold one."""

    extracted: str | None
    """The canonical decimal that the text gives; None where there is none."""
    stage: Stage
    """The rule that found it."""
    correct: bool
    """Whether it equals the gold answer."""
    strict: bool
    """What lm-evaluation-harness's strict score says."""
    flexible: bool
    """What lm-evaluation-harness's flexible score says."""


def extract(text: str) -> Extracted:
    """The number that `text` gives as its answer."""
    text = _own_part(plain(text))
    if value := _after_marker(text):
        return Extracted(value, "####")
    for stage, values in (
        ("answer is", [_right_after(text, found.end()) for found in _SAYS.finditer(text)]),
        ("boxed", [_first(found.group(1)) for found in _BOX.finditer(text)]),
        ("last number", [read(found) for found in NUMBER.finditer(text)]),
    ):
        if valid := [value for value in values if value is not None]:
            return Extracted(valid[-1], stage)
    return Extracted(None, "none")


def same(a: str, b: str) -> bool:
    """Whether two answers are the same number; False where either holds none.

    Each may be written in any way that `extract` reads, such as `$1,000.00` or a whole gold
    answer with its `#### ` line.
    """
    left, right = extract(a).value, extract(b).value
    return left is not None and right is not None and Decimal(left) == Decimal(right)


def judge(text: str, gold: str) -> Judged:
    """Judge what a model wrote against the gold answer, by our rules and by the harness's."""
    found = extract(text)
    return Judged(
        extracted=found.value,
        stage=found.stage,
        correct=found.value is not None and same(found.value, gold),
        strict=harness.strict(text, gold),
        flexible=harness.flexible(text, gold),
    )


def _own_part(text: str) -> str:
    """The text up to where the model asks itself the next question, once it has said a number."""
    for found in _NEXT_QUESTION.finditer(text):
        if NUMBER.search(text, 0, found.start()):
            return text[: found.start()]
    return text


def _after_marker(text: str) -> str | None:
    headings = []
    for marker in _MARKER.finditer(text):
        if (value := _right_after(text, marker.end())) is None:
            continue
        number = NUMBER.match(text, marker.end())
        if number and _HEADING.match(text, number.end()):
            headings.append(value)
        else:
            return value
    return headings[0] if headings else None


def _right_after(text: str, start: int) -> str | None:
    """The number that begins at `start`, or what an equation that begins there comes to."""
    found = NUMBER.match(text, start)
    if found is None:
        return None
    equation = _EQUATION.match(text, found.end())
    if equation:
        right = NUMBER.match(equation["right"].strip(" $*_`([{"))
        rest = equation["right"].strip(" $*_`([{")[right.end() :] if right else "?"
        if right and not re.search(r"[\d+*/×÷-]", rest):
            return read(right)
    return read(found)


def _first(text: str) -> str | None:
    """The first number of a box's content, or what the equation in it comes to."""
    found = NUMBER.search(text)
    return _right_after(text, found.start()) if found else None
