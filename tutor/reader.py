"""Reads the engine's runs into snapshots and views. Lives on the watch's thread."""

from __future__ import annotations

from dataclasses import replace

from engine.cascades.prices import PriceTable, read
from engine.machine import machine
from engine.runs import pipeline
from engine.runs.card import card
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.snapshot import Run
from engine.runs.states import RUNNING
from lessons.kit import lab_run
from tutor import plan
from tutor.choice import Choice
from tutor.watch import LOG_LINES, RUNS, Snapshot, View

PAGE = 500
"""Samples read at a time."""


class Reader:
    """One client, and what it has read so far."""

    def __init__(self, home: Home) -> None:
        """Open the home. Runs of a worker that died are marked, and queued ones get a worker.

        Raises:
            EngineError: The home cannot be used, or its file cannot be read.
        """
        self.home = home
        self.client = Client(home, worker=lab_run.WORKER)
        self.snapshot = Snapshot()
        self._view: View | None = None
        self._last_sample = 0
        self._prices: PriceTable = read(home.path)

    def close(self) -> None:
        """Close the client."""
        self.client.close()

    def look(self, wanted: Choice | None, device: str = "auto") -> Snapshot:
        """All runs now, and the tutorial's stages among them.

        Args:
            wanted: What the learner chose; None takes what the newest chain was run with.
            device: Where the tutorial's runs are to compute.
        """
        before = self.snapshot
        runs = tuple(map(_steady, self.client.runs(limit=RUNS)))
        trouble = self._see_to_a_worker(runs)
        choice = wanted or (before.choice if before.ready else plan.last_choice(runs, device))
        choice = replace(choice, device=device)
        if before.ready and (runs, choice, trouble) == (
            before.runs,
            before.choice,
            before.trouble,
        ):
            return self._settle(before)
        chosen = plan.plan(choice, self._prices.of(choice.teacher))
        stages = plan.match(chosen, runs)
        self.snapshot = Snapshot(
            ready=True,
            runs=runs,
            choice=choice,
            presets=tuple(pipeline.PRESETS),
            tunings=tuple(pipeline.SETTINGS),
            stages=stages,
            specs=plan.specs(chosen, stages),
            card=card(self.client, {name: run.id for name, run in stages.items()}),
            machine=before.machine,
            trouble=trouble,
        )
        return self.snapshot

    def _see_to_a_worker(self, runs: tuple[Run, ...]) -> str:
        """Give waiting runs a worker if they have lost theirs; why they cannot have one, if so."""
        states = {run.state for run in runs}
        if "queued" not in states or "running" in states:
            return ""
        if trouble := self.client.trouble():
            return str(trouble)
        self.client.wake()
        return ""

    def _settle(self, snapshot: Snapshot) -> Snapshot:
        """What takes long and is asked once: the machine."""
        if not snapshot.machine:
            self.snapshot = replace(snapshot, machine=str(machine()))
        return self.snapshot

    def start(self, wanted: tuple[str, ...], again: bool = False) -> dict[str, int]:
        """Queue stages of the chosen chain and what they need; see `plan.start`."""
        self._prices = read(self.home.path)  # the learner may have changed them meanwhile
        choice = self.snapshot.choice
        chosen = plan.plan(choice, self._prices.of(choice.teacher))
        return plan.start(self.client, chosen, self.client.runs(limit=RUNS), wanted, again)

    def view(self, run_id: int) -> View:
        """One run in full; samples that were read before are not read again.

        Raises:
            RunNotFound: There is no such run.
        """
        run = _steady(self.client.run(run_id))
        if self._view is None or self._view.run.id != run_id:
            self._view, self._last_sample = None, 0
        elif self._view.run == run and not run.active:
            return self._view
        earlier = self._view.samples if self._view else ()
        self._view = View(
            run=run,
            metrics=self._metrics(run_id),
            samples=earlier + self._new_samples(run),
            log=tuple(self.client.log_tail(run_id, LOG_LINES)),
            log_path=str(self.home.log(run_id)),
        )
        return self._view

    def _metrics(self, run_id: int) -> dict[str, tuple[tuple[int, float], ...]]:
        """All figures: a late one, such as a validation loss, may have an early step."""
        series: dict[str, list[tuple[int, float]]] = {}
        for row in self.client.metrics(run_id):
            if row["value"] is not None:
                series.setdefault(row["name"], []).append((row["step"], row["value"]))
        return {name: tuple(points) for name, points in series.items()}

    def _new_samples(self, run: Run) -> tuple[dict, ...]:
        """What was judged since the last look, in its order."""
        ask = self.client.answers if run.kind == "teach" else self.client.predictions
        rows = ask(run.id, self._last_sample, PAGE)
        found = list(rows)
        while len(rows) == PAGE:
            rows = ask(run.id, rows[-1]["rowid"], PAGE)
            found += rows
        if found:
            self._last_sample = found[-1]["rowid"]
        return tuple(found)


def _steady(run: Run) -> Run:
    """A running run without what changes between two looks and is not seen on any screen."""
    if run.state != RUNNING:
        return run
    left = None if run.eta_seconds is None else float(round(run.eta_seconds))
    return replace(run, heartbeat=None, eta_seconds=left, seconds=float(round(run.seconds)))
