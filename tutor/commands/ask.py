"""`tutor ask`: one question, by prompts or all in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.errors import SpecError
from tutor.commands.options import (
    NOT_RIGHT,
    home,
    home_option,
    json_option,
    print_json,
    tell,
    with_learner,
)

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.question import Variant
    from tutor.learner.record import Learner
    from tutor.learner.sittings import Sitting


@click.command(
    epilog="Example: tutor ask absmax-scale --answer 127/10.8", short_help="Ask a question."
)
@click.argument("name", metavar="QUESTION")
@click.option(
    "--seed",
    metavar="NUMBER",
    type=click.IntRange(0, 2**63 - 1),  # what a row of the record can hold
    help="This variant; the question shows its seed.",
)
@click.option("--answer", help="Answer it: a number, letters, bits, or rows ended by semicolons.")
@click.option("--met", metavar="N,N", help="Of an answer in words: the rubric's lines it meets.")
@click.option("--hint", is_flag=True, help="Take the next hint, at a third of the points.")
@click.option("--worked", is_flag=True, help="The worked solution; then 1 point is left.")
@click.option("--another", is_flag=True, help="A fresh variant.")
@json_option
@home_option
@click.pass_context
@with_learner
def ask(
    learner: Learner, ctx: click.Context, name: str, seed: int | None, as_json: bool, **asked: Any
) -> None:
    """Ask a question of a lesson, or of a review where it is due.

    Without --answer it asks by prompts. The variant in hand, its hints and its misses are kept
    until it is right, missed three times, or left for another one. A hint or a solution counts for
    all variants of its question, for 12 hours. Where Home continues stays as it was.

    The exit code is 0 for a right answer and 5 for any other; by prompts the last answer counts,
    and where none was given it is 0.
    """
    from tutor.course import names as finding

    lesson, step = finding.question(name)
    purpose = "review" if learner.due({step.id}) else "lesson"
    if not (as_json or any(value not in (None, False) for value in asked.values())):
        ctx.exit(_by_prompts(learner, lesson, step, purpose, seed))
    seconds = learner.since_shown(step.id)  # before it is shown now
    sitting = learner.sitting(step, step.name, purpose, seed)
    if asked["another"]:
        sitting = learner.another(step, sitting)
    variant = finding.variant(lesson, step, sitting.seed)
    if asked["hint"]:
        sitting = learner.hint(sitting, len(variant.body.hints))
    if asked["worked"]:
        sitting = learner.worked(sitting)
    if asked["answer"] is not None:
        given = (asked["answer"], asked["met"], seconds)
        ctx.exit(_answer(learner, step, variant, sitting, *given, as_json))
    _show(lesson, step, variant, sitting, asked["worked"], as_json)


def _by_prompts(
    learner: Learner, lesson: Lesson, step: Step, purpose: str, seed: int | None
) -> int:
    """Ask until it is right or left; the exit code, 0 where nothing was answered."""
    from tutor.plain import question
    from tutor.plain.session import Session

    with Session(home(), learner) as session:
        question.ask(session, lesson, step, purpose, seed)
    return NOT_RIGHT if session.right is False else 0


def _show(
    lesson: Lesson, step: Step, variant: Variant, sitting: Sitting, worked: bool, as_json: bool
) -> None:
    from tutor.report import question as report
    from tutor.report.paragraphs import wrapped

    if as_json:
        shown = report.as_dict(lesson, step, variant, sitting)
        print_json(shown | ({"worked": variant.body.worked} if worked else {}))
        return
    tell(wrapped(report.text(step, variant, sitting)))
    if worked:
        tell("\n" + wrapped(report.worked_text(variant.body)))


def _answer(
    learner: Learner,
    step: Step,
    variant: Variant,
    sitting: Sitting,
    typed: str,
    met: str | None,
    seconds: float,
    as_json: bool,
) -> int:
    """Grade, record and print; the exit code."""
    from lessons.kit.answers.grading import grade, grade_essay
    from lessons.kit.question import Essay
    from tutor.report import question as report
    from tutor.report.paragraphs import wrapped

    body = variant.body
    if isinstance(body, Essay):
        lines = _lines(met, body)
        verdict = grade_essay(body, lines)
        answered = learner.judged(step, sitting, typed, len(lines), len(body.rubric), seconds)
    else:
        verdict = grade(variant, typed)
        answered = learner.answer(step, sitting, typed, verdict, seconds)
    if as_json:
        print_json(report.answered_dict(variant, verdict, answered, step))
    else:
        parts = [
            report.verdict_text(verdict),
            report.answered_text(step, answered),
            report.offer_text(step, body, answered, "--hint", "--worked"),
            _after_the_last_miss(step, answered.sitting),
        ]
        tell("\n\n".join(wrapped(part) for part in parts if part))
    return 0 if verdict.outcome == "right" else NOT_RIGHT


def _after_the_last_miss(step: Step, sitting: Sitting) -> str:
    from tutor.report.help import solution_offer

    if sitting.ending != "missed":
        return ""
    command = f"`tutor ask {step.name} --seed {sitting.seed} --worked`"
    offer = solution_offer(command, sitting, step.points)
    return f"That was the third miss; the next variant is a fresh one. {offer}"


def _lines(met: str | None, body: Any) -> set[int]:
    """Positions of the rubric's lines, from 0."""
    rubric = "; ".join(f"{at}. {line}" for at, line in enumerate(body.rubric, 1))
    if met is None:
        what = "You judge this answer yourself, against a rubric."
        raise SpecError("met", met, what, f"Say which lines it meets, as in --met 1,2: {rubric}")
    try:
        lines = {int(each) - 1 for each in met.replace(" ", "").split(",") if each}
    except ValueError:
        lines = {-1}
    if not lines <= set(range(len(body.rubric))):
        raise SpecError("met", met, f"The rubric has no lines {met!r}.", f"It has {rubric}")
    return lines
