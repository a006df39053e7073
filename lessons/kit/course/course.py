"""The course as data: `course.toml` and a unit's `stages.toml`, read into frozen dataclasses.

What is wrong in those files is said when they are read, so that no screen meets half a course.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import TypeVar

from engine.errors import EngineError
from lessons.kit.course import names

SHOWN_AS = ("score", "count")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """The one result that a stage's card shows."""

    run: str
    """The pipeline stage whose run holds it."""
    key: str
    """Its key in that run's result."""
    label: str
    """What it is, in a few words."""
    form: str
    """`score` (a share from 0 to 1) or `count`."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a unit that is carried out by runs."""

    id: str
    name: str
    about: str
    """What it does, in one sentence."""
    runs: tuple[str, ...]
    """Stages of `engine.chain.pipeline`, in their order."""
    kinds: tuple[str, ...]
    """The kind of each of those runs."""
    shows: Shown
    number: str = ""
    """Of the task in the tutorial, such as `1.1.2`."""
    points: float = 0
    """The most that can be had for it."""
    exercise: str = ""
    """The lesson of this unit whose exercise brings the points; empty where runs do."""
    own: str = ""
    """What `engine.chain.pipeline.build` calls the code of that exercise."""
    graded: tuple[str, ...] = ()
    """Measures of the score card that bring the points."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the course that is taken as a whole."""

    id: str
    name: str
    about: str
    minutes: int = 0
    """How long its stages take on a laptop, about; lessons say their own."""
    points: int = 0
    """The most that can be had for its stages; lessons have their own."""
    can: tuple[str, ...] = ()
    """What the learner will be able to do."""
    lessons: tuple[str, ...] = ()
    """Folders of its lessons, in their order; `lessons.kit.course.lesson` reads them."""
    stages: tuple[Stage, ...] = ()

    def stage(self, id: str) -> Stage:
        """The stage of that id.

        Raises:
            KeyError: There is none.
        """
        return {stage.id: stage for stage in self.stages}[id]


@dataclass(frozen=True, slots=True)
class Course:
    """All units, in the order they are taken."""

    title: str
    about: str
    units: tuple[Unit, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    """New names by old ones, of lessons and of steps; see `names`."""
    removed: tuple[str, ...] = ()
    """Names of lessons and of steps that there were, and that nothing stands for today."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """What a source is that no learner has, by the name that lessons' sources begin with."""

    @property
    def lessons(self) -> tuple[str, ...]:
        """Ids of all lessons, in the order they are taken."""
        return tuple(f"{unit.id}/{name}" for unit in self.units for name in unit.lessons)

    def today(self, id: str) -> str:
        """What a lesson or a step is called today that was called `id` at any time."""
        return names.today(id, self.renamed)

    def unit(self, id: str) -> Unit:
        """The unit of that id.

        Raises:
            KeyError: There is none.
        """
        return {unit.id: unit for unit in self.units}[id]


@cache
def load() -> Course:
    """The course that comes with this package.

    Raises:
        EngineError: A course file is missing, is no TOML, or lacks a field.
    """
    lessons = files("lessons")
    raw = _parse("course.toml", lessons.joinpath("course.toml").read_text(encoding="utf-8"))
    units = []
    for unit in raw.pop("unit", []):
        where = f"{unit.get('id')}/stages.toml"
        file = lessons.joinpath(unit["id"], "stages.toml")
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        stages = tuple(stage(row, where) for row in _parse(where, text).get("stage", []))
        if not stages and not unit.get("lessons"):
            raise EngineError(f"course.toml: the unit {unit['id']} has no lessons and no stages.")
        units.append(make(Unit, {**unit, "stages": stages}, "course.toml"))
    made = make(Course, {**raw, "units": tuple(units)}, "course.toml")
    for old in made.renamed:
        try:
            made.today(old)
        except ValueError as error:
            raise EngineError(f"course.toml: {error}.") from error
    return made


def stage(row: dict, where: str) -> Stage:
    """One `[[stage]]` table as a Stage.

    Raises:
        EngineError: A field is missing, unknown, or says what cannot be.
    """
    row = dict(row)
    shows = dict(row.pop("shows", {}))
    shows["form"] = shows.pop("as", None)
    made = make(Stage, {**row, "shows": make(Shown, shows, where)}, where)
    if made.shows.form not in SHOWN_AS:
        raise EngineError(f"{where}: {made.id} shows its result as {made.shows.form!r}.")
    if made.points and bool(made.exercise) == bool(made.graded):
        raise EngineError(f"{where}: the points of {made.id} come from an exercise or from runs.")
    if made.shows.run not in made.runs or len(made.runs) != len(made.kinds):
        raise EngineError(f"{where}: the runs, kinds and shown run of {made.id} do not match.")
    return made


def _parse(where: str, text: str) -> dict:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EngineError(f"{where} is no TOML: {error}.") from error


def make(kind: type[T], row: dict, where: str) -> T:
    """A dataclass of a TOML table; lists become tuples.

    Raises:
        EngineError: A field is missing or unknown.
    """
    known = {field.name for field in fields(kind)}
    row = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
    if unknown := sorted(set(row) - known):
        raise EngineError(f"{where}: {kind.__name__} has no field {', '.join(unknown)}.")
    try:
        return kind(**row)
    except TypeError as error:
        raise EngineError(f"{where}: {row.get('id', kind.__name__)}: {error}.") from error
