"""What can be found in the course: lessons, their steps with all their words, tasks, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.errors import EngineError
from lessons.kit import question
from lessons.kit.course.addresses import addresses
from lessons.kit.course.course import load
from tutor.course.markup import without_marks
from tutor.tui.searching.index import Item
from tutor.tui.words import steps as step_words

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step

SAMPLE = 1
"""The variant of a question whose words stand for all of them."""


def items(lessons: Iterable[Lesson]) -> Iterator[Item]:
    """The five tasks, then the lessons in their order. It reads and runs the lessons' files."""
    units = {unit.id: unit.name for unit in load().units}
    for unit in load().units:
        for stage in unit.stages:
            yield Item(
                "task", stage.name, f"{unit.name} › The five tasks",
                ("task", stage.id), text=stage.about,
                also=f"{stage.number} {stage.id} {' '.join(stage.kinds)}",
            )  # fmt: skip
    for lesson in lessons:
        name = units.get(lesson.id.partition("/")[0], "")
        yield Item(
            "lesson", lesson.title, name, ("lesson", lesson.id),
            also=lesson.id.rpartition("/")[2], text=without_marks(". ".join(lesson.can)),
        )  # fmt: skip
        place = f"{name} › {lesson.title}" if name else lesson.title
        for at, step in enumerate(lesson.steps, 1):
            also, text = _says(lesson, step)
            yield Item(
                step.kind, step_words.title(lesson, step), f"{place}, step {at}",
                ("step", lesson.id, step.id),
                also=f"{step_words.KINDS[step.kind]} {step_words.label(step)} {also}", text=text,
            )  # fmt: skip
        for source in lesson.sources:
            for address in addresses(source):
                yield Item("source", source, place, ("source", address), text=address)


def _says(lesson: Lesson, step: Step) -> tuple[str, str]:
    """By what else a step is known, and what it says. What cannot be made is found by its name."""
    try:
        match step.kind:
            case "question":
                made = question.variant(lesson.questions()[step.name], SAMPLE).body
                return "", f"Such as: {without_marks(made.ask)}"
            case "lab":
                lab = lesson.labs()[step.name]
                return " ".join(each.label for each in lab.parameters), lab.about
            case "exercise" if made := lesson.exercise():
                return "code check write", without_marks(made.shipped.read_text(encoding="utf-8"))
    except (EngineError, OSError, KeyError, ValueError):
        return "", ""
    return step.settings.get("lab", ""), without_marks(step.text)
