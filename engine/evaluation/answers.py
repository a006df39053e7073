"""From what a model wrote to the number it gives, and whether that number is right.

Rules are tried in this order, and each answer says which of them found it:

    answer tag     the number within `<answer>...</answer>`, by the rules below: the last tag that
                   holds one
    ####           the number right after `#### `, as GSM8K writes it: the first one. A numbered
                   markdown heading (`#### 1. Count the eggs`) only where there is no other
    answer is      the number right after "answer is", "answer:" and the like, or a line's `A:`:
                   the last one
    boxed          the first number within LaTeX's `\\boxed{...}`: the last box
    last number    the last number of the text
    none           there is no number

What stands within `<think>...</think>` or the like is no answer; where nothing else was written,
there is none. A label that opens a reasoning does not conclude it and is passed over, such as
`Answer: 3 eggs are eaten.` with other numbers after it.

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
from engine.evaluation.numbers import NUMBER, plain, plain_with_places, read

Stage = Literal["answer tag", "####", "answer is", "boxed", "last number", "none"]
STAGES: tuple[Stage, ...] = ("answer tag", "####", "answer is", "boxed", "last number", "none")
"""The rules, in the order in which they are tried."""

_AROUND = r"(?: [^\S\n] | [*_`~≈:=(\[{] | \\\(|\\\[ | \$(?=\$|\\) | \\boxed\{ )*"
"""What may stand between a marker and its number."""
_THINKS = "think|thinking|thoughts?|reasoning|reflection|scratchpad"
"""The tags in which models think."""
_MARKER = re.compile(rf"\#\#\#\# (?!\#) {_AROUND}", re.VERBOSE)
_HEADING = re.compile(r"[.)] [^\S\n]+ [*_]* [A-Za-z]", re.VERBOSE)
_SAYS = re.compile(
    rf"""
    (?: \b (?: answers? | ans ) \b (?! \s questions? ) [^\n.?!]{{0,60}}?
        (?: \b (?: is|are|was|be|equals ) \b | (?P<colon> : ) | = )
      | ^ [^\S\n]* A [^\S\n]* (?P<letter> : )
    ) {_AROUND} (?: (?: about|approximately|exactly|therefore|simply ) \b {_AROUND} )?
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_REASONS = re.compile(r"(?P<sentence>[^\n.?!;]*(?:\.\d[^\n.?!;]*)*)(?P<rest>.*)", re.DOTALL)
_THINKING = re.compile(
    rf"<(?P<kind>{_THINKS})\s*>.*?(?:</(?P=kind)\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_THOUGHT = re.compile(rf"\A.*</(?:{_THINKS})\s*>", re.DOTALL | re.IGNORECASE)
"""The end of thinking that the prompt began, as some models' templates do."""
_TAG = re.compile(r"<answer>(.*?)(?:</answer>|<answer>|\Z)", re.DOTALL | re.IGNORECASE)
_BOX = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}?")
_NEXT_QUESTION = re.compile(r"\n\s*(?:Q|Question|Problem|User)\s*\d*\s*:|<\|im_start\|>")
FEW_WORDS = 2
"""After a label's number that many may name what was counted: `Answer: 18 eggs`."""
_DRESS = " $*_`([{"
"""What may stand around the right side of an equation."""
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
    found = _find(plain(text))
    return Extracted(found.value, found.stage)


def locate(text: str) -> tuple[int, int] | None:
    """Where in `text` its answer stands, from the rule's marker on; None where there is none.

    `text[start:end]` is such as `#### 18`, `answer is $18` or `\\boxed{18}`.
    """
    bare, places = plain_with_places(text)
    found = _find(bare)
    if found.value is None:
        return None
    return places[found.start], places[found.end]


def without_thinking(text: str) -> str:
    """What was said once the thinking is left out; empty where nothing else was written."""
    return _THOUGHT.sub("", _THINKING.sub("", text)).strip() if "<" in text else text


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A value, the rule that found it, and where."""

    value: str | None
    stage: Stage = "none"
    start: int = 0
    end: int = 0


def _find(text: str) -> _Found:
    if "<" in text:  # blotted out, so that all else stays where it is
        for thinking in (_THINKING, _THOUGHT):
            text = thinking.sub(lambda found: "\n" * len(found[0]), text)
    text = _own_part(text)
    for tag in reversed(list(_TAG.finditer(text))):
        found = _untagged(tag[1])
        if found.value is not None:
            return _Found(found.value, "answer tag", tag.start(), tag.start(1) + found.end)
    return _untagged(text)


def _untagged(text: str) -> _Found:
    if marked := _after_marker(text):
        return marked
    said = (_concluded(text, m) for m in _SAYS.finditer(text))
    boxed = (_in_box(m) for m in _BOX.finditer(text))
    numbers = (_Found(read(m), "last number", m.start(), m.end()) for m in NUMBER.finditer(text))
    for stage in (said, boxed, numbers):
        if valid := [found for found in stage if found is not None and found.value is not None]:
            return valid[-1]
    return _Found(None)


def _own_part(text: str) -> str:
    """The text up to where the model asks itself the next question, once it has said a number."""
    for found in _NEXT_QUESTION.finditer(text):
        if NUMBER.search(text, 0, found.start()):
            return text[: found.start()]
    return text


def _after_marker(text: str) -> _Found | None:
    headings = []
    for marker in _MARKER.finditer(text):
        found = _right_after(text, marker, "####", marker.end())
        if found is None or found.value is None:
            continue
        number = NUMBER.match(text, marker.end())
        if number and _HEADING.match(text, number.end()):
            headings.append(found)
        else:
            return found
    return headings[0] if headings else None


def _right_after(text: str, marker: re.Match[str], stage: Stage, at: int) -> _Found | None:
    """The number that begins at `at`, or what an equation that begins there comes to."""
    found = NUMBER.match(text, at)
    if found is None:
        return None
    equation = _EQUATION.match(text, found.end())
    if equation:
        bare = equation["right"].strip(_DRESS)
        right = NUMBER.match(bare)
        rest = bare[right.end() :] if right else "?"
        if right and not re.search(r"[\d+*/×÷-]", rest):
            end = text.index(bare, equation.start("right")) + right.end()
            return _Found(read(right), stage, marker.start(), end)
    return _Found(read(found), stage, marker.start(), found.end())


def _concluded(text: str, label: re.Match[str]) -> _Found | None:
    """The number right after a label, unless the label opens a reasoning."""
    found = _right_after(text, label, "answer is", label.end())
    if found is None or not (label["colon"] or label["letter"]):
        return found
    after = _REASONS.match(text, found.end)
    words, rest = after["sentence"].split(), after["rest"]
    goes_on = len(words) > FEW_WORDS and NUMBER.search(rest)
    return None if goes_on or NUMBER.search(after["sentence"]) else found


def _in_box(box: re.Match[str]) -> _Found | None:
    """The first number of a box's content, or what the equation in it comes to."""
    found = NUMBER.search(box[1])
    if found is None:
        return None
    value = _right_after(box[1], found, "boxed", found.start())
    return value and _Found(value.value, "boxed", box.start(), box.end())
