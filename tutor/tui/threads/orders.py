"""Orders to a thread, and what comes of them: a message with the answer, or with what went wrong.

    screen --order--> thread --OrderDone--> app --> then(answer)
                             --Failed-----> app --> otherwise(error)
                             --OrderFailed> app --> a notice to the learner

No order ends its thread: whatever fails is told in words.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.message import Message

from engine.errors import EngineError
from tutor.report import mistakes

if TYPE_CHECKING:
    from engine.runs.home import Home

T = TypeVar("T")
Then = Callable[[Any], None]
Otherwise = Callable[[EngineError], None]


class OrderDone(Message):
    """An order was carried out."""

    def __init__(self, answer: Any, then: Then | None) -> None:
        """`then` is to be called with the answer, on the app's side."""
        super().__init__()
        self.answer = answer
        self.then = then


class OrderFailed(Message):
    """An order could not be carried out."""

    def __init__(self, what: str, way_out: str) -> None:
        """The two sentences of an EngineError."""
        super().__init__()
        self.what = what
        self.way_out = way_out


class Failed(Message):
    """An order could not be carried out, and whoever gave it wants to know."""

    def __init__(self, error: EngineError, otherwise: Otherwise) -> None:
        """`otherwise` is to be called with the error, on the app's side."""
        super().__init__()
        self.error = error
        self.otherwise = otherwise


def in_words(home: Home, error: Exception) -> EngineError:
    """What a learner is told of whatever went wrong; a mistake of ours is kept in the home, too."""
    if isinstance(error, EngineError):
        return error
    if isinstance(error, OSError) and error.filename:
        why = (error.strerror or str(error)).lower()
        return EngineError(f"{error.filename} cannot be used: {why}.", "Try it once more.")
    if isinstance(error, sqlite3.Error | OSError):
        return EngineError(f"That did not work: {error}.", "Try it once more.")
    return EngineError(*mistakes.told(home, error))


@dataclass(frozen=True, slots=True)
class Order(Generic[T]):
    """What is to be done, and who hears of it."""

    does: Callable[[T], Any]
    then: Then | None
    otherwise: Otherwise | None


class OrderThread(Generic[T]):
    """Carries out orders, one after another, in the order they were given."""

    def __init__(self, name: str, home: Home, post: Callable[[Message], Any]) -> None:
        """Nothing is opened before `begin`.

        Args:
            name: The thread's.
            home: The home folder.
            post: Takes a message from any thread, such as `App.post_message`.
        """
        self._home = home
        self._post = post
        self._orders: queue.SimpleQueue[Order[T] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._orders.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def order(
        self, does: Callable[[T], Any], then: Then | None = None, otherwise: Otherwise | None = None
    ) -> None:
        """Have something done.

        Args:
            does: Called on the thread, with what it has for orders.
            then: Called with its answer, on the app's side.
            otherwise: Called with the error where it fails; None for a notice to the learner.
        """
        self._orders.put(Order(does, then, otherwise))

    # What follows runs on the thread.

    def _work(self) -> None:
        """Take orders until there are to be no more."""
        raise NotImplementedError

    def _carry_out(self, order: Order[T], give: Callable[[], T]) -> None:
        """Do it with what `give` gives, which may fail as the order itself."""
        try:
            answer = order.does(give())
        except Exception as error:  # the thread lives on, and says so
            failed = in_words(self._home, error)
        else:
            self._post(OrderDone(answer, order.then))
            return
        if order.otherwise is not None:
            self._post(Failed(failed, order.otherwise))
        else:
            self._post(OrderFailed(failed.what, failed.way_out))
