"""Questions as the study's thread asks them: variants, hints, solutions, answers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from lessons.kit import question
from lessons.kit.answers import grading
from lessons.kit.answers.reading import Unreadable, read
from lessons.kit.question import Choice, Essay
from tutor.learner.answers import Answered
from tutor.learner.record import Learner
from tutor.learner.sittings import LESSON, Sitting
from tutor.report.question import answered_text
from tutor.tui.classroom.pages import Asked, Told
from tutor.tui.words.prose import prose

if TYPE_CHECKING:
    from lessons.kit.answers.grading import Verdict
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step


class Asking:
    """Of one learner."""

    def __init__(self, learner: Learner) -> None:
        """Whose record."""
        self.learner = learner

    def ask(self, lesson: Lesson, step: Step, purpose: str = LESSON) -> Asked:
        """The variant in hand, or a fresh one."""
        return self._asked(lesson, self.learner.sitting(step, step.name, purpose))

    def another(self, lesson: Lesson, step: Step, asked: Asked) -> Asked:
        """A fresh variant; the one in hand is left."""
        return self._asked(lesson, self.learner.another(step, asked.sitting))

    def hint(self, asked: Asked) -> Asked:
        """One more hint."""
        rungs = len(asked.variant.body.hints)
        return _standing(asked, self.learner.hint(asked.sitting, rungs))

    def worked(self, asked: Asked) -> Asked:
        """The worked solution."""
        sitting = self.learner.worked(asked.sitting)
        return _standing(asked, sitting, opened=True)

    def draft(self, asked: Asked, typed: str) -> None:
        """Something is typed that is no answer yet; it is kept if the disk takes it."""
        with suppress(EngineError):  # a full disk is told with the answer, not at every key
            self.learner.draft(asked.sitting, typed)

    def read_as(self, asked: Asked, typed: str) -> tuple[str, bool]:
        """How an answer is read, or why it cannot be; and whether it can. What is typed is kept."""
        self.draft(asked, typed)
        return _read_as(asked.variant.body, typed)

    def answer(self, step: Step, asked: Asked, typed: str, seconds: float) -> Told:
        """Grade an answer and record it."""
        verdict = grading.grade(asked.variant, typed)
        answered = self.learner.answer(step, asked.sitting, typed, verdict, seconds)
        return self._told(step, asked, verdict, answered, _said(verdict))

    def judge(
        self, step: Step, asked: Asked, typed: str, met: tuple[int, ...], seconds: float
    ) -> Told:
        """Record a text as its writer judged it, line by line of the rubric."""
        body = asked.variant.body
        verdict = grading.grade_essay(body, met)
        lines = len(body.rubric)
        answered = self.learner.judged(step, asked.sitting, typed, len(met), lines, seconds)
        return self._told(step, asked, verdict, answered, verdict.says)

    def _told(
        self, step: Step, asked: Asked, verdict: Verdict, answered: Answered, says: str
    ) -> Told:
        return Told(
            _standing(asked, answered.sitting),
            verdict.outcome,
            prose(says),
            verdict.read_as,
            answered,
            self.learner.step(step.id),
            answered_text(step, answered),
        )

    def _asked(self, lesson: Lesson, sitting: Sitting) -> Asked:
        variant = question.variant(lesson.questions()[sitting.question], sitting.seed)
        body = variant.body
        texts = [option.text for option in body.options] if isinstance(body, Choice) else []
        asked = Asked(variant, sitting, prose(body.ask), tuple(map(prose, texts)), (), ())
        return _standing(asked, sitting, opened=sitting.opened)


def _standing(asked: Asked, sitting: Sitting, opened: bool = False) -> Asked:
    """The same variant, as its sitting stands now."""
    body = asked.variant.body
    hints = tuple(map(prose, body.hints[: sitting.hints]))
    worked = prose(body.worked) if opened or asked.worked else ()
    return replace(asked, sitting=sitting, hints=hints, worked=worked)


def _said(verdict: Verdict) -> str:
    """What is said of an answer, beginning with whether it is right."""
    says = verdict.says.strip()
    opening = {"right": "Right.", "slip": "Not yet.", "wrong": "Not yet."}.get(verdict.outcome, "")
    begins = says.startswith(opening.rstrip(".")) if opening else True
    return says if begins else f"{opening} {says}"


def _read_as(body: Any, typed: str) -> tuple[str, bool]:
    if isinstance(body, Essay):
        return "", True
    try:
        return read(body, typed).read_as, True
    except Unreadable as error:
        return error.why, False
