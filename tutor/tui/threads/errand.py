"""Something long that a screen has done on a thread of its own: it tells how far it is, and ends.

    screen --begin--> Errand (its own thread) --told, then or otherwise--> app --> screen

It is for what neither the study's thread nor the watch's may wait for: a notebook is written,
verified, the course is looked through. Where it is left it ends at its next word, and nothing more
is heard of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tutor.tui.threads.orders import Failed, OrderDone, Otherwise, Then, in_words

if TYPE_CHECKING:
    from textual.message import Message

    from engine.runs.home import Home

Tell = Callable[[str], None]
"""Says what is done next, in words; raises `Left` where nobody waits for it any more."""


class Left(Exception):
    """The learner has left it."""


class Errand:
    """One of them."""

    def __init__(
        self,
        home: Home,
        post: Callable[[Message], Any],
        does: Callable[[Tell], Any],
        told: Tell,
        then: Then,
        otherwise: Otherwise,
    ) -> None:
        """Nothing begins before `begin`.

        Args:
            home: The home folder, where a mistake of ours is kept.
            post: Takes a message from any thread, such as `App.post_message`.
            does: What is done, on the thread; it says how far it is.
            told: Called with those words, on the app's side.
            then: Called with what it gave, on the app's side.
            otherwise: Called with what went wrong.
        """
        self._home, self._post, self._does = home, post, does
        self._told, self._then, self._otherwise = told, then, otherwise
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._work, name="errand", daemon=True)

    def begin(self) -> Errand:
        """Start the thread."""
        self._thread.start()
        return self

    def leave(self) -> None:
        """Have it end as soon as it can."""
        self._left.set()

    @property
    def going_on(self) -> bool:
        """Whether the thread still works."""
        return self._thread.is_alive()

    # What follows runs on the thread.

    def _tell(self, words: str) -> None:
        if self._left.is_set():
            raise Left
        self._post(OrderDone(words, self._told))

    def _work(self) -> None:
        try:
            answer = self._does(self._tell)
        except Left:
            return
        except Exception as error:
            failed = in_words(self._home, error)
        else:
            self._end(OrderDone(answer, self._then))
            return
        self._end(Failed(failed, self._otherwise))

    def _end(self, message: Message) -> None:
        if not self._left.is_set():
            self._post(message)
