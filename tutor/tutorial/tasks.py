"""The five tasks as they stand: points, the run that earned them, and whose code is in the chain.

Points of an exercise are in the learner's record, those of runs follow from the runs themselves.
The learner's file goes into the chain while its latest check has passed and nobody has touched it
since; else the course's solution does, which is marked as the reference and brings no points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from engine.chain.earned import Earned, earned
from engine.errors import EngineError
from engine.runs.home import Home
from engine.runs.own import Own
from lessons.kit.course import exercise as files
from lessons.kit.course.course import Stage, Unit
from lessons.kit.course.exercise import Exercise
from lessons.kit.course.lesson import lesson
from lessons.kit.course.steps import Step
from tutor.learner.clock import TOLERANCE
from tutor.learner.record import Learner

if TYPE_CHECKING:
    from engine.runs.snapshot import Run

YOURS, CHANGED, REFERENCE = "your code", "changed", "reference"
JUDGED = ("passed", "failed", "not judged")
"""Outcomes of a check."""


@dataclass(frozen=True, slots=True)
class Task:
    """One of the five."""

    stage: str
    """The stage's id."""
    number: str
    """Such as `1.1.2`."""
    name: str
    points: float
    of: float
    run: int | None = None
    """The run that earned them; None where the exercise's checks did, or nothing has yet."""
    values: Mapping[str, float] = field(default_factory=dict)
    """What that run measured."""
    code: str = ""
    """Whose code the chain computes with: YOURS, CHANGED (so the reference's, until it is checked
    again) or REFERENCE; empty where the task has no code."""
    lesson: str = ""
    """The lesson with the exercise; empty where there is none."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Standing:
    """All tasks, and the code that a chain computes with now."""

    tasks: tuple[Task, ...] = ()
    own: Mapping[str, Own] = field(default_factory=dict)
    """As `engine.chain.pipeline.build` takes it."""

    @property
    def points(self) -> float:
        """Of all tasks."""
        return sum(task.points for task in self.tasks)


def standing(
    unit: Unit, home: Home, learner: Learner, best: Mapping[tuple[str, ...], Earned]
) -> Standing:
    """How a learner stands.

    Args:
        unit: With the stages that are the tasks.
        home: Where the learner's files are.
        learner: Their record.
        best: What their runs have earned.
    """
    tasks, own = [], {}
    for stage in unit.stages:
        given = {"stage": stage.id, "number": stage.number, "name": stage.name, "of": stage.points}
        if not stage.exercise:
            run = best.get(stage.graded)
            told = {"run": run.run, "values": run.values} if run else {}
            tasks.append(Task(**given, points=run.points if run else 0, **told))
            continue
        found = _exercise(unit, stage)
        if found is None:
            tasks.append(Task(**given, points=0, code=REFERENCE))
            continue
        step, exercise = found
        place = learner.step(step.id)
        code, source = whose(home, learner, step, exercise)
        own[stage.own] = Own(source, reference=code != YOURS)
        points = min(place.points, stage.points) if place else 0
        tasks.append(Task(**given, points=points, code=code, lesson=exercise.lesson))
    return Standing(tuple(tasks), own)


def whose(home: Home, learner: Learner, step: Step, exercise: Exercise) -> tuple[str, str]:
    """Whose code of an exercise holds now, and its text."""
    last = next((each for each in learner.history(step.id) if each.outcome in JUDGED), None)
    file = files.path(home, exercise)
    place = learner.step(step.id)
    if last is not None and place is not None and place.done(step.hash):
        try:
            touched = file.stat().st_mtime
            # One that was touched in the future was touched by a clock that was ahead.
            untouched = touched <= last.at or touched > learner.now() + TOLERANCE
            if last.outcome == "passed" and untouched:
                return YOURS, file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:  # moved away, or not to be read: then it is not what passed
            pass
        return CHANGED, exercise.solution.read_text(encoding="utf-8")
    return REFERENCE, exercise.solution.read_text(encoding="utf-8")


def of_reference(unit: Unit, runs: Iterable[Run]) -> tuple[Task, ...]:
    """What the reference would earn with a chain of its own; nobody's record has these points.

    Args:
        unit: With the stages that are the tasks.
        runs: The chain's; an exercise counts as solved where its run has finished.
    """
    runs = list(runs)
    best = earned(runs, reference=True)
    finished = {run.kind for run in runs if run.state == "finished"}
    tasks = []
    for stage in unit.stages:
        given = {"stage": stage.id, "number": stage.number, "name": stage.name, "of": stage.points}
        if stage.exercise:
            points = stage.points if finished.issuperset(stage.kinds) else 0
            tasks.append(Task(**given, points=points, code=REFERENCE))
        elif run := best.get(stage.graded):
            tasks.append(Task(**given, points=run.points, run=run.run, values=run.values))
        else:
            tasks.append(Task(**given, points=0))
    return tuple(tasks)


def solutions(unit: Unit) -> dict[str, Own]:
    """The reference's code for every task that has some."""
    found = {}
    for stage in unit.stages:
        if each := _exercise(unit, stage):
            text = each[1].solution.read_text(encoding="utf-8")
            found[stage.own] = Own(text, reference=True)
    return found


def _exercise(unit: Unit, stage: Stage) -> tuple[Step, Exercise] | None:
    """The exercise that a stage's points come from, where the course has it."""
    if stage.exercise not in unit.lessons:
        return None
    try:
        within = lesson(f"{unit.id}/{stage.exercise}")
        made = within.exercise()
    except EngineError:  # Home and the linter say so in the lesson's place
        return None
    step = next((step for step in within.steps if step.kind == "exercise"), None)
    return (step, made) if step and made else None
