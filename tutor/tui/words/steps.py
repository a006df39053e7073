"""A step in a line: what it is called, where it is, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lessons.kit.course.course import load
from tutor.tui.searching.words import opening

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from tutor.tui.classroom.pages import Page

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


def stands(page: Page) -> str:
    """`done`, `skipped`, `seen`, `new`, or `changed` where its text is another since then."""
    if page.place is None:
        return "new"
    return "changed" if page.place.changed(page.step.hash) else page.place.state


def left(page: Page) -> float:
    """Points that can still be had for it."""
    return max(0.0, page.step.points - page.points)


def left_over(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Steps with something left: those not done, and those with points still to be had."""
    return tuple(page for page in pages if left(page) or not page.done)


def in_short(page: Page) -> str:
    """`skipped · 0 of 3`; only what is not plain to see of a step that brings nothing."""
    state = stands(page)
    said = [] if state in ("done", "new", "seen") else [STANDS[state]]
    if page.step.points:
        said.append(f"{page.points:.3g} of {page.step.points:g}")
    return " · ".join(said)


def how_it_stands(page: Page) -> str:
    """Both in a sentence or two: `Skipped. 0 of 3 points.`."""
    state = STANDS[stands(page)].capitalize()
    if not page.step.points:
        return f"{state}."
    return f"{state}. {page.points:.3g} of {page.step.points:g} points."
