"""Asking across a socket: each side may call what the other side has, one question at a time.

While a side waits for its answer it serves the other's questions, so a check can hand the learner's
function a function of its own. What a side is willing to do is its `serve`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from lessons.kit.judging import wire


class Gone(BaseException):
    """The other process has ended, or talks nonsense. No check's `except Exception` gets it."""


class Peer:
    """One end of the line."""

    def __init__(self, link: socket.socket) -> None:
        """Talk over `link`, which is one of a pair."""
        self._link = link
        self._kept: dict[int, Any] = {}

    def ask(self, wish: dict) -> dict:
        """The answer to one question.

        Raises:
            Gone: There will be none.
            Garbled: The question is too long.
        """
        try:
            wire.send(self._link, {"ask": wish})
        except OSError as error:
            raise Gone from error
        try:
            while True:
                message = wire.receive(self._link)
                if message is None:
                    raise Gone
                match message:
                    case {"answer": dict(answer)}:
                        return answer
                    case {"ask": dict(wish_of_theirs)}:
                        self.answer(wish_of_theirs)
                    case _:
                        raise wire.Garbled("neither a question nor an answer")
        except wire.Garbled as error:
            raise Gone(str(error)) from error
        except OSError as error:
            raise Gone from error

    def answer(self, wish: Any) -> None:
        """Serve one question of the other side's."""
        answer = self.serve(wish)
        try:
            wire.send(self._link, {"answer": answer})
        except wire.Garbled as error:
            wire.send(self._link, {"answer": self.too_long(str(error))})

    def serve(self, wish: Any) -> dict:
        """What this side does when it is asked."""
        raise NotImplementedError

    def too_long(self, how: str) -> dict:
        """The answer in place of one that is too long to send."""
        raise NotImplementedError

    def keep(self, value: Any) -> dict:
        """A reference to something that stays here."""
        number = id(value)
        self._kept[number] = value  # which also keeps the id from being given again
        name = getattr(type(value), "__name__", "object")
        return {"mine": [number, str(name), callable(value)]}

    def kept(self, number: Any) -> Any:
        """What the other side refers to.

        Raises:
            Garbled: It was never given a reference to that.
        """
        try:
            return self._kept[number]
        except (KeyError, TypeError) as error:
            raise wire.Garbled(f"no object {number!r}") from error


class Theirs:
    """Something that lives on the other side: it can be called, and its attributes read."""

    def __init__(self, number: int, kind: str, is_callable: bool, ask: Callable[..., Any]) -> None:
        """`ask(what, number, ...)` asks the other side about it."""
        # Not by plain assignment: a subclass may send assignments to the other side.
        self.__dict__.update(_number=number, _kind=kind, _callable=is_callable, _ask=ask)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there."""
        return self._ask("call", self._number, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copying, pickling and torch look for these: they stay here
            raise AttributeError(name)
        return self._ask("get", self._number, name)

    def __repr__(self) -> str:
        return f"<an object of class {self._kind}>"
