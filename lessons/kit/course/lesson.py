"""Lessons: a folder with `lesson.md`, read into a sequence of steps.

    lesson("numbers/absmax").steps        every_lesson()        lessons_of(unit)

Front matter: `title`, `minutes`, `needs` (ids of lessons), `can`, `sources`. A fenced block whose
info string is `predict NAME`, `lab NAME`, `question NAME`, `exercise` or `task STAGE` is a step;
the text before it is a reading step. Questions and labs are the functions of that name in
`questions.py` and `labs.py` beside it, a task is a stage of the unit. Those files are run only when
they are asked for, and found by their path, so that nothing that imports this reaches what they
import.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from engine.errors import EngineError
from lessons.kit.course import course
from lessons.kit.course.blocks import split
from lessons.kit.course.steps import Step, steps_of

if TYPE_CHECKING:
    from lessons.kit.course.exercise import Exercise
    from lessons.kit.lab import Lab


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sequence of steps."""

    id: str
    """`<unit>/<folder>`."""
    title: str
    minutes: int
    needs: tuple[str, ...]
    """Ids of the lessons that come before."""
    can: tuple[str, ...]
    """What the learner will be able to do."""
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
    folder: Path

    @property
    def points(self) -> int:
        """The most that can be had."""
        return sum(step.points for step in self.steps)

    def step(self, id: str) -> Step:
        """The step of that id, whole or without the lesson's.

        Raises:
            EngineError: There is none.
        """
        for step in self.steps:
            if id in (step.id, step.id.removeprefix(f"{self.id}/")):
                return step
        raise EngineError(f"The lesson {self.id} has no step {id!r}.")

    def taught(self, step: Step) -> Step | None:
        """The text that leads to a step: the last one before it."""
        before = self.steps[: self.steps.index(step)]
        return next((each for each in reversed(before) if each.kind == "reading"), None)

    def questions(self) -> dict[str, Callable]:
        """The functions of `questions.py`, by question id, in the order they are written.

        Raises:
            EngineError: The file cannot be run, or two have the same id.
        """
        found: dict[str, Callable] = {}
        module = self.module("questions")
        for each in vars(module).values() if module else ():
            id = getattr(each, "question_id", None)
            if callable(each) and id and found.setdefault(id, each) is not each:
                raise EngineError(f"{self.id} has two questions {id!r}.")
        return found

    def labs(self) -> dict[str, Lab]:
        """The labs of `labs.py`, by name, in the order they are written.

        Raises:
            EngineError: The file cannot be run, or two have the same name.
        """
        from lessons.kit.lab import declared

        module = self.module("labs")
        return declared(module) if module else {}

    def exercise(self) -> Exercise | None:
        """The exercise, where there is one."""
        from lessons.kit.course.exercise import exercise

        return exercise(self) if (self.folder / "checks.py").is_file() else None

    def module(self, name: str) -> ModuleType | None:
        """`<name>.py` of this lesson, run once; None where there is none.

        Raises:
            EngineError: It cannot be run.
        """
        path = self.folder / f"{name}.py"
        return _module(path, f"lessons.{self.id}.{name}") if path.is_file() else None


def read_lesson(folder: Path, id: str) -> Lesson:
    """The lesson in a folder.

    Raises:
        EngineError: `lesson.md` is missing, or something in it cannot be.
    """
    path = Path(folder) / "lesson.md"
    if not path.is_file():
        raise EngineError(f"The lesson {id} has no lesson.md.", f"It is looked for at {path}.")
    front, blocks = split(path.read_text(encoding="utf-8"), f"{id}/lesson.md")
    steps = steps_of(blocks, id, Path(folder))
    made = {**front, "id": id, "steps": steps, "folder": Path(folder)}
    return course.make(Lesson, made, f"{id}/lesson.md")


@cache
def lesson(id: str) -> Lesson:
    """A lesson of this course, by `<unit>/<folder>`, or by its folder where only one has it.

    Raises:
        EngineError: There is none, or it cannot be read.
    """
    known = course.load().lessons
    id = course.load().today(id)
    if id not in known:
        ends = [each for each in known if each.endswith(f"/{id}")]
        if len(ends) != 1:
            raise EngineError(f"There is no lesson {id!r}.", f"There are {', '.join(known)}.")
        return lesson(ends[0])
    return read_lesson(Path(str(files("lessons").joinpath(*id.split("/")))), id)


def lessons_of(unit: course.Unit) -> tuple[Lesson, ...]:
    """The lessons of a unit, in their order."""
    return tuple(lesson(f"{unit.id}/{name}") for name in unit.lessons)


def every_lesson() -> tuple[Lesson, ...]:
    """All lessons of the course, in their order."""
    return tuple(each for unit in course.load().units for each in lessons_of(unit))


@cache
def _module(path: Path, name: str) -> ModuleType:
    name = name.replace("/", ".").replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there while it is being run
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise EngineError(f"{name} cannot be run: {type(error).__name__}: {error}.") from error
    return module
