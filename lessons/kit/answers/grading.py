"""Grading: what an answer is, once it has been read.

    grade(variant, "127/2.62").outcome     right, imprecise, slip, wrong or unreadable

A question's own slips come before the usual ones with units, those before what shows by itself
(the sign, one off), and all before "wrong", because a mistake with a name can be answered. What
cannot be read is no attempt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from lessons.kit.answers.closeness import close, near_miss, to_its_digits, usual_slip
from lessons.kit.answers.reading import Number, Unreadable, read, unit_of
from lessons.kit.display import field_bits
from lessons.kit.question import Bits, Choice, Essay, Matrix, Numeric, Variant

OUTCOMES = ("right", "imprecise", "slip", "wrong", "unreadable")
"""What an answer can be."""
MORE_DIGITS = "Right to the digits typed, but too few of them: give at least one more."
EXACTLY = "Right to the digits typed, but the exact number is asked for."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an answer."""

    outcome: str
    """One of OUTCOMES. `imprecise` is right but has too few digits; `unreadable` costs nothing."""
    says: str
    """Markdown for the learner; never the answer, unless it is right."""
    slip: str = ""
    """The name of the mistake, where it has one."""
    read_as: str = ""
    """How the answer was read; empty where it could not be."""


def grade(variant: Variant, typed: str) -> Verdict:
    """The verdict on what was typed.

    An essay is graded by the learner, with `grade_essay`: here it is only seen to be there.
    """
    body = variant.body
    try:
        answer = read(body, typed)
    except Unreadable as error:
        return Verdict("unreadable", error.why)
    match body:
        case Numeric():
            outcome, says, slip = _numeric(body, answer.value)
        case Choice():
            outcome, says, slip = _choice(body, answer.value)
        case Bits():
            outcome, says, slip = _bits(body, answer.value[0])
        case Matrix():
            outcome, says, slip = _matrix(body, answer.value)
        case Essay():
            outcome, says, slip = "unreadable", "Hold it against the rubric, line by line.", ""
    return Verdict(outcome, says, slip, answer.read_as)


def grade_essay(body: Essay, met: Collection[int]) -> Verdict:
    """The verdict of who wrote it.

    Args:
        body: The question.
        met: Positions of the rubric's lines that the answer meets.
    """
    missing = [line for at, line in enumerate(body.rubric) if at not in met]
    if not missing:
        return Verdict("right", "It meets every line of the rubric.")
    lines = "".join(f"\n- {line}" for line in missing)
    return Verdict(
        "wrong",
        f"It meets {len(body.rubric) - len(missing)} of {len(body.rubric)} lines. "
        f"Not yet:\n{lines}",
    )


def _numeric(body: Numeric, number: Number) -> tuple[str, str, str]:
    if close(number.value, body.answer, body.tolerance):
        return "right", "Right.", ""
    for slip in body.slips:
        if close(number.value, slip.value, body.tolerance):
            return "slip", slip.says, slip.name
    asked = unit_of(body.unit)
    rounded = to_its_digits(number, body.answer, body.tolerance)
    # 0.13 bits are 0.127, rounded, and also 1.024 times 0.127: only another unit makes that a slip
    plainly = rounded and number.digits > 1 and number.unit in (None, asked)
    if not plainly and (slip := usual_slip(number, body.answer, asked)):
        return "slip", slip.says, slip.name
    if rounded:
        return "imprecise", MORE_DIGITS if body.tolerance else EXACTLY, ""
    for slip in body.slips:
        if to_its_digits(number, slip.value, body.tolerance):
            return "slip", slip.says, slip.name
    if slip := near_miss(number, body.answer, body.tolerance):
        return "slip", slip.says, slip.name
    return "wrong", "Not yet.", ""


def _choice(body: Choice, picks: tuple[int, ...]) -> tuple[str, str, str]:
    right = {at for at, option in enumerate(body.options) if option.right}
    chosen = [body.options[pick] for pick in picks]
    if set(picks) == right:
        return "right", _paragraphs("Right.", *(option.says for option in chosen)), ""
    wrong = [option for option in chosen if not option.right]
    slip = next((option.slip for option in wrong if option.slip), "")
    more = "" if right <= set(picks) or not body.several else "There is more to choose."
    says = _paragraphs("Not yet.", *(option.says for option in wrong), more)
    return ("slip" if slip else "wrong"), says, slip


def _bits(body: Bits, bits: str) -> tuple[str, str, str]:
    if bits == body.answer:
        return "right", "Right.", ""
    for slip in body.slips:
        if bits == slip.value:
            return "slip", slip.says, slip.name
    pairs = zip(body.fields, field_bits(body, bits), field_bits(body, body.answer), strict=False)
    off = [field[0] for field, got, wanted in pairs if got != wanted]
    return "wrong", f"Not yet: look at the {' and the '.join(off)}." if off else "Not yet.", ""


def _matrix(body: Matrix, rows: tuple[tuple[Number, ...], ...]) -> tuple[str, str, str]:
    if all(_cells(rows, body.answer, body.tolerance, to_digits=False)):
        return "right", "Right.", ""
    for slip in body.slips:
        if all(_cells(rows, slip.value, body.tolerance, to_digits=False)):
            return "slip", slip.says, slip.name
    right = list(_cells(rows, body.answer, body.tolerance, to_digits=True))
    if all(right):
        return "imprecise", MORE_DIGITS if body.tolerance else EXACTLY, ""
    row, column = divmod(right.index(False), len(rows[0]))
    off = right.count(False)
    place = f"row {row + 1}, column {column + 1}"
    if off == 1:
        return "wrong", f"Not yet: one cell is off, in {place}.", ""
    return "wrong", f"Not yet: {off} of {len(right)} cells are off, the first in {place}.", ""


def _cells(
    rows: tuple[tuple[Number, ...], ...],
    wanted: Iterable[Iterable[float | int | Fraction]],
    tolerance: float,
    to_digits: bool,
) -> Iterable[bool]:
    """Whether each cell is right, row by row."""
    for typed_row, wanted_row in zip(rows, wanted, strict=True):
        for number, cell in zip(typed_row, wanted_row, strict=True):
            yield close(number.value, cell, tolerance) or (
                to_digits and to_its_digits(number, cell, tolerance)
            )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
