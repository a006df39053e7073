"""What is handed in: five tasks, and the runs behind their points, with all their predictions.

The chain is the one whose cascade earned the most. Where a student of another chain has earned
more, its runs are handed in beside it. What has not been run is left out, and its task says so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.cascades.score import CASCADE, SAVING, STUDENT
from engine.cascades.stored import SAID
from engine.chain import pipeline
from engine.chain.earned import Earned, earned
from engine.errors import EngineError
from engine.machine import machine
from engine.runs.environment import versions
from engine.runs.home import Home
from engine.runs.snapshot import Run
from lessons.kit.course.course import load
from lessons.kit.course.exercise import changed, path
from lessons.kit.course.lesson import lesson
from tutor import __version__
from tutor.tutorial.tasks import Task, standing

if TYPE_CHECKING:
    from engine.runs.client import Client
    from tutor.learner.record import Learner

UNIT = "tutorial"
PREDICTED = (
    "problem_id", "sample", "question", "gold", "text", "extracted", "correct",
    "tokens_in", "tokens_out", "cut_off",
)  # fmt: skip
"""What of a prediction is handed in: enough to judge it again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One run that is handed in."""

    name: str
    """The variable that holds it in the notebook: its stage, or `best_` and its stage."""
    run: Run
    predictions: tuple[dict[str, Any], ...]
    """Its predictions, each with `PREDICTED`."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Of a cascade with code of one's own: (answer, confidence) for every K, by problem."""

    @property
    def stage(self) -> str:
        """Its stage of the chain."""
        return self.name.removeprefix("best_")

    @property
    def own(self) -> dict[str, Any] | None:
        """The code of one's own that it computed with: `source` and `reference`."""
        return self.run.spec.get("own")

    def record(self) -> dict[str, Any]:
        """As JSON holds it."""
        names = ("id", "kind", "title", "spec", "result", "environment", "started", "seconds")
        return {
            "name": self.name,
            **{name: getattr(self.run, name) for name in names},
            "predictions": [[row[key] for key in PREDICTED] for row in self.predictions],
            "said": dict(self.said),
        }


@dataclass(frozen=True, slots=True)
class Handed:
    """All of it."""

    tasks: tuple[Task, ...]
    files: Mapping[str, str]
    """The learner's file of each task that has one and was begun, by the task's number."""
    parts: tuple[Part, ...]
    """In the order of the chain; those of a better student after it."""
    made: str
    """When, to the minute."""
    machine: str
    versions: Mapping[str, str]

    @property
    def points(self) -> float:
        """All that was earned."""
        return sum(task.points for task in self.tasks)

    def part(self, name: str) -> Part | None:
        """The run of that name, if it is among them."""
        return next((part for part in self.parts if part.name == name), None)

    def parts_of(self, task: Task) -> tuple[Part, ...]:
        """The runs that belong to a task."""
        stages = load().unit(UNIT).stage(task.stage).runs
        return tuple(part for part in self.parts if part.stage in stages)

    def record(self) -> dict[str, Any]:
        """As JSON holds it, to be judged again elsewhere."""
        return {
            "made": self.made,
            "machine": self.machine,
            "versions": dict(self.versions),
            "tasks": [
                {**task.as_dict(), "file": self.files.get(task.number, "")} for task in self.tasks
            ],
            "runs": [part.record() for part in self.parts],
        }


def gather(client: Client, learner: Learner) -> Handed:
    """What a learner has to hand in.

    Raises:
        EngineError: There is nothing yet.
    """
    best, unit = earned(client.finished()), load().unit(UNIT)
    tasks = standing(unit, client.home, learner, best).tasks
    files = dict(_files(client.home, tasks))
    parts = tuple(_parts(client, best))
    if not parts and not files:
        raise EngineError(
            "There is nothing to hand in yet: no exercise was begun, and no run has earned points.",
            "`tutor pipeline --preset full` runs the chain with your own settings.",
        )
    return Handed(
        tasks,
        files,
        parts,
        time.strftime("%Y-%m-%d %H:%M"),
        str(machine(client.home.cards)),
        {"tutor": __version__, **versions()},
    )


def _files(home: Home, tasks: Iterable[Task]) -> Iterator[tuple[str, str]]:
    for task in tasks:
        exercise = lesson(task.lesson).exercise() if task.lesson else None
        if exercise and changed(home, exercise):
            yield (
                task.number,
                path(home, exercise).read_text(encoding="utf-8-sig", errors="replace"),
            )


def _parts(client: Client, best: Mapping[tuple[str, ...], Earned]) -> Iterator[Part]:
    """The chain of the best cascade, then the best student's where that is another's."""
    ids: dict[str, int] = {}
    if cascade := best.get((CASCADE.measure, SAVING.measure)):
        run = client.run(cascade.run)
        ids = pipeline.chain(client, run) or _by_hand(client, run)
    for name, number in ids.items():
        yield _part(client, name, number)
    student = best.get((STUDENT.measure,))
    if student is not None and student.run not in ids.values():
        run = client.run(student.run)
        sft = client.run(run.spec["adapter"])
        others = {"teach": sft.spec["teach"], "sft": sft.id, "student": run.id}
        for name, number in others.items():
            if number not in ids.values():
                yield _part(client, f"best_{name}", number)


def _by_hand(client: Client, cascade: Run) -> dict[str, int]:
    """What a cascade stands on that no chain has put together."""
    spec = cascade.spec
    sft = client.run(spec["sample"]).spec["adapter"]
    learnt = {} if sft is None else {"teach": client.run(sft).spec["teach"], "sft": sft}
    ids = {**learnt, "student": spec["student"], "teacher": spec["strong"]}
    ids |= {"sample": spec["sample"], "cascade": cascade.id}
    return {name: number for name, number in ids.items() if number is not None}


def _part(client: Client, name: str, number: int) -> Part:
    rows = client.predictions(number)
    kept = tuple({key: row[key] for key in PREDICTED} for row in rows)
    run, file = client.run(number), client.artifacts(number) / SAID
    said = run.kind == "cascade" and run.spec.get("own") and file.is_file()
    return Part(name, run, kept, json.loads(file.read_text(encoding="utf-8")) if said else {})
