"""The engine's runs as they stand at one moment: what screens, prompts and commands show.

Both are immutable, and cheap to compare with the ones before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.runs.chains import Chain, chains
from tutor.tutorial.choice import Choice

if TYPE_CHECKING:
    from engine.chain.card import ScoreCard
    from engine.chain.forecast import Forecast
    from engine.chain.size import Size
    from engine.chain.tuning import Tuning
    from engine.runs.snapshot import Run
    from tutor.tutorial.tasks import Task

LOG_LINES = 400
"""Lines of a run's log that a view holds; the file itself has them all."""
RUNS = 200
"""Runs that a snapshot holds, the newest."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All runs at one moment."""

    ready: bool = False
    """False until the runs were read for the first time."""
    runs: tuple[Run, ...] = ()
    """Newest first."""
    choice: Choice = field(default_factory=Choice)
    """What the tutorial is run with."""
    presets: tuple[str, ...] = ()
    """Sizes that there are."""
    tuning: Tuning | None = None
    """The learner's settings and policy."""
    faults: tuple[str, ...] = ()
    """What is wrong with the file that they are in."""
    tasks: tuple[Task, ...] = ()
    """The five tasks: points, and whose code the chain computes with."""
    stages: Mapping[str, Run] = field(default_factory=dict)
    """The run of each pipeline stage that this choice has."""
    specs: Mapping[str, dict] = field(default_factory=dict)
    """The spec of each pipeline stage, as it has run or would be run now."""
    size: Size | None = None
    """How much this choice is taught and judged on."""
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)
    """What each pipeline stage would take, run now."""
    foreseen: Mapping[int, float | None] = field(default_factory=dict)
    """Seconds that each run takes in all that is not over, where that can be foreseen."""
    card: ScoreCard | None = None
    """The score card of those stages."""
    machine: str = ""
    """What computes: `GPU H200`, `CPU, 2 cores`."""
    trouble: str = ""
    """Why runs cannot be read or do not start, in plain words; empty while all is well."""

    @property
    def points(self) -> float:
        """Of all tasks."""
        return sum(task.points for task in self.tasks)

    def task(self, stage: str) -> Task | None:
        """The task of a stage, by its id."""
        return next((task for task in self.tasks if task.stage == stage), None)

    @property
    def chains(self) -> list[Chain]:
        """The runs that are not over, as they hang together."""
        return chains(self.runs)

    def run(self, run_id: int) -> Run | None:
        """The run of that number, if it is among these."""
        return next((run for run in self.runs if run.id == run_id), None)


@dataclass(frozen=True, slots=True)
class View:
    """One run in full, at one moment."""

    run: Run
    metrics: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    """(step, value) by name, in the order of steps."""
    samples: tuple[dict, ...] = ()
    """Predictions or teacher answers, in the order they were judged."""
    log: tuple[str, ...] = ()
    """The last lines of its log."""
    log_path: str = ""
    """Where the whole log is."""
