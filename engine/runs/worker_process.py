"""The process that computes: `python -m engine.runs.worker --home DIR`.

What kinds of run there are, and how a spec of them is read, it is given: by that command those of
`engine.kinds`.

One for a home at a time. It holds the home's lock for as long as it lives, takes ready runs oldest
first, and leaves when nothing has come for a while. It is told what to do by rows alone: there is
no pipe, port or signal that a tutor would need to keep open.

Kill it at any moment: the kernel frees the lock, the next client marks the run interrupted, and
`resume` carries on. SIGTERM is the gentle way: the kind saves what it needs, the run is
interrupted, and the process ends. It also ends by itself after an error that costs it its card,
as whatever it computed there would fail with that same error; a new one takes what waits.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from engine import child_process
from engine.device_errors import first_line, lost, out_of_memory
from engine.errors import EngineError
from engine.runs import death
from engine.runs.environment import Peak, differences, environment, set_threads, write_down_cards
from engine.runs.home import Home, out_of_room
from engine.runs.lock import Lock
from engine.runs.logs import redacted
from engine.runs.looking import beside
from engine.runs.own import Provider, no_provider
from engine.runs.record import Cancelled, Compute, Paused, Recorder
from engine.runs.states import CANCELLED, FAILED, FINISHED, INTERRUPTED, PAUSED
from engine.runs.store import Run, Store
from engine.runs.submitted import Read, as_it_stands
from engine.runs.warm import Warm, release

IDLE_SECONDS = 20.0
"""How long it waits for the next run, warm, before it leaves."""
LOOK_SECONDS = 0.2
"""How often it looks for one."""
BEAT_SECONDS = 1.0
"""How often it says that it lives, while it computes."""
PATIENCE_SECONDS = 2.0
"""How long it waits for the lock: a client holds it for a moment to mark dead runs."""
NICENESS = 10
"""What it is at least, so that the screen stays quick on a machine that it fills."""
LEAST_ROOM = 1 << 20
"""Bytes free on the home's disk, below which an error that nobody foresaw is put down to that."""
IMPORTS = ("torch", "transformers", "bitsandbytes", "peft", "datasets", "trl")
"""What it imports while it waits; together they take many seconds."""


class Worker:
    """Computes the runs of one home, one after another."""

    def __init__(
        self,
        home: Home,
        compute: Callable[[str], Compute],
        read: Read = as_it_stands,
        *,
        idle_seconds: float = IDLE_SECONDS,
        imports: Sequence[str] = (),
        own: Provider = no_provider,
    ) -> None:
        """Work on `home`.

        Args:
            home: Whose runs.
            compute: Gives the function for a kind.
            read: Makes the spec that it takes.
            idle_seconds: When it leaves, after the last run.
            imports: Modules to import while it waits.
            own: Runs code of one's own.
        """
        self.store = Store(home)
        self.lost_card = False
        """Whether it left since its card answers it no more, and another process must go on."""
        self._compute, self._read = compute, read
        self._idle_seconds = idle_seconds
        self._warm = Warm()
        self._own = own
        self._leaving = threading.Event()
        self._told_cards = False
        self._importing = threading.Lock()
        self._imports = threading.Thread(
            target=_import, args=(imports, self._importing), daemon=True
        )

    def leave(self) -> None:
        """End soon: what runs is asked to stop where it can carry on. Any thread may call it."""
        self._leaving.set()

    def work(self) -> None:
        """Compute until nothing is left to do, if no other worker lives."""
        lock = Lock(self.store.home.lock)
        lock.keep_from_children()
        while lock.acquire(PATIENCE_SECONDS):
            try:
                self.store.interrupt()  # what still says running, with no worker but this one
                self._until_idle()
            finally:
                lock.release()
            # A client that saw the lock held started no worker. Its run was there by then, so
            # it is seen here, after the lock was let go.
            if self._leaving.is_set() or self.store.ready() is None:
                return

    def _until_idle(self) -> None:
        leave_at = time.monotonic() + self._idle_seconds
        while not self._leaving.is_set():
            run = self.store.claim() if self.store.ready() is not None else None
            if run is not None:
                self._run(run)
                leave_at = time.monotonic() + self._idle_seconds
                continue
            if time.monotonic() >= leave_at:
                return
            if self._imports.ident is None:
                self._imports.start()
            elif not self._imports.is_alive():
                self._tell_cards()
            self._leaving.wait(LOOK_SECONDS)

    def _run(self, run: Run) -> None:
        leaving = self._leaving.is_set
        record = Recorder(self.store, run, warm=self._warm, leaving=leaving, own=self._own)
        with Heart(self.store.home, run.id, partial(_note, record)):
            try:
                record.log(f"run {run.id}, attempt {run.attempts}: {run.title}")
                result = self._result(run, record)
                record.flush()
                self.store.end(run.id, FINISHED, result=result)
            except Paused as paused:
                self._stopped(run, record, str(paused))
            except Cancelled:
                self.store.end(run.id, CANCELLED)
            except Exception as error:  # whatever a kind raises ends the run, not the worker
                self._failed(run, record, error)
        _note(record, self.store.run(run.id).state)
        if not self.lost_card:  # which would answer with its error
            release()  # what a training leaves in cycles would count as the next run's memory

    def _failed(self, run: Run, record: Recorder, error: Exception) -> None:
        what, way_out = self._words(run, error)
        if lost(error):
            self.lost_card = True
            self.leave()
        if not isinstance(error, EngineError):
            _note(record, "".join(traceback.format_exception(error)))
        _note(record, f"{what} {way_out}".rstrip())
        record.flush()
        error_words = {"what": redacted(what), "way_out": redacted(way_out)}
        self.store.end(run.id, FAILED, error=error_words)

    def _result(self, run: Run, record: Recorder) -> dict:
        self._describe(run, record)
        record.progress(run.done, run.total, message="loading libraries")
        compute = beside(partial(self._imported, run.kind), record.leave_if_asked)
        self._tell_cards()
        threads = set_threads(run.environment.get("threads"))
        if threads is not None:
            record.environment(threads=threads)
        spec = self._read(run.kind, run.spec)
        record.progress(run.done, run.total)
        peak = Peak()
        result = compute(spec, record)
        record.environment(peak=peak.told(self.store.run(run.id).environment.get("device")))
        return result

    def _imported(self, kind: str) -> Compute:
        with self._importing:  # two threads that import the same packages can deadlock
            return self._compute(kind)

    def _tell_cards(self) -> None:
        """Once: the tutor shows of cards what torch can use, and never loads it itself."""
        if not self._told_cards:
            with contextlib.suppress(OSError):  # a full disk: then they stay "not yet tried"
                self._told_cards = write_down_cards(self.store.home.cards)

    def _describe(self, run: Run, record: Recorder) -> None:
        record.environment(**{death.NOTED: death.counts()})
        now = environment()
        if "versions" not in run.environment:  # what was noted when it was submitted stays
            record.environment(**now, seed=run.spec.get("seed"))
            return
        changed = differences(run.environment, now)
        for each in changed:
            record.log(each)
        record.environment(changed=changed)

    def _stopped(self, run: Run, record: Recorder, words: str) -> None:
        record.flush()
        if words:
            _note(record, words)
            self.store.end(run.id, PAUSED, message=redacted(words))
        elif self._leaving.is_set() and self.store.request(run.id) is None:
            self.store.end(run.id, INTERRUPTED, message="The worker was told to end.")
        else:
            self.store.end(run.id, PAUSED)

    def _words(self, run: Run, error: Exception) -> tuple[str, str]:
        home = self.store.home
        if isinstance(error, EngineError):
            return error.what, error.way_out
        if out_of_memory(error):
            return (
                "There was not enough memory to go on.",
                f"Close other programs, then `tutor resume {run.id}`; --batch-size N takes fewer "
                "problems or rows at once.",
            )
        if lost(error):
            return (
                f"The card gave up on what it was computing: {first_line(error)}.",
                f"`tutor resume {run.id}` tries again in a new process. The details are in "
                f"{home.log(run.id)}.",
            )
        # torch.save says only that a position was unexpected.
        if out_of_room(error) or shutil.disk_usage(home.path).free < LEAST_ROOM:
            return f"The disk under {home.path} is full.", f"Free space; `tutor resume {run.id}`."
        return (
            f"Something that the program did not foresee stopped it ({type(error).__name__}).",
            f"The details are in {home.log(run.id)}. `tutor resume {run.id}` tries again.",
        )


class Heart:
    """Says every second that the run's worker lives, over a connection of its own."""

    def __init__(self, home: Home, run_id: int, log: Callable[[str], None]) -> None:
        """Beats for one run while the block lasts."""
        self._store = Store(home)
        self._run_id, self._log = run_id, log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._store.close()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_SECONDS):
            try:
                self._store.beat(self._run_id)
            except EngineError as error:
                self._log(f"no heartbeat: {error}")


def _note(record: Recorder, line: str) -> None:
    """A line for the log of a run that ends: where none can be written, it ends all the same."""
    with contextlib.suppress(EngineError):  # the run's row says how it ended, and why
        record.log(line)


def _import(names: Sequence[str], importing: threading.Lock) -> None:
    for name in names:
        with importing, contextlib.suppress(ImportError):
            import_module(name)


def main(
    arguments: Sequence[str] | None,
    compute: Callable[[str], Compute],
    read: Read = as_it_stands,
    imports: Sequence[str] = (),
    own: Provider = no_provider,
) -> int:
    """The command line. Returns the exit status: 0 unless the home cannot be used.

    Args:
        arguments: Those of the command; None for this process's own.
        compute: Gives the function for a kind.
        read: Makes the spec that it takes.
        imports: Modules to import while it waits.
        own: Runs code of one's own; without it, a run that has some is refused.
    """
    parser = argparse.ArgumentParser(prog="python -m engine.runs.worker")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS, metavar="SECONDS")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    with contextlib.suppress(OSError):
        os.nice(max(0, NICENESS - os.nice(0)))
    try:
        home, idle = Home(options.home), options.idle
        worker = Worker(home, compute, read, idle_seconds=idle, imports=imports, own=own)
        for each in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, _leave_then_die(worker))
        worker.work()
        if worker.lost_card and worker.store.ready() is not None:
            # Not exec: the card's memory is this process's until it has ended.
            child_process.start(sys.orig_argv, env=os.environ)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _leave_then_die(worker: Worker) -> Callable[..., None]:
    """The first signal asks, the second ends at once."""

    def handle(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        worker.leave()

    return handle
