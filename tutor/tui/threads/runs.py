"""The one place that reads the engine's runs: a thread that posts immutable snapshots.

    screen --order--> Watch (its own thread, the engine's client) --snapshot--> app --> screens

Screens own nothing of a run. What they show is the latest snapshot; what they want done is an
order, carried out on the thread, whose answer or plain error comes back as a message. So neither a
slow disk nor a database that somebody else is writing to ever holds up a key.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual.message import Message

from engine.errors import EngineError
from tutor.report import mistakes
from tutor.tui.threads.orders import OrderThread
from tutor.tutorial.snapshot import Snapshot, View

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.home import Home
    from tutor.tutorial.choice import Choice
    from tutor.tutorial.chosen_chain import ChosenChain

QUICK, CALM = 0.25, 1.0
"""Seconds between two looks while something computes, and while nothing does."""


class RunsSeen(Message):
    """A new snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        """The snapshot never changes."""
        super().__init__()
        self.snapshot = snapshot


class RunSeen(Message):
    """A new view of the run that is looked at."""

    def __init__(self, view: View) -> None:
        """The view never changes."""
        super().__init__()
        self.view = view


@dataclass(frozen=True, slots=True)
class Desk:
    """What an order may use, on the watch's thread."""

    home: Home
    client: Client
    chain: Callable[[], ChosenChain]
    """The tutorial's chain as it is chosen now."""


def _wait(snapshot: Snapshot) -> float:
    """How long until the next look: none at all while what takes long has not been told."""
    if not snapshot.machine:
        return 0.0
    return QUICK if any(run.active for run in snapshot.runs) else CALM


class Watch(OrderThread[Desk]):
    """Reads runs, carries out orders, posts what it saw."""

    def __init__(self, home: Home, post: Callable[[Message], Any]) -> None:
        """As any thread of orders."""
        super().__init__("watch", home, post)
        self._stopped = threading.Event()
        self._looked_at: int | None = None
        self._choice: Choice | None = None
        self.device = "auto"
        """Where the tutorial's runs are to compute."""

    def stop(self) -> None:
        """End the thread and wait for it; what it has not begun is left, and runs go on."""
        self._stopped.set()
        super().stop()

    def look_at(self, run_id: int | None) -> None:
        """Post views of this run from now on."""
        self._looked_at = run_id
        self._orders.put(None)

    def choose(self, choice: Choice) -> None:
        """Show the tutorial with this choice from now on."""
        self._choice = choice
        self._orders.put(None)

    # What follows runs on the thread.

    def _work(self) -> None:
        from tutor.tutorial.reader import Reader

        reader: Reader | None = None
        shown: tuple[Snapshot | None, View | None] = (None, None)
        while not self._stopped.is_set():
            try:
                reader = reader or Reader(self._home)
                shown = self._tell(reader, *shown)
                wait = _wait(reader.snapshot)
            except (EngineError, sqlite3.Error, OSError) as error:
                shown = (self._complain(shown[0] or Snapshot(), str(error)), shown[1])
                wait = CALM
            except Exception as error:  # a mistake of ours: the thread lives on, and says so
                words = " ".join(mistakes.told(self._home, error))
                shown = (self._complain(shown[0] or Snapshot(), words), shown[1])
                wait = CALM
            self._next_orders(reader, wait)
        if reader is not None:
            reader.close()

    def _tell(
        self, reader: Any, snapshot: Snapshot | None, view: View | None
    ) -> tuple[Snapshot | None, View | None]:
        """Read, and post what is new."""
        now = reader.look(self._choice, self.device)
        if now != snapshot:
            self._post(RunsSeen(now))
        wanted = self._looked_at
        if wanted is not None:
            seen = reader.view(wanted)
            if seen != view:
                self._post(RunSeen(seen))
            view = seen
        return now, view

    def _complain(self, snapshot: Snapshot, words: str) -> Snapshot:
        """Say why nothing can be read, once."""
        if snapshot.trouble == words:
            return snapshot
        snapshot = replace(snapshot, ready=True, trouble=words)
        self._post(RunsSeen(snapshot))
        return snapshot

    def _next_orders(self, reader: Any, wait: float) -> None:
        """Wait for orders and carry out those that are there; None only wakes the thread."""
        try:
            orders = [self._orders.get(timeout=wait)]
        except queue.Empty:
            return
        while not self._orders.empty():
            orders.append(self._orders.get())
        for order in orders:
            if order is not None and not self._stopped.is_set():
                self._carry_out(order, lambda: self._desk(reader))

    def _desk(self, reader: Any) -> Desk:
        if reader is None:
            raise EngineError("The runs cannot be read.", "Mend that first, then try again.")
        return Desk(self._home, reader.client, reader.chain)
