"""A run as the worker sees it: what a kind writes down while it computes.

A kind is a function `compute(spec, record) -> result`. It writes what it has as soon as it has it,
asks `stopping()` between batches or steps, and leaves by `Paused` or `Cancelled` once whatever it
needs to carry on is on the disk. Run again on a run that has rows, it carries on from them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from engine.runs import evidence, smaller
from engine.runs.home import Home, private_folder
from engine.runs.logs import append, redacted
from engine.runs.own import Code, Own, Provider, no_provider
from engine.runs.snapshot import Run, to_json
from engine.runs.store import ATTEMPT_SECONDS, Store
from engine.runs.warm import Warm

PROGRESS_SECONDS = 0.1
"""Progress is written at most this often; rows and messages always."""
PACE_SECONDS = 30.0
"""The ETA goes by the pace of at most so many recent seconds."""


Compute = Callable[[Any, "Recorder"], dict[str, Any]]
"""What a kind of run is: takes the spec and the record; returns the result, which JSON can hold."""


class Paused(Exception):
    """The kind has stopped where it can carry on; its run is paused or interrupted.

    With words, such as `Paused("The day's requests are used up.")`, it has done so by itself, and
    they say why and when it can go on.
    """


class Cancelled(Exception):
    """The kind has stopped for good."""


class Recorder:
    """Writes one run's progress and evidence, each call in its own short transaction."""

    def __init__(
        self,
        store: Store,
        run: Run,
        *,
        warm: Warm | None = None,
        leaving: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        own: Provider = no_provider,
    ) -> None:
        """Record for `run`.

        Args:
            store: Where.
            run: Which, as it stood when it was claimed.
            warm: Models kept from run to run.
            leaving: Whether the worker itself has been told to end.
            clock: Seconds, for the pace.
            own: Runs code of one's own in a process of its own.
        """
        self.store = store
        self.run = run
        self.warm = warm if warm is not None else Warm()
        self._leaving = leaving
        self._own = own
        self._pace = Pace(clock)
        self._clock = clock
        self._message = ""
        self._written = float("-inf")
        self._unwritten: Mapping[str, object] | None = None

    @property
    def home(self) -> Home:
        """The home folder, for `home.models` and the like."""
        return self.store.home

    @property
    def folder(self) -> Path:
        """The folder of this run's artifacts; it exists."""
        return self.folder_of(self.run.id)

    def folder_of(self, run_id: int) -> Path:
        """The folder of any run's artifacts, such as the adapter of an sft run; it exists."""
        return private_folder(self.home.artifacts(run_id))

    # What is asked of the kind

    def stopping(self) -> str | None:
        """`pause` or `cancel` where a client asks for it, or the worker must end; else None."""
        request = self.store.request(self.run.id)
        return request or ("pause" if self._leaving() else None)

    def leave_if_asked(self) -> None:
        """Raise Paused or Cancelled where that is asked; for kinds whose rows are all they need."""
        match self.stopping():
            case "pause":
                raise Paused
            case "cancel":
                raise Cancelled

    def own(self, own: Own) -> AbstractContextManager[Code]:
        """Code of one's own, loaded in a process of its own for as long as the block lasts.

        What it prints goes into the run's log. Raises Fault where it cannot be loaded, and
        EngineError where this worker cannot run any.
        """
        return self._own(own.source, self.log, self.leave_if_asked)

    def at_most(self) -> int | None:
        """How many are computed at once, if fewer than the spec says."""
        return self.other(self.run.id).environment.get(smaller.NOTED)

    # What the kind has

    def progress(
        self, done: float, total: float, unit: str | None = None, message: str = ""
    ) -> None:
        """How far it is, in `unit`s; the ETA follows from how this has grown lately."""
        values = self._progressed(done, total, unit, message)
        news = message != self._message or done >= total
        self._message = message
        if news or self._clock() - self._written >= PROGRESS_SECONDS:
            self._write(values)
        else:
            self._unwritten = values

    def take_fewer(self, size: int, what: str, why: str) -> None:
        """From now on so many at once: in this attempt, and in those that carry on."""
        self.environment(**{smaller.NOTED: size}, fallbacks=[{"what": what, "why": why}])
        self.log(f"{what}: {why}")

    def say(self, message: str) -> None:
        """What it does just now, where how far it is has not changed."""
        run = self.store.run(self.run.id)
        self.progress(run.done, run.total, message=message)

    def metric(self, step: int, **values: float) -> None:
        """Figures of a step: `metric(25, loss=0.41, learning_rate=5e-4)`."""
        with self.store.database.transaction(durable=False) as connection:
            evidence.add_metrics(connection, self.run.id, step, values)

    def predictions(self, rows: Iterable[Mapping[str, Any]], done: float, total: float) -> None:
        """Judged samples of a batch, with how far the run is now, in one transaction."""
        self._add(evidence.add_predictions, rows, done, total)

    def answers(
        self, rows: Iterable[Mapping[str, Any]], done: float | None = None, total: float = 0
    ) -> None:
        """A teacher's answers, with how far the run is now where that is given."""
        self._add(evidence.add_answers, rows, done, total)

    def failures(
        self, rows: Iterable[Mapping[str, Any]], done: float | None = None, total: float = 0
    ) -> None:
        """Problems that the teacher could not answer, each with its `reason`."""
        self._add(evidence.add_failures, rows, done, total)

    def log(self, line: str) -> None:
        """A line for the run's log; secrets are blotted out."""
        append(self.home.log(self.run.id), line)

    def environment(self, **more: object) -> None:
        """Add to what is needed to repeat the run.

        Mappings are merged (`fingerprints={"model": ...}`), lists joined without repeats
        (`fallbacks=[{"what": ..., "why": ...}]`), other values replaced (`device="cuda:0"`).
        """
        known = self.store.run(self.run.id).environment
        for name, value in more.items():
            before = known.get(name)
            if isinstance(value, Mapping) and isinstance(before, Mapping):
                value = {**before, **value}
            elif isinstance(value, (list, tuple)) and isinstance(before, list):
                value = before + [each for each in value if each not in before]
            known[name] = value
        with self.store.database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET environment = ? WHERE id = ?", (to_json(known), self.run.id)
            )

    # What is there already

    def done_predictions(self, run_id: int | None = None) -> list[dict[str, Any]]:
        """The predictions of this run so far, or those of another."""
        return evidence.predictions(self.store.database, run_id or self.run.id)

    def done_answers(self, run_id: int | None = None) -> list[dict[str, Any]]:
        """The teacher's answers in this run so far, or those in another."""
        return evidence.answers(self.store.database, run_id or self.run.id)

    def done_failures(self, run_id: int | None = None) -> list[dict[str, Any]]:
        """The problems that the teacher has failed in this run so far, or in another."""
        return evidence.failures(self.store.database, run_id or self.run.id)

    def known_problems(self) -> dict[str, tuple[str, str]]:
        """The id and the gold answer of every question that this home's runs were ever asked."""
        return evidence.known_problems(self.store.database)

    def other(self, run_id: int) -> Run:
        """A snapshot of another run. Raises RunNotFound."""
        return self.store.run(run_id)

    @property
    def threads(self) -> int | None:
        """Threads that torch computes with; the same in every attempt, for equal bytes."""
        return self.store.run(self.run.id).environment.get("threads")

    def flush(self) -> None:
        """Write the progress that has been held back."""
        if self._unwritten is not None:
            self._write(self._unwritten)

    def _add(
        self,
        add: Callable[..., None],
        rows: Iterable[Mapping[str, Any]],
        done: float | None,
        total: float,
    ) -> None:
        rows = list(rows)
        values = None if done is None else self._progressed(done, total, None, None)
        with self.store.database.transaction() as connection:
            add(connection, self.run.id, rows)
            if values is not None:
                connection.execute(_PROGRESS, values)
                self._unwritten, self._written = None, self._clock()

    def _progressed(
        self, done: float, total: float, unit: str | None, message: str | None
    ) -> dict[str, object]:
        now = time.time()
        message = None if message is None else redacted(message)
        return {
            "done": done, "total": total, "unit": unit, "message": message,
            "left": self._pace.left(done, total), "now": now, "clock": time.monotonic(),
            "id": self.run.id,
        }  # fmt: skip

    def _write(self, values: Mapping[str, object]) -> None:
        with self.store.database.transaction(durable=False) as connection:
            connection.execute(_PROGRESS, values)
        self._unwritten, self._written = None, self._clock()


_PROGRESS = f"""
    UPDATE runs SET done = :done, total = :total, unit = coalesce(:unit, unit),
    message = coalesce(:message, message), eta_seconds = :left, progressed = :now, heartbeat = :now,
    attempt_seconds = {ATTEMPT_SECONDS} WHERE id = :id
"""


class Pace:
    """How fast something grows lately, and so how long the rest takes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Forgets what is older than `PACE_SECONDS`, but for the last two points."""
        self._clock = clock
        self._points: deque[tuple[float, float]] = deque()

    def left(self, done: float, total: float) -> float | None:
        """Seconds until `total` is reached; None until it has been seen to grow."""
        now = self._clock()
        if self._points and done < self._points[-1][1]:
            self._points.clear()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[1][0] > PACE_SECONDS:
            self._points.popleft()
        start, had = self._points[0]
        if done <= had or now <= start:
            return None
        return max(0.0, (total - done) * (now - start) / (done - had))
