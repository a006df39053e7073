"""Which widget shows which kind of step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.widgets.steps.exercise import ExerciseStep
from tutor.widgets.steps.lab import LabStep
from tutor.widgets.steps.predict import PredictStep
from tutor.widgets.steps.question import QuestionStep
from tutor.widgets.steps.reading import ReadingStep
from tutor.widgets.steps.step import StepView
from tutor.widgets.steps.task import TaskStep

if TYPE_CHECKING:
    from lessons.kit.lesson import Lesson
    from tutor.pages import Page

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
