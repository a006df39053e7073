"""A question, a verdict and a worked solution, in plain text and as JSON holds them."""

from __future__ import annotations

import time
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from lessons.kit.answers.reading import unit_of
from lessons.kit.question import Bits, Choice, Essay, Matrix, Numeric
from lessons.kit.units import many
from tutor.learner import days as local_days
from tutor.learner import points
from tutor.report import markdown
from tutor.report.paragraphs import prose_width

if TYPE_CHECKING:
    from lessons.kit.answers.grading import Verdict
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.question import Body, Option, Variant
    from tutor.learner.answers import Answered
    from tutor.learner.sittings import Sitting

KINDS = {Numeric: "number", Choice: "choice", Bits: "bits", Matrix: "matrix", Essay: "text"}
MARKS = {"right": "✓ Right", "imprecise": "≈ Almost", "unreadable": "? Not read"}
"""What stands before what is said; anything else is not right yet."""
SMALL = 9
"""Cells of a grid whose example has room on a line."""


def as_dict(lesson: Lesson, step: Step, variant: Variant, sitting: Sitting) -> dict[str, Any]:
    """A question before it is answered; nothing in it gives the answer away."""
    body = variant.body
    shown: dict[str, Any] = {
        "question": variant.question_id,
        "seed": variant.seed,
        "step": step.id,
        "lesson": lesson.id,
        "purpose": sitting.purpose,
        "kind": KINDS[type(body)],
        "points": step.points,
        "ask": body.ask,
        "hints": list(body.hints[: sitting.hints]),
        "hints_left": len(body.hints) - sitting.hints,
        "misses": sitting.misses,
        "misses_left": sitting.misses_left,
        "worth": sitting.worth(step.points),
    }
    match body:
        case Numeric():
            shown["unit"] = body.unit
        case Choice():
            shown["several"] = body.several
            shown["options"] = {letter: option.text for letter, option in _lettered(body)}
        case Bits():
            shown["fields"] = [list(field) for field in body.fields]
            shown["bits"] = len(body.answer)
        case Matrix():
            shown["shape"] = [len(body.answer), len(body.answer[0])]
        case Essay():
            shown["rubric_lines"] = len(body.rubric)
    return shown


def text(step: Step, variant: Variant, sitting: Sitting) -> str:
    """A question as it is asked."""
    body = variant.body
    paid = []
    if sitting.misses:
        paid.append(f"{sitting.misses} of 3 misses")
    if sitting.hints:
        paid.append(f"{sitting.hints} of {len(body.hints)} hints")
    if sitting.worth(step.points) < step.points:
        after = " after help" if sitting.after_help else ""
        paid.append(f"worth {counted(sitting.worth(step.points))} now{after}")
    head = [f"Question {variant}", counted(step.points), *paid]
    parts = [" · ".join(head), markdown.text(body.ask)]
    if isinstance(body, Choice):
        parts.append("\n".join(_option(letter, each) for letter, each in _lettered(body)))
    parts += [hint_text(body, at) for at in range(sitting.hints)]
    parts.append(how_to_answer(body))
    parts.append(f"Help counts for all variants of a question, for {points.LASTS}.")
    return "\n\n".join(parts)


def hint_text(body: Body, at: int) -> str:
    """One rung of the ladder, from 0."""
    return markdown.text(f"Hint {at + 1} of {len(body.hints)}: {body.hints[at]}")


def how_to_answer(body: Body) -> str:
    """What may be typed."""
    match body:
        case Numeric(unit="", tolerance=0):
            return "Answer with the exact number; arithmetic such as 2**3 - 1 is read too."
        case Numeric(unit=""):
            return "Answer with a number; arithmetic such as 127/10.8 is read too."
        case Numeric() if unit_of(body.unit).counts:
            return f"Answer with a number of {many(body.unit)}; arithmetic is read too."
        case Numeric():
            return f"Answer with a number, in {many(body.unit)} unless you type another unit."
        case Choice(several=True):
            return "Answer with the letters of all that are right, such as: a c"
        case Choice():
            return "Answer with one letter."
        case Bits():
            fields = ", ".join(
                f"{name} ({width} bit{'s' if width > 1 else ''})" for name, width in body.fields
            )
            return f"Answer with {len(body.answer)} bits{f': {fields}' if fields else ''}."
        case Matrix():
            rows, columns = len(body.answer), len(body.answer[0])
            example = "; ".join(
                " ".join(str(row * columns + at) for at in range(1, columns + 1))
                for row in range(rows)
            )
            such = f", such as: {example}" if rows * columns <= SMALL else "."
            return f"Answer with {rows} rows of {columns} numbers; a semicolon ends a row{such}"
    return "Answer with a few sentences, in one line; you judge them against a rubric."


def verdict_text(verdict: Verdict) -> str:
    """What became of an answer."""
    mark = MARKS.get(verdict.outcome, "✗ Not yet")
    read_as = f"  (read as {verdict.read_as})" if verdict.read_as else ""
    says = verdict.says.strip()
    word = mark.split(" ", 1)[1]
    for opening in (f"{word}.", f"{word}:", word):  # not to say it twice
        if says.startswith(opening):
            says = says.removeprefix(opening).strip()
            break
    return f"{mark}.{read_as}" + (f"\n{markdown.text(says)}" if says else "")


def answered_text(step: Step, answered: Answered) -> str:
    """What an answer brought, and when the question comes back."""
    parts = []
    if answered.attempt.outcome in ("right", "judged"):
        got = counted(answered.attempt.points)
        parts.append(f"{got} of {step.points:g}.")
        if answered.best > answered.attempt.points:
            parts.append(f"Your best stays: {answered.best:g}.")
    if answered.sitting.due is not None:
        parts.append(f"It comes back {when(answered.sitting.due, answered.attempt.at)}.")
    return " ".join(parts)


def offer_text(
    step: Step, body: Body, answered: Answered, hint: str = "hint", worked: str = "worked"
) -> str:
    """What there is after a miss: the next hint, and how many misses; nothing after another answer.

    Args:
        step: The question's step.
        body: The question.
        answered: What became of the answer.
        hint: What is typed for a hint.
        worked: What is typed for the worked solution.
    """
    sitting = answered.sitting
    if answered.attempt.outcome not in ("slip", "wrong") or sitting.closed:
        return ""
    if sitting.hints < len(body.hints):
        offer = f"`{hint}` gives {'the next' if sitting.hints else 'a'} hint"
        if price := sitting.hint_costs(step.points):
            offer += f" for {counted(price)}"
    else:
        offer = f"`{worked}` shows the worked solution"
    left = sitting.misses_left
    return f"{offer}; {left} {'miss is' if left == 1 else 'misses are'} left."


def worked_text(body: Body) -> str:
    """The worked solution with this variant's numbers."""
    return markdown.text(f"Worked solution: {body.worked.strip()}")


def answered_dict(
    variant: Variant, verdict: Verdict, answered: Answered, step: Step
) -> dict[str, Any]:
    """An answer and what came of it; the worked solution too, where it costs nothing any more."""
    sitting = answered.sitting
    return {
        "question": variant.question_id,
        "seed": variant.seed,
        "step": step.id,
        "typed": answered.attempt.typed,
        "read_as": verdict.read_as,
        "outcome": answered.attempt.outcome,
        "slip": verdict.slip,
        "says": verdict.says,
        "points": answered.attempt.points,
        "best": answered.best,
        "of": step.points,
        "tries": answered.attempt.tries,
        "hints": answered.attempt.hints,
        "misses_left": sitting.misses_left,
        "ended": sitting.ending,
        "worked": variant.body.worked if sitting.opened or answered.best >= step.points else None,
        "due": sitting.due,
    }


def when(due: float, now: float) -> str:
    """`in 10 minutes`, `tomorrow`, `in 12 days (4 December)`."""
    seconds = due - now
    if seconds < 90:
        return "in a moment"
    if seconds < 5400:
        return f"in {round(seconds / 60)} minutes"
    date = time.localtime(due)
    days = (local_days.of(due) - local_days.of(now)).days
    if not days:
        return f"in {round(seconds / 3600)} hours"
    return (
        "tomorrow" if days == 1 else f"in {days} days ({date.tm_mday} {time.strftime('%B', date)})"
    )


def counted(points: float) -> str:
    """`3 points`, `1 point`, `2.5 points`."""
    return f"{points:.3g} point{'' if points == 1 else 's'}"


def _option(letter: str, option: Option) -> str:
    """An option's lines, the later ones under the first."""
    return f"  {letter}  " + markdown.text(option.text, prose_width() - 5).replace("\n", "\n     ")


def _lettered(body: Choice) -> zip[tuple[str, Option]]:
    return zip(ascii_lowercase, body.options, strict=False)
