"""Which widget shows which kind of step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.tui.widgets.steps.exercise import ExerciseStep
from tutor.tui.widgets.steps.lab import LabStep
from tutor.tui.widgets.steps.predict import PredictStep
from tutor.tui.widgets.steps.question import QuestionStep
from tutor.tui.widgets.steps.reading import ReadingStep
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.steps.task import TaskStep

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from tutor.tui.classroom.pages import Page

KINDS: dict[str, type[StepView]] = {
    "reading": ReadingStep,
    "predict": PredictStep,
    "lab": LabStep,
    "exercise": ExerciseStep,
    "question": QuestionStep,
    "task": TaskStep,
}


def view_of(lesson: Lesson, page: Page) -> StepView:
    """The widget of a step."""
    return KINDS.get(page.step.kind, ReadingStep)(lesson, page)
