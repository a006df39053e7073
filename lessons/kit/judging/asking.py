"""The judge's end of the line: the learner's module as a check holds it."""

from __future__ import annotations

import base64
import builtins
import pickle
import socket
from collections.abc import Iterator
from functools import cache
from typing import Any

from lessons.kit.checks import LENT, Failed
from lessons.kit.difference import show
from lessons.kit.judging.peer import Gone, Peer, Theirs
from lessons.kit.judging.wire import Garbled, pack, unpack

CHECKS = "exercise_checks"
"""What the module of checks is called."""


class Fault(Exception):
    """The grader's own."""


class LearnerError(Exception):
    """What the learner's code raised, told by the learner's process."""

    def __init__(self, told: dict) -> None:
        """`told` is as `learner` describes an error."""
        super().__init__(str(told.get("text", "")))
        self.told = told


class LearnersObject(Theirs):
    """An object of the learner's, as a check holds it: it is equal to nothing else."""

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", self._number, name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", self._number, key)

    def __len__(self) -> int:
        return self._ask("len", self._number)

    def __iter__(self) -> Iterator[Any]:
        walk = self._ask("iter", self._number)
        while some := self._ask("next", walk._number):
            yield from some

    def __bool__(self) -> bool:
        raise Failed("Your code gave an object where a plain value is wanted.", got=repr(self))


class Judge(Peer):
    """Asks the learner's process."""

    def __init__(self, link: socket.socket) -> None:
        """Over its link."""
        super().__init__(link)
        self._known: dict[int, LearnersObject] = {}
        self.given: list[Any] = []
        """What the learner's code gave last, if it gave anything."""
        self.trouble: Exception | None = None
        """What a function of the check's raised when the learner's code called it."""

    def load(self, source: bytes, path: str) -> LearnersObject:
        """The learner's module."""
        module = self.do("load", None, source, path)
        if type(module) is not LearnersObject:
            raise Gone("no module")
        return module

    def do(self, what: str, number: int | None, *details: Any) -> Any:
        """Ask for one thing.

        Raises:
            LearnerError: The learner's code raised something.
            Gone: It ended the process, or wrote nonsense into the link.
            Fault: It could not even be asked.
        """
        given: dict[Any, Any] = {}
        if what == "call":
            given = {**dict(enumerate(details[0])), **details[1]}
            lent = [key for key, each in given.items() if any(each is other for other in LENT)]
            details = (*details, lent)
        wish = {"what": what, "of": number, "with": [pack(each, self._other) for each in details]}
        answer = self.ask(wish)
        if self.trouble is not None:
            raise self.trouble
        if "fault" in answer:
            raise Fault(f"The learner's process could not read what it was given: {answer}")
        if isinstance(answer.get("error"), dict):
            raise _error({**answer["error"], "given": _named(given)})
        try:
            value = unpack(answer["value"], self._from_learner)
            if what == "call":
                self.given = [value]
                for key, content in answer["changed"]:
                    if key not in details[2]:
                        raise Garbled(f"{key!r} was not lent")
                    _change(given[key], unpack(content, self._from_learner))
        except (Garbled, KeyError, TypeError, ValueError) as error:
            raise Gone(str(error)) from error
        return value

    def serve(self, wish: dict) -> dict:
        """The learner's code calls a function that it was given, or reads an attribute."""
        try:
            of = self.kept(wish["of"])
            given = [unpack(each, self._from_learner) for each in wish["with"]]
            if wish["what"] == "call":
                value = of(*given[0], **given[1])
            elif wish["what"] == "get" and str(given[0])[:1] not in ("_", ""):
                value = getattr(of, given[0])
            else:
                return {"error": f"{wish['what']} is not possible here"}
            return {"value": pack(value, self._other)}
        except Exception as error:
            if isinstance(error, Failed | AssertionError):
                self.trouble = error
            return {"error": f"{type(error).__name__}: {error}", **self._itself(error)}

    def too_long(self, how: str) -> dict:
        """What a function of the check's gave cannot be sent."""
        return {"error": how}

    def _itself(self, error: Exception) -> dict:
        """An error as the learner's code is to catch it, unless its kind is known here only."""
        told = self._other(error)
        return told if "pickle" in told else {}

    def _from_learner(self, tag: str, inner: Any) -> Any:
        if tag == "yours":
            return self.kept(inner)
        if tag == "mine":
            number, kind, is_callable = inner
            made = LearnersObject(int(number), str(kind)[:80], bool(is_callable), self.do)
            return self._known.setdefault(number, made)
        raise Garbled(f"no kind {tag}")

    def _other(self, value: Any) -> dict:
        if type(value) is LearnersObject:
            return {"yours": value._number}
        if CHECKS in (getattr(value, "__module__", ""), type(value).__module__):
            return self.keep(value)
        try:
            return {"pickle": base64.b64encode(pickle.dumps(value)).decode("ascii")}
        except Exception:  # whatever its class raises: then it stays here
            return self.keep(value)


def _named(given: dict[Any, Any]) -> str:
    """The arguments of a call in a line: the case that an error came of."""
    parts = []
    for key, value in given.items():
        plain = type(value).__module__ != CHECKS and not callable(value)
        shown = show(value) if plain else f"a {type(value).__name__}"
        parts.append(shown if isinstance(key, int) else f"{key}={shown}")
    return " ".join(", ".join(parts).split())


def _error(told: dict) -> LearnerError:
    """Of the built-in kind that it is, so that a check can expect a ValueError."""
    return _kind(str(told.get("builtin")))(told)


@cache
def _kind(name: str) -> type[LearnerError]:
    builtin = getattr(builtins, name, None)
    if not (isinstance(builtin, type) and issubclass(builtin, Exception)):
        return LearnerError
    if builtin is Exception:
        return LearnerError
    return type(f"Learner{name}", (LearnerError, builtin), {})


def _change(given: Any, now: Any) -> None:
    """Make what was handed over as the learner's code has left it."""
    if type(given).__name__ == "Tensor":
        given.data = now
    elif type(given).__name__ == "ndarray":
        given[...] = now
    elif isinstance(given, dict | set):
        given.clear()
        given.update(now)
    else:
        given[:] = now
