"""The thread of the lessons: whatever a lesson screen needs that takes longer than a frame.

    screen --order--> Study (its own thread, a `Classroom`) --OrderDone--> app --> then(answer)

It reads lessons, reads and grades answers, keeps the learner's record, and checks exercises. The
runs have a thread of their own (`tutor.tui.threads.runs`), so that neither waits for the other.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.message import Message

from engine.errors import EngineError
from tutor.report import mistakes
from tutor.tui.threads.runs import OrderDone, OrderFailed

if TYPE_CHECKING:
    from engine.runs.home import Home
    from tutor.tui.classroom.classroom import Classroom

Order = Callable[["Classroom"], Any]
Then = Callable[[Any], None]


class Failed(Message):
    """An order could not be carried out, and whoever gave it wants to know."""

    def __init__(self, error: EngineError, otherwise: Callable[[EngineError], None]) -> None:
        """`otherwise` is to be called with the error, on the app's side."""
        super().__init__()
        self.error = error
        self.otherwise = otherwise


class Study:
    """Carries out orders, one after another, in the order they were given."""

    def __init__(self, home: Home, post: Callable[[Message], Any]) -> None:
        """Nothing is opened before `begin`.

        Args:
            home: The home folder.
            post: Takes a message from any thread, such as `App.post_message`.
        """
        self._home = home
        self._post = post
        self._orders: queue.SimpleQueue = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="study", daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what was ordered, end the thread and wait for it."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def order(
        self,
        order: Order,
        then: Then | None = None,
        otherwise: Callable[[EngineError], None] | None = None,
    ) -> None:
        """Have something done.

        Args:
            order: Called with the classroom, on the thread.
            then: Called with its answer, on the app's side.
            otherwise: Called with the error where it fails; None for a notice to the learner.
        """
        self._orders.put((order, then, otherwise))

    # What follows runs on the thread.

    def _work(self) -> None:
        from tutor.tui.classroom.classroom import Classroom

        classroom = Classroom(self._home)
        try:
            while (asked := self._orders.get()) is not None:
                self._carry_out(classroom, *asked)
        finally:
            classroom.close()

    def _carry_out(
        self,
        classroom: Classroom,
        order: Order,
        then: Then | None,
        otherwise: Callable[[EngineError], None] | None,
    ) -> None:
        try:
            answer = order(classroom)
        except EngineError as error:
            failed = error
        except (sqlite3.Error, OSError) as error:
            failed = EngineError(f"That did not work: {error}.", "Try it once more.")
        except Exception as error:  # a mistake of ours: the thread lives on, and says so
            failed = EngineError(*mistakes.told(self._home, error))
        else:
            self._post(OrderDone(answer, then))
            return
        if otherwise is not None:
            self._post(Failed(failed, otherwise))
        else:
            self._post(OrderFailed(failed.what, failed.way_out))
