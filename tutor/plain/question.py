"""A question by prompts: asked until it is right, or left."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tutor.course import names as finding
from tutor.course.requests import ANOTHER, HINT, WORKED
from tutor.learner import points
from tutor.learner.sittings import LESSON, REVIEW
from tutor.plain.session import MOVES, NEXT, SKIP, Session
from tutor.report import markdown
from tutor.report import question as report
from tutor.report.help import solution_offer

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.question import Variant
    from tutor.learner.answers import Answered
    from tutor.learner.sittings import Sitting

WORDS = {
    HINT: "the next hint, for a third of the points",
    ANOTHER: "a fresh variant",
    WORKED: "the worked solution; then a right answer brings 1 point",
    "(help)": f"counts for all variants of its question, for {points.LASTS}",
}

NONE: Mapping[str, str] = MappingProxyType({})
"""No words but the usual ones."""


def ask(
    session: Session,
    lesson: Lesson,
    step: Step,
    purpose: str = LESSON,
    seed: int | None = None,
    also: Mapping[str, str] = NONE,
) -> str:
    """Ask until the answer is right; gives where to go.

    Args:
        session: Whose prompts.
        lesson: The question's lesson.
        step: The question.
        purpose: `lesson` or `review`; a review ends with its variant, right or not.
        seed: Call this variant back.
        also: Words that work while it is asked, each with what it does; one that is typed is given
            back as where to go.
    """
    learner = session.learner
    sitting = learner.sitting(step, step.name, purpose, seed)
    while True:
        variant = finding.variant(lesson, step, sitting.seed)
        session.say(report.text(step, variant, sitting))
        session.begin()
        move, sitting = _until_ended(session, step, variant, sitting, also)
        if move:
            return move
        if purpose == REVIEW and sitting.closed:
            return NEXT
        sitting = learner.sitting(step, step.name, purpose)


def _until_ended(
    session: Session, step: Step, variant: Variant, sitting: Sitting, also: Mapping[str, str]
) -> tuple[str, Sitting]:
    """Prompts about one variant; where to go, or nothing where a fresh one follows."""
    learner, body = session.learner, variant.body
    while True:
        typed = session.choose({**WORDS, **also}, "answer")
        if typed == HINT:
            sitting = _hint(session, variant, sitting)
        elif typed == WORKED:
            sitting = _worked(session, variant, sitting)
            if sitting.closed:
                return "", sitting
        elif typed == ANOTHER:
            return "", learner.another(step, sitting)
        elif typed == SKIP:
            if sitting.purpose != REVIEW:
                learner.skipped(step, session.seconds())
            return SKIP, sitting
        elif typed in MOVES:
            return MOVES[typed][0], sitting
        elif typed in also:
            return typed, sitting
        elif typed:
            answered = _answer(session, step, variant, sitting, typed)
            if answered is None:
                continue
            sitting = answered.sitting
            session.say(
                report.answered_text(step, answered),
                report.offer_text(step, body, answered),
            )
            if answered.attempt.outcome in ("right", "judged"):
                return NEXT, sitting
            if sitting.closed:
                return _missed(session, step, variant, sitting)
        else:
            session.say("An empty line is no answer; `help` lists the words that work here.")


def _missed(
    session: Session, step: Step, variant: Variant, sitting: Sitting
) -> tuple[str, Sitting]:
    """After the last miss: the solution, at its price, or what comes next."""
    goes_on = "go on" if sitting.purpose == REVIEW else "a fresh variant"
    session.say(f"That was the third miss. {solution_offer('`worked`', sitting, step.points)}")
    while True:
        typed = session.choose({"": goes_on, WORKED: WORDS[WORKED]}, f"Enter: {goes_on} ")
        if typed == WORKED:
            sitting = _worked(session, variant, sitting)
        elif typed in MOVES and typed != SKIP:
            return MOVES[typed][0], sitting
        else:
            return "", sitting


def _worked(session: Session, variant: Variant, sitting: Sitting) -> Sitting:
    sitting = session.learner.worked(sitting)
    session.say(report.worked_text(variant.body))
    return sitting


def _hint(session: Session, variant: Variant, sitting: Sitting) -> Sitting:
    rungs = len(variant.body.hints)
    if sitting.hints >= rungs:
        session.say("There are no more hints. `worked` shows the worked solution.")
        return sitting
    sitting = session.learner.hint(sitting, rungs)
    session.say(report.hint_text(variant.body, sitting.hints - 1))
    return sitting


def _answer(
    session: Session, step: Step, variant: Variant, sitting: Sitting, typed: str
) -> Answered | None:
    """Grade and record it; None for a text whose judging was given up."""
    from lessons.kit.answers.grading import grade
    from lessons.kit.question import Essay

    if isinstance(variant.body, Essay):
        return _judge(session, step, variant, sitting, typed)
    verdict = grade(variant, typed)
    session.right = verdict.outcome == "right"
    session.say(report.verdict_text(verdict))
    return session.learner.answer(step, sitting, typed, verdict, session.seconds())


def _judge(
    session: Session, step: Step, variant: Variant, sitting: Sitting, typed: str
) -> Answered | None:
    """Have the learner hold a text against the rubric, line by line."""
    body, held = variant.body, 0
    session.say("Hold your answer against each line. Type yes or no.")
    for at, line in enumerate(body.rubric, 1):
        said = session.choose(
            {"yes": "it says so", "no": "it does not"}, f"{at}. {markdown.text(line)} "
        )
        if said in MOVES:
            session.say("Your answer was not recorded.")
            return None
        held += said.casefold() in ("yes", "y")
    session.say(markdown.text(f"A good answer: {body.sample.strip()}"))
    session.right, seconds = held == len(body.rubric), session.seconds()
    return session.learner.judged(step, sitting, typed, held, len(body.rubric), seconds)
