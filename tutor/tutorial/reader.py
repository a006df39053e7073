"""Reads the engine's runs into snapshots and views. Lives on the watch's thread."""

from __future__ import annotations

from dataclasses import replace

from engine.chain import pipeline
from engine.chain.answers import judged
from engine.chain.card import card
from engine.chain.size import size
from engine.errors import EngineError
from engine.evaluation.audit import with_scores
from engine.kinds import CASCADE, KINDS
from engine.machine import machine
from engine.printable import one_line, printable
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.snapshot import Run
from engine.runs.states import FINISHED, OPEN, RUNNING
from lessons.kit.course.course import load
from lessons.kit.worker import lab as lab_run
from tutor.learner.record import Learner
from tutor.tutorial.choice import Choice
from tutor.tutorial.chosen_chain import Chains, ChosenChain
from tutor.tutorial.snapshot import LOG_LINES, RUNS, Snapshot, View

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
        self.learner = Learner(home)
        self.snapshot = Snapshot()
        self.chains = Chains(self.client, self.learner, load().unit("tutorial"))
        self._view: View | None = None
        self._last_sample = 0
        self._looked_at: tuple | None = None
        self._tried = 0

    def close(self) -> None:
        """Close the client and the record."""
        self.client.close()
        self.learner.close()

    def look(self, wanted: Choice | None, device: str = "auto") -> Snapshot:
        """All runs now, and the tutorial's stages among them.

        Args:
            wanted: What the learner chose; None takes what the newest chain was run with.
            device: Where the tutorial's runs are to compute.
        """
        before = self.snapshot
        runs = tuple(map(_steady, self.client.runs(limit=RUNS)))
        trouble = self._see_to_a_worker(runs)
        kept, now = self.chains.settings(), self.chains.standing(runs)
        choice = wanted or (
            before.choice if before.ready else self.chains.last_choice(runs, device)
        )
        choice = replace(choice, device=device)
        looked_at = (runs, choice, trouble, kept, now, self.chains.machine)
        if looked_at == self._looked_at:
            return self._settle(before)
        self._looked_at = looked_at
        chosen = self.chains.chain(choice, runs)
        stages, specs = chosen.there, chosen.specs
        shown = {run.id: _shown(run) for run in runs}
        self.snapshot = Snapshot(
            ready=True,
            runs=tuple(shown.values()),
            choice=choice,
            presets=tuple(pipeline.PRESETS),
            tuning=kept.tuning,
            faults=kept.faults,
            tasks=now.tasks,
            stages={name: shown.get(run.id, run) for name, run in stages.items()},
            specs=specs,
            size=size(specs),
            forecasts=chosen.forecasts,
            foreseen={run.id: chosen.foresight.seconds(run) for run in runs if run.state in OPEN},
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
        """What takes long: the machine, asked once, and again when a worker has tried its cards."""
        found = self.home.cards
        tried = found.stat().st_mtime_ns if found.exists() else 0
        if self.chains.machine is None or tried != self._tried:
            self.chains.machine, self._tried = machine(found), tried
            self.snapshot = replace(snapshot, machine=str(self.chains.machine))
        return self.snapshot

    def chain(self) -> ChosenChain:
        """The chain as it is chosen, and as the home is now: what is started is started there.

        Raises:
            EngineError: The prices cannot be read.
        """
        return self.chains.chain(self.snapshot.choice)

    def view(self, run_id: int) -> View:
        """One run in full; samples that were read before are not read again.

        Raises:
            RunNotFound: There is no such run.
        """
        run = _shown(_steady(self.client.run(run_id)))
        if self._view is None or self._view.run.id != run_id:
            self._view, self._last_sample = None, 0
        elif self._view.run == run and not run.active:
            return self._view
        earlier = self._view.samples if self._view else ()
        self._view = View(
            run=run,
            metrics=self._metrics(run_id),
            samples=self._final(run) or earlier + self._new_samples(run),
            log=tuple(map(printable, self.client.log_tail(run_id, LOG_LINES))),
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

    def _final(self, run: Run) -> tuple[dict, ...]:
        """What a finished cascade answered; what it asked itself is only a part of that."""
        if run.kind != CASCADE.name or run.state != FINISHED:
            return ()
        try:
            return tuple(judged(self.client, run))
        except EngineError:  # such as where a run that it stands on is gone
            return ()

    def _new_samples(self, run: Run) -> tuple[dict, ...]:
        """What was judged since the last look, in its order."""
        kind = KINDS.get(run.kind)
        if kind is None or not kind.answers:
            return ()
        ask = getattr(self.client, kind.answers)
        rows = ask(run.id, self._last_sample, PAGE)
        found = list(rows)
        while len(rows) == PAGE:
            rows = ask(run.id, rows[-1]["rowid"], PAGE)
            found += rows
        if found:
            self._last_sample = found[-1]["rowid"]
        return tuple(map(with_scores, found))


def _shown(run: Run) -> Run:
    """A run with a sign for what a terminal would obey in its name; see `tutor.tui.unobeyed`."""
    lines = {name: one_line(getattr(run, name)) for name in ("title", "message", "unit")}
    return replace(run, **lines)


def _steady(run: Run) -> Run:
    """A running run without what changes between two looks and is not seen on any screen."""
    if run.state != RUNNING:
        return run
    left = None if run.eta_seconds is None else float(round(run.eta_seconds))
    return replace(run, heartbeat=None, eta_seconds=left, seconds=float(round(run.seconds)))
