"""From what a model wrote to the number it gives, and whether that number is right.

Rules are tried in this order, and each answer says which of them found it:

    answer tag     the number within `<answer>...</answer>`, by the rules below: the last tag that
                   holds one
    ####           the number right after `#### `, as GSM8K writes it: the first one. A numbered
                   markdown heading (`#### 1. Count the eggs`, `#### 2nd: sell them`) only where
                   there is no other
    answer is      the number right after "answer is", "answer:" and the like, or a line's `A:`:
                   the last one
    boxed          the first number within LaTeX's `\\boxed{...}`: the last box
    last number    the last number of the text
    none           there is no number

"Right after" passes over `$`, `*`, brackets and the like, never over words. Where an equation
stands there (`3 * 6 = 18`) and what follows its last `=` is one number, that number counts; so
`18 (that is 3*6)` is 18. The first rule that finds a numeral decides: where that means no one
number (`1:30`, `3 * 6`), the text gives none, and nothing else in it is taken instead.

What a model thinks before it answers is left out (`engine.evaluation.thinking`), and one that goes
on to ask itself the next question is cut off there. `Answer:` may be a heading as well, under
which the reasoning begins (`Answer: 3 eggs are eaten. So 13 are left.`): it says no result where
its sentence goes on and more numbers follow.

Numbers compare as decimals: `1,000`, `1000.00`, `$1000` and `1000.` are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.data.numbers import NUMBER, numerals, plain, plain_with_places, read
from engine.evaluation import harness
from engine.evaluation.thinking import blanked

Stage = Literal["answer tag", "####", "answer is", "boxed", "last number", "none"]
STAGES: tuple[Stage, ...] = ("answer tag", "####", "answer is", "boxed", "last number", "none")
"""The rules, in the order in which they are tried."""

_AROUND = r"(?: [^\S\n] | [*_`~≈:=(\[{] | \\\(|\\\[ | \$(?=\$|\\) | \\boxed\{ )*"
"""What may stand between a marker and its number."""
_MARKER = re.compile(rf"\#\#\#\# (?!\#) {_AROUND}", re.VERBOSE)
_HEADING = re.compile(r"[.)] [^\S\n]+ [*_]* [A-Za-z]", re.VERBOSE)
_SAYS = re.compile(
    rf"""
    (?: \b (?: ans | answer (?! \s questions? ) | answers (?! \s+ \$?\d ) ) \b
        (?: [^\n.?!]{{0,60}}? (?: \b (?: is|are|was|be|equals ) \b | (?P<colon> : ) )
          | [^\n.?!\d]{{0,60}}? (?P<equals> = )
        )
      | ^ [^\S\n]* A [^\S\n]* (?P<a> : )
    ) {_AROUND} (?: (?: about|approximately|exactly|therefore|simply ) \b {_AROUND} )?
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_TAG = re.compile(r"<answer>(.*?)(?:</answer>|<answer>|\Z)", re.DOTALL | re.IGNORECASE)
_BOX = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}?")
_NEXT_QUESTION = re.compile(r"\n[^\S\n]*(?:Q|Question|Problem|User)\s*\d*\s*:|<\|im_start\|>")
_DRESS = " $*_`([{"
"""What may stand around the right side of an equation."""
FAR = 1000
"""How many characters an equation or a sentence is followed for."""
_EQUATION = re.compile(r"[^\n=.;]*(?:=[^\n=;]*)*=\s*(?P<right>[^\n=;]*)")
_EXPRESSION = re.compile(r"%?[^\S\n]?[-+*/×÷·xX−–][^\S\n]?\$?\d")
"""What follows a number that is only the first of several: `3 * 6`, `10-20`."""
_SENTENCE = re.compile(r"[^\n.;!?]*(?:\.\d[^\n.;!?]*)*")
_BRACKETS = re.compile(r"\([^()\n]*\)")
_GOES_ON = re.compile(
    r"""
    (?: [^\W\d]+ \W+ ){3} [^\W\d]
    | \b (?: is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|gets?|got
         | because|since|so|then|if|when ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""In what follows a number, the sign that it is told of and not only named with its unit."""
_FINAL = re.compile(r"final[ *_]*\Z", re.IGNORECASE)
_SUM = re.compile(r"=|\d")
_REASONS = re.compile(
    r"[\s.;!?*_#>-]*(?:expla|reason|because|check|verif|proof|note|step|solution|working|justif|here)",
    re.IGNORECASE,
)


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
    found = _find(plain(blanked(text)))
    return Extracted(found.value, found.stage if found.value is not None else "none")


def locate(text: str) -> tuple[int, int] | None:
    """Where in `text` its answer stands, from the rule's marker on; None where there is none.

    `text[start:end]` is such as `#### 18`, `answer is $18` or `\\boxed{18}`.
    """
    bare, places = plain_with_places(blanked(text))
    found = _find(bare)
    if found.value is None:
        return None
    return places[found.start], places[found.end]


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
    text = _own_part(text)
    for tag in reversed(list(_TAG.finditer(text))):
        if found := _untagged(tag[1]) or _place(tag[1]):
            return _Found(found.value, "answer tag", tag.start(), tag.start(1) + found.end)
    return _untagged(text) or _Found(None)


def _untagged(text: str) -> _Found | None:
    """By the first rule that finds a numeral; None where none does."""
    return _after_marker(text) or _said(text) or _boxed(text) or _last(text)


def _place(text: str) -> _Found | None:
    """A place in a row, where nothing else is given."""
    number = NUMBER.search(text)
    return number and _Found(read(number), "last number", number.start(), number.end())


def _own_part(text: str) -> str:
    """The text up to where the model asks itself the next question, once it has said a number."""
    for found in _NEXT_QUESTION.finditer(text):
        if next(numerals(text, 0, found.start()), None):
            return text[: found.start()]
    return text


def _after_marker(text: str) -> _Found | None:
    headings = []
    for marker in _MARKER.finditer(text):
        found = _right_after(text, marker, "####", marker.end())
        if found is None:
            continue
        number = NUMBER.match(text, marker.end())
        if number and (number["place"] or _HEADING.match(text, number.end())):
            headings.append(found)
        else:
            return found
    return headings[0] if headings else None


def _said(text: str) -> _Found | None:
    for words in reversed(list(_SAYS.finditer(text))):
        found = _right_after(text, words, "answer is", words.end())
        if found and not _opens(text, words, found):
            return found
    return None


def _opens(text: str, words: re.Match[str], found: _Found) -> bool:
    """Whether a label, such as `Answer:`, stands over reasoning and not before a result."""
    label = words["a"] or words["colon"] or words["equals"]
    if not label or _FINAL.search(text, max(words.start() - 9, 0), words.start()):
        return False
    begin = NUMBER.match(text, words.end()).end()
    sentence = _SENTENCE.match(text, begin, begin + FAR)
    rest = _BRACKETS.sub("", sentence[0])
    more = next(numerals(text, found.end if _GOES_ON.search(rest) else sentence.end()), None)
    if more is None or not (_GOES_ON.search(rest) or _SUM.search(rest)):
        return False
    return not _REASONS.match(text, sentence.end())


def _boxed(text: str) -> _Found | None:
    for box in reversed(list(_BOX.finditer(text))):
        if found := _in_box(box):
            return found
    return None


def _last(text: str) -> _Found | None:
    number = None
    for number in numerals(text):  # noqa: B007  only the last one counts
        pass
    return number and _Found(read(number), "last number", number.start(), number.end())


def _right_after(text: str, marker: re.Match[str], stage: Stage, at: int) -> _Found | None:
    """The number that begins at `at`, or what an equation that begins there comes to."""
    found = NUMBER.match(text, at)
    if found is None:
        return None
    equation = _EQUATION.match(text, found.end(), found.end() + FAR)
    if equation and equation.end() < found.end() + FAR:
        bare = equation["right"].strip(_DRESS)
        right = NUMBER.match(bare)
        rest = bare[right.end() :] if right else "?"
        if right and not re.search(r"[\d+*/×÷-]", rest):
            end = text.index(bare, equation.start("right")) + right.end()
            return _Found(read(right), stage, marker.start(), end)
    value = None if _EXPRESSION.match(text, found.end()) else read(found)
    return _Found(value, stage, marker.start(), found.end())


def _in_box(box: re.Match[str]) -> _Found | None:
    """The first number of a box's content, or what the equation in it comes to."""
    found = next(numerals(box[1]), None) or NUMBER.search(box[1])
    if found is None:
        return None
    value = _right_after(box[1], found, "boxed", found.start())
    return value and _Found(value.value, "boxed", box.start(), box.end())
