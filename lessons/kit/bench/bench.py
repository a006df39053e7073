"""The bench: where labs are computed while the learner looks on, outside of the tutor's process.

    bench = Bench()
    bench.start()                                   # warms up while the learner reads
    bench.submit(folder, "absmax", {"bits": 4}, on_end=lambda ended: ...)
    figure = bench.compute(folder, "absmax", {"bits": 4})    # the same, waiting for it

One lab at a time, and the latest request wins: what waits is dropped, and what computes is asked to
stop; should it be done all the same, its figure comes before the newer one's. A lab is killed, and
a new child warms up, when it takes longer than its limit, or than :data:`PATIENCE_SECONDS` once a
later request waits, or than :data:`GRACE_SECONDS` after `cancel`.

All methods may be called from any thread and return at once, but for `compute` and `close`.
Callbacks come on the bench's own thread, or within `submit` and `cancel` for what they dropped; a
screen posts a message there.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from engine.errors import EngineError
from engine.figures import Figure
from lessons.kit.bench.link import COMMAND, Link
from lessons.kit.bench.request import Ended, LabFailed, NoFigure, Request, Why
from lessons.kit.lab import Progress

__all__ = ["Bench", "Ended", "LabFailed", "NoFigure"]

LIMIT_SECONDS = 20.0
"""A lab is killed after so long, from when it began."""
PATIENCE_SECONDS = 2.0
"""How long a lab may still compute once a later request waits."""
GRACE_SECONDS = 0.25
"""How long a cancelled lab has to end by itself, which keeps the child warm."""
START_SECONDS = 120.0
"""A child that is not ready after so long never will be."""


class Bench:
    """The labs' process, as its users see it."""

    def __init__(self, *, limit: float = LIMIT_SECONDS, command: Sequence[str] = COMMAND) -> None:
        """Starts nothing yet."""
        self.ready = threading.Event()
        """Set while a warm child waits or computes."""
        self._limit, self._command = limit, command
        self._ids = itertools.count(1)
        self._lock = threading.Lock()  # over the next five
        self._wanted = False  # a child, where none lives
        self._waiting: Request | None = None
        self._running: Request | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._link: Link | None = None  # the bench's own thread alone touches it
        self._ready_by = float("inf")

    def start(self) -> None:
        """Let a child warm up, if none lives.

        Raises:
            EngineError: The bench is closed.
        """
        with self._lock:
            self._want()

    def submit(
        self,
        folder: str | Path,
        lab: str,
        values: Mapping[str, Any],
        on_end: Callable[[Ended], object],
        on_progress: Progress | None = None,
        limit: float | None = None,
    ) -> int:
        """Ask for a figure; whatever was asked for before is given up.

        Args:
            folder: The lesson's.
            lab: The lab's name there.
            values: Its values, typed or ready; JSON can hold them.
            on_end: Called once, whatever comes of it.
            on_progress: Called with (done, total, message) as the lab tells them.
            limit: Seconds it may compute; None for the bench's own.

        Returns:
            The request's number. What comes of requests comes in their order.

        Raises:
            EngineError: The bench is closed.
        """
        place, limit = str(Path(folder).resolve()), limit or self._limit
        asked = Request(next(self._ids), place, lab, dict(values), limit, on_end, on_progress)
        self._give_up("superseded", PATIENCE_SECONDS, instead=asked)
        return asked.id

    def compute(
        self,
        folder: str | Path,
        lab: str,
        values: Mapping[str, Any],
        on_progress: Progress | None = None,
        limit: float | None = None,
    ) -> Figure:
        """The figure, waited for; not for the thread that draws.

        Raises:
            SpecError: A value cannot be.
            LabFailed: The lab came to nothing; the words say why.
            NoFigure: A later request or `cancel` came between.
        """
        ends: SimpleQueue[Ended] = SimpleQueue()
        self.submit(folder, lab, values, ends.put, on_progress, limit)
        ended = ends.get()
        if ended.error is not None:
            raise ended.error
        if ended.figure is None:
            raise NoFigure(f"The lab {lab} was {ended.stopped} before it had a figure.")
        return ended.figure

    def cancel(self) -> None:
        """Give up what waits and what computes."""
        self._give_up("cancelled", GRACE_SECONDS)

    def close(self) -> None:
        """Give up everything and end the child. A closed bench stays closed."""
        with self._lock:
            thread, first = self._thread, not self._closing
            self._closing = True
            if first and thread is not None:  # woken only now, so that it sees that it must end
                with contextlib.suppress(BlockingIOError):
                    os.write(self._wake, b".")
            elif first:
                self._close_pipes()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _give_up(self, why: Why, patience: float, instead: Request | None = None) -> None:
        with self._lock:
            if instead is not None:
                self._want()
            dropped, self._waiting = self._waiting, instead
            if self._running is not None:
                self._running.stop(why, patience)
            self._poke()
        if dropped is not None:
            dropped.end(stopped=why)

    def _want(self) -> None:
        if self._closing:
            raise EngineError("The bench is closed.")
        self._wanted = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="bench", daemon=True)
            self._thread.start()
        self._poke()

    def _poke(self) -> None:
        """Wake the bench's thread; the lock is held. A full pipe wakes it too."""
        if not self._closing:
            with contextlib.suppress(BlockingIOError):
                os.write(self._wake, b".")

    def _close_pipes(self) -> None:
        os.close(self._woken)
        os.close(self._wake)

    # On the bench's own thread

    def _serve(self) -> None:
        try:
            while not self._closing:
                self._begin()
                watched = [self._woken, *([self._link.read] if self._link else [])]
                seen, _, _ = select.select(watched, [], [], self._patience())
                if self._woken in seen:
                    os.read(self._woken, 4096)
                if self._link is not None and self._link.read in seen:
                    self._hear(self._link)
                self._kill_overdue()
        finally:
            self._end_child()
            with self._lock:
                self._closing = True
                left = self._running, self._waiting
                self._running = self._waiting = None
            for each in left:
                if each is not None:
                    each.end(stopped="cancelled")
            self._close_pipes()

    def _begin(self) -> None:
        """Start a child where one is wanted, hand it what waits, pass on that it is to stop."""
        with self._lock:
            start = self._link is None and self._wanted
            self._wanted = False
        if start:
            try:
                self._link = Link(self._command)
                self._ready_by = time.monotonic() + START_SECONDS
            except OSError as error:
                self._lost(f"The process for labs cannot be started: {error}.")
        if self._link is None or not self.ready.is_set():
            return
        with self._lock:
            running, asked = self._running, None
            if running is None and self._waiting is not None:
                asked, self._running, self._waiting = self._waiting, self._waiting, None
                asked.deadline = time.monotonic() + asked.limit
        if asked is not None:
            self._link.send(
                id=asked.id,
                folder=asked.folder,
                lab=asked.lab,
                values=asked.values,
                limit=asked.limit,
            )
        elif running is not None and running.stopping and not running.told_to_stop:
            running.told_to_stop = True
            self._link.send(stop=running.id)

    def _patience(self) -> float | None:
        """Seconds until something is overdue."""
        running = self._running
        due = running.deadline if running is not None else float("inf")
        if self._link is not None and not self.ready.is_set():
            due = min(due, self._ready_by)
        return None if due == float("inf") else max(0.0, due - time.monotonic())

    def _hear(self, link: Link) -> None:
        answers = link.receive()
        if answers is None:
            words = link.last_words()
            self._end_child()
            self._lost(f"The process for labs ended unexpectedly, {words.splitlines()[0]}.", words)
            return
        for answer in answers:
            running = self._running
            if answer.get("ready"):
                self.ready.set()
            elif running is None or answer["id"] != running.id:
                continue
            elif "progress" in answer:
                running.progress(*answer["progress"])
            else:
                with self._lock:
                    self._running = None
                running.end_with(answer)

    def _kill_overdue(self) -> None:
        now, running = time.monotonic(), self._running
        if self._link is not None and not self.ready.is_set() and now >= self._ready_by:
            self._end_child()
            self._lost(f"The process for labs was not ready after {START_SECONDS:.0f} seconds.")
        elif running is not None and now >= running.deadline:
            self._end_child()
            with self._lock:
                self._running, self._wanted = None, True  # the next one warms up at once
            running.fail(
                f"The lab {running.lab} took longer than {running.limit:g} seconds "
                "and was stopped.",
                "Choose values that ask for less.",
            )

    def _lost(self, what: str, detail: str = "") -> None:
        """The child is gone: what it computed fails; what waits, if it never got so far, too."""
        with self._lock:
            lost = self._running or self._waiting
            if lost is self._waiting:
                self._waiting = None
            self._running = None
            self._wanted = self._waiting is not None
        if lost is not None:
            lost.fail(what, "Try again; another process is started.", detail)

    def _end_child(self) -> None:
        self.ready.clear()
        if self._link is not None:
            self._link.kill()
            self._link = None
