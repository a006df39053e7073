"""All that a screen or a command needs of runs: submit, follow, pause, resume, cancel.

A client owns nothing of a run. It writes a row and sees to it that a worker is there; whoever opens
the same home later, or beside it, sees the same runs. It imports nothing heavy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError, SpecError
from engine.runs import chains, evidence
from engine.runs.home import Home
from engine.runs.launch import WORKER, Launcher
from engine.runs.lock import Lock
from engine.runs.logs import tail
from engine.runs.states import RESUMABLE, RUNNING
from engine.runs.store import Run, Store

if TYPE_CHECKING:
    from engine.runs.submitted import Submitted

__all__ = ["Client", "Run"]

STALE_SECONDS = 5.0
"""A heartbeat this far from now is reason to look whether the worker still lives."""


class Client:
    """The runs of one home. Threads may share it."""

    def __init__(self, home: Home | str | Path, *, worker: Sequence[str] | None = WORKER) -> None:
        """Open the home; runs whose worker died are marked, and waiting ones get a worker.

        Args:
            home: The home, or its folder.
            worker: The command that starts a worker where one is needed; with None, a run
                waits until somebody else starts one.

        Raises:
            EngineError: the home or its database cannot be used.
        """
        self.home = home if isinstance(home, Home) else Home(Path(home))
        self.store = Store(self.home)
        self._launcher = Launcher(self.home, worker) if worker is not None else None
        self.store.settle()
        self.sweep()
        self.wake()

    def close(self) -> None:
        """Close the database; runs go on."""
        self.store.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        kind: str,
        spec: Submitted,
        after: Iterable[int] = (),
        noted: Mapping[str, Any] | None = None,
    ) -> int:
        """Put a run into the queue and see to it that a worker is there.

        Args:
            kind: What is computed.
            spec: The spec of that kind.
            after: Runs to wait for, besides those that the spec itself names.
            noted: What its record is to say from the start and that decides no result, such as
                a forecast; it stands in the run's environment.

        Returns:
            The run's number.

        Raises:
            ModelNotFound: it names a file or a folder that holds no model to be loaded.
            SpecError: a field cannot be right.
            EngineError: it could not be computed now; its spec says why.
            RunNotFound: it is to wait for a run that does not exist.
        """
        spec.check()
        needs = spec.needs()
        for field, run_id in needs.items():
            needed = self.store.run(run_id)
            if needed.kind != spec.needs_kinds[field]:
                what = f"{field} is run {run_id}, which is of kind {needed.kind}."
                wanted = f"Name a run of kind {spec.needs_kinds[field]}."
                raise SpecError(field, run_id, what, wanted)
        spec = spec.anchored()
        spec.ready(self.home, self._spec_of)
        waits_for = {*after, *needs.values()}
        run_id = self.store.submit(
            kind, spec.titled(self._spec_of), spec.to_dict(), waits_for, noted
        )
        self.wake()
        return run_id

    @contextmanager
    def together(self) -> Iterator[None]:
        """What the block submits and resumes is seen by others all at once, or not at all."""
        with self.store.database.transaction():
            yield
        self.wake()

    def run(self, run_id: int) -> Run:
        """How a run stands now. Raises RunNotFound."""
        run = self.store.run(run_id)
        return self.store.run(run_id) if self._sweep_if_stale([run]) else run

    def runs(self, limit: int = 50) -> list[Run]:
        """The newest runs, newest first."""
        runs = self.store.runs(limit)
        return self.store.runs(limit) if self._sweep_if_stale(runs) else runs

    def finished(self) -> list[Run]:
        """Every run that has finished, oldest first: what points and forecasts stand on."""
        return self.store.finished()

    def metrics(self, run_id: int, after_step: int = -1) -> list[dict[str, Any]]:
        """`name`, `step`, `value` and `at`, by step; a value that is not finite is None."""
        return evidence.metrics(self.store.database, run_id, after_step)

    def predictions(
        self, run_id: int, after_rowid: int = 0, limit: int = -1
    ) -> list[dict[str, Any]]:
        """Judged samples as they came, each with its `rowid`; all where `limit` is -1."""
        return evidence.predictions(self.store.database, run_id, after_rowid, limit)

    def answers(self, run_id: int, after_rowid: int = 0, limit: int = -1) -> list[dict[str, Any]]:
        """A teacher's answers as they came, each with its `rowid`."""
        return evidence.answers(self.store.database, run_id, after_rowid, limit)

    def failures(self, run_id: int, after_rowid: int = 0, limit: int = -1) -> list[dict[str, Any]]:
        """Problems that the teacher has failed so far, each with its `reason`."""
        return evidence.failures(self.store.database, run_id, after_rowid, limit)

    def log_tail(self, run_id: int, lines: int = 20) -> list[str]:
        """The last lines of a run's log."""
        return tail(self.home.log(run_id), lines)

    def artifacts(self, run_id: int) -> Path:
        """The folder of a run's files; it may not exist yet."""
        return self.home.artifacts(run_id)

    def pause(self, run_id: int) -> Run:
        """Ask for a pause; the worker saves what it needs to carry on, then ends the run.

        Raises:
            EngineError: the run has come to its end.
            RunNotFound: there is no such run.
        """
        return self.store.pause(run_id)

    def cancel(self, run_id: int) -> Run:
        """Cancel a run: at once where it does not run, else as soon as the worker sees it.

        What needs it is cancelled with it, and what was only for those; see `going_with`.
        """
        return self.store.cancel(run_id)

    def going_with(self, run_id: int) -> list[Run]:
        """What `cancel` would cancel with a run, oldest first. Raises RunNotFound."""
        return self.store.going_with(run_id)

    def chain(self, run_id: int) -> list[Run]:
        """The runs that are not over and hang together with this one, oldest first.

        Raises:
            EngineError: It is over.
            RunNotFound: There is no such run.
        """
        run = self.store.run(run_id)
        found = chains.chains_with([run_id], self.store.open())
        if not found:
            raise EngineError(f"Run {run_id} is {run.state}: its chain does not go on with it.")
        return list(found[0].runs)

    def pause_all(self, run_ids: Iterable[int]) -> list[Run]:
        """Pause those of these runs that something would still happen to; all at once."""
        return self._each(run_ids, self.store.pause, lambda run: run.active)

    def resume_all(self, run_ids: Iterable[int]) -> list[Run]:
        """Let those of these runs go on that stand still; a pause not yet obeyed is withdrawn."""
        return self._each(run_ids, self.store.resume, _may_resume)

    def cancel_all(self, run_ids: Iterable[int]) -> list[Run]:
        """Cancel these runs; what has failed by itself stays as it is, to be read."""
        return self._each(run_ids, self.store.cancel, chains.may_cancel)

    def _each(
        self, run_ids: Iterable[int], do: Callable[[int], Run], may: Callable[[Run], bool]
    ) -> list[Run]:
        """Do it to each that it may be done to, the oldest first."""
        with self.together():
            asked = map(self.store.run, sorted(set(run_ids)))
            chosen = [run.id for run in asked if may(run)]
            for run_id in chosen:
                do(run_id)
        return [self.store.run(run_id) for run_id in chosen]

    def resume(self, run_id: int, at_most: int | None = None) -> Run:
        """Queue a paused, interrupted or failed run again; it carries on from where it stood.

        Args:
            run_id: Which.
            at_most: How many problems or rows are computed at once from now on, where memory asks
                for fewer than it began with.

        Raises:
            SpecError: It cannot be cut into such pieces.
            EngineError: The run has come to its end, or cannot be changed now.
        """
        self.store.resume(run_id, at_most)
        self.wake()
        return self.store.run(run_id)

    def go_on(self, run_id: int) -> list[Run]:
        """Let a run go on; where nothing of its chain does, all of that: it was paused as one.

        Raises:
            EngineError: As `resume`.
        """
        found = chains.chains_with([run_id], self.store.open())
        if found and len(found[0].runs) > 1 and not found[0].moves:
            return self.resume_all(run.id for run in found[0].runs)
        return [self.resume(run_id)]

    def follow(self, run_id: int, every: float = 0.25) -> Iterator[Run]:
        """Snapshots as they change, until nothing more happens to the run by itself.

        The last one is finished, failed, cancelled, paused or interrupted.

        Raises:
            EngineError: the worker cannot be started, or ended with an error.
            RunNotFound: there is no such run.
        """
        shown: Run | None = None
        while True:
            run = self.run(run_id)
            if shown is None or replace(run, eta_seconds=shown.eta_seconds) != shown:
                shown = run
                yield run
            if not run.active:
                return
            if run.state != RUNNING and (trouble := self.trouble()):
                raise trouble
            self.wake()
            time.sleep(every)

    def wake(self) -> None:
        """Start the detached worker, if a run is ready and no worker lives."""
        if self.store.database.in_transaction:  # the worker would not see it yet
            return
        if self._launcher is not None and self.store.ready() is not None:
            self._launcher.launch()

    def trouble(self) -> EngineError | None:
        """Why the worker that this client started last came to nothing; None if all is well."""
        return self._launcher.trouble() if self._launcher is not None else None

    def sweep(self) -> list[int]:
        """Mark the running runs as interrupted if no worker lives; returns which.

        Where it did, those that wait behind them get a worker.
        """
        if not self.store.running():
            return []
        lock = Lock(self.home.lock)
        if not lock.acquire():
            return []
        try:  # with the lock held, no worker can begin a run meanwhile
            swept = self.store.interrupt(self._launcher.status() if self._launcher else None)
        finally:
            lock.release()
        self.wake()
        return swept

    def _spec_of(self, run_id: int) -> Mapping[str, Any]:
        return self.store.run(run_id).spec

    def _sweep_if_stale(self, runs: Iterable[Run]) -> bool:
        """Whether a run that looked dead was; a tutor that stays open finds out so."""
        now = time.time()  # which may have been set back: a heartbeat to come proves no life
        if not any(
            run.state == RUNNING and abs(now - (run.heartbeat or 0)) > STALE_SECONDS for run in runs
        ):
            return False
        return bool(self.sweep())


def _may_resume(run: Run) -> bool:
    return run.state in RESUMABLE or (run.state == RUNNING and run.request == "pause")
