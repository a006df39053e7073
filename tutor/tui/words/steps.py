"""A step in a line: what it is called, and the words and signs for how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lessons.kit.course.course import load
from tutor.course.markup import opening

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step

KINDS = {
    "reading": "Text", "predict": "Predict", "lab": "Lab", "question": "Question",
    "exercise": "Exercise", "task": "Task",
}  # fmt: skip
"""Kinds of steps as they are said."""
SIGNS = {
    "done": ("✓", "$success"), "skipped": ("–", "$warning"), "changed": ("!", "$warning"),
    "seen": ("·", ""), "new": ("·", ""),
}  # fmt: skip
"""What stands before a step, by how it stands; a word stands beside it."""
STANDS = {
    "done": "done",
    "skipped": "skipped",
    "changed": "text changed",
    "seen": "not done yet",
    "new": "not done yet",
}


def label(step: Step) -> str:
    """The last part of its id, which names it within its lesson."""
    return step.id.rpartition("/")[2]


def title(lesson: Lesson, step: Step) -> str:
    """What it is called: a text by its first sentence, a prediction by what it asks."""
    if step.kind in ("reading", "predict"):
        return opening(step.text)
    if step.kind == "exercise":
        return lesson.title
    if step.kind == "task":
        return task_title(step)
    return label(step)


def task_title(step: Step) -> str:
    """`Fine-tune`."""
    stages = load().unit("tutorial").stages
    return next((each.name for each in stages if each.id == step.name), step.name)
