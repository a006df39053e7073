"""A step in a line: what it is called, where it is, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lessons.kit.course import load
from tutor.searching.words import opening

if TYPE_CHECKING:
    from lessons.kit.lesson import Lesson
    from lessons.kit.steps import Step
    from tutor.pages import Page

KINDS = {
    "reading": "Text", "predict": "Predict", "lab": "Lab", "question": "Question",
    "exercise": "Exercise", "task": "Task",
}  # fmt: skip
"""Kinds of steps as they are said."""
GLYPHS = {"done": "✓", "skipped": "–", "seen": "·", "new": "·", "changed": "!"}
"""How a step stands; the word stands beside it."""


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
    """`2.2 Fine-tune`."""
    stages = load().unit("tutorial").stages
    return next(
        (f"{each.number} {each.name}" for each in stages if each.id == step.name), step.name
    )


def number(lesson: Lesson, step: Step) -> int:
    """Which step of its lesson it is, from 1."""
    return [each.id for each in lesson.steps].index(step.id) + 1


def stands(page: Page) -> str:
    """`done`, `skipped`, `seen`, `new`, or `changed` where its text is another since then."""
    if page.place is None:
        return "new"
    return "changed" if page.place.changed(page.step.hash) else page.place.state


def left(page: Page) -> float:
    """Points that can still be had for it."""
    return max(0.0, page.step.points - page.points)


def points(page: Page) -> str:
    """`2 of 3 points`; empty where it brings none."""
    return f"{page.points:.3g} of {page.step.points:g} points" if page.step.points else ""
