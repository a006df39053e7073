"""The learner's files: a copy of each exercise in the home, theirs to edit with anything.

    <home>/exercises/<unit>/<lesson>/exercise.py

It is made from the lesson's `exercise.py` when it is first wanted, and never written again unless
the learner resets it; then what they had is kept beside it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.errors import EngineError
from engine.runs.home import Home, private_folder, unusable
from lessons.kit.course import names
from lessons.kit.course.course import load

FILE = "exercise.py"
"""The learner's file, and the shipped one."""


class Shipped(Protocol):
    """A lesson, as far as its files go."""

    id: str
    """`<unit>/<folder>`."""
    folder: Path


@dataclass(frozen=True, slots=True)
class Exercise:
    """A lesson's exercise as it is shipped."""

    lesson: str
    """`<unit>/<folder>`."""
    folder: Path
    """The lesson's."""

    @property
    def shipped(self) -> Path:
        """What the learner begins with."""
        return self.folder / FILE

    @property
    def solution(self) -> Path:
        """One way to write it."""
        return self.folder / "solution.py"

    @property
    def checks(self) -> Path:
        """What is held against the learner's file."""
        return self.folder / "checks.py"


def exercise(lesson: Shipped) -> Exercise:
    """The exercise of a lesson.

    Raises:
        EngineError: One of its three files is missing.
    """
    made = Exercise(lesson.id, Path(lesson.folder))
    for file in (made.shipped, made.solution, made.checks):
        if not file.is_file():
            raise EngineError(f"The exercise of {lesson.id} has no {file.name}.")
    return made


def path(home: Home, exercise: Exercise) -> Path:
    """Where the learner's file is, or will be.

    One that lies under a name that the lesson had before is moved there, and all that is beside it.

    Raises:
        EngineError: It cannot be moved.
    """
    folder = _folder(home, exercise.lesson)
    for old in names.before(exercise.lesson, load().renamed):
        if not os.path.lexists(folder) and _folder(home, old).is_dir():
            try:
                private_folder(folder.parent)
                _folder(home, old).rename(folder)
            except OSError as error:
                raise unusable(folder, error) from error
    return folder / FILE


def _folder(home: Home, lesson: str) -> Path:
    return home.path.joinpath("exercises", *lesson.split("/"))


def create(home: Home, exercise: Exercise) -> Path:
    """The learner's file, made from the shipped one if it is not there yet.

    Raises:
        EngineError: It cannot be written.
    """
    file = path(home, exercise)
    if os.path.lexists(file):
        return file
    try:
        private_folder(file.parent)
        with suppress(FileExistsError):  # another tutor was quicker, and its learner may have begun
            _write_new(file, exercise.shipped.read_bytes())
    except OSError as error:
        raise unusable(file, error) from error
    return file


def changed(home: Home, exercise: Exercise) -> bool:
    """Whether the learner's file is there and no longer as shipped."""
    try:
        return path(home, exercise).read_bytes() != exercise.shipped.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unusable(path(home, exercise), error) from error


def reset(home: Home, exercise: Exercise) -> Path | None:
    """Make the learner's file as shipped again; whoever calls this has asked them first.

    Returns:
        The copy of what they had; None where nothing was changed.

    Raises:
        EngineError: It cannot be written; their file is then as it was.
    """
    if not changed(home, exercise):
        create(home, exercise)
        return None
    file = path(home, exercise)
    try:
        kept = _keep(file)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        _write_new(fresh, exercise.shipped.read_bytes())
        os.replace(fresh, file)
    except OSError as error:
        raise unusable(file, error) from error
    return kept


def _keep(file: Path) -> Path:
    """A copy beside it, under the first number that is free."""
    content, number = file.read_bytes(), 1
    while True:
        kept = file.with_name(f"{file.stem}.kept-{number}{file.suffix}")
        try:
            _write_new(kept, content)
        except FileExistsError:
            number += 1
        else:
            return kept


def _write_new(file: Path, content: bytes) -> None:
    """Whole or not at all, and never over another file."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        file.unlink(missing_ok=True)
        raise
