"""A small course: one unit with one lesson, which has a step of every kind."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.runs.home import Home
from lessons.kit import question
from lessons.kit.answers.grading import grade
from lessons.kit.course import course
from lessons.kit.course.lesson import Lesson, read_lesson
from lessons.kit.display import answer_text
from tutor.learner.record import Learner

FOLDER = Path(__file__).parent / "trial"
ID = "trial/halves"


def trial_lesson() -> Lesson:
    """The lesson, read from its folder."""
    return read_lesson(FOLDER, ID)


def teach(monkeypatch) -> Lesson:
    """Let the tutor have this course in place of its own; the tutorial stays."""
    lesson = trial_lesson()
    real = course.load()
    unit = course.Unit(
        "trial", "Trial", "What tests are about.", can=("test",), lessons=("halves",)
    )
    tasks = replace(real.unit("tutorial"), lessons=())
    small = course.Course(real.title, real.about, (unit, tasks))
    for module in (
        "tutor.course.enrolment", "tutor.tui.screens.home", "tutor.tutorial.reader",
        "tutor.tui.searching.course",
    ):  # fmt: skip
        monkeypatch.setattr(f"{module}.load", lambda: small)
    for module in ("tutor.course.enrolment", "tutor.tui.classroom.classroom"):
        monkeypatch.setattr(f"{module}.lesson", lambda id: lesson)
    return lesson


@contextmanager
def record(home: Home):
    """The learner's record, read and written beside the tutor."""
    with Learner(home) as learner:
        yield learner


def name(step) -> str:
    """A step's short name: `question/half`."""
    return step.id.removeprefix(f"{ID}/")


def miss(hand, lesson, name, typed="0"):
    """Miss a question three times, long enough ago that it is due."""
    step = lesson.step(f"question/{name}")
    with record(hand.home) as learner:
        learner._clock = lambda: 1_700_000_000.0
        sitting = learner.sitting(step, name)
        variant = question.variant(lesson.questions()[name], sitting.seed)
        for _ in range(3):
            learner.answer(step, sitting, typed, grade(variant, typed))


def know(hand, lesson, name):
    """Answer a question rightly, long enough ago that it is due."""
    step = lesson.step(f"question/{name}")
    with record(hand.home) as learner:
        learner._clock = lambda: 1_700_000_000.0
        sitting = learner.sitting(step, name)
        variant = question.variant(lesson.questions()[name], sitting.seed)
        typed = answer_text(variant.body)
        learner.answer(step, sitting, typed, grade(variant, typed))
