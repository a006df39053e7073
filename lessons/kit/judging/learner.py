"""The process in which the learner's code runs: it does what the judge asks, and nothing else.

It holds no verdict, no token and no check. Whatever the code does to this module, all that it can
send is a value, which the judge then finds right or wrong.
"""

from __future__ import annotations

import base64
import io
import json
import os
import pickle
import random
import resource
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from lessons.kit.judging.limits import Limits, confine
from lessons.kit.judging.peer import Gone, Peer, Theirs
from lessons.kit.judging.wire import Garbled, pack, receive, unpack

MODULE = "exercise"
"""What the learner's module is called."""
FARTHEST = 1000
"""The link's descriptor lies here or below, out of the way of code that counts from 0."""
FRAMES = 12
"""Of a traceback, how many are told."""
LONGEST_TEXT = 2000
"""Characters of an error's text."""


def run(link: socket.socket, output: int, folder: Path, limits: Limits) -> NoReturn:
    """Become the learner's process, in a fork of the judge; never returns.

    Args:
        link: To the judge.
        output: The pipe for what the code prints.
        folder: An empty one, to work in.
        limits: What it may use.
    """
    try:
        os.setsid()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)
        link = _only_these(link, output)
        os.chdir(folder)
        tempfile.tempdir = None
        os.environ.update(HOME=str(folder), TMPDIR=str(folder))
        sys.stdin = open(0, encoding="utf-8")  # noqa: SIM115  it lives as long as the process
        sys.stdout, sys.stderr = _writer(1), _writer(2)
        same_numbers()
        confine(limits)
        performer = Performer(link)
        while (message := receive(link)) is not None:
            performer.answer(message["ask"])
    finally:  # not the judge's code behind this call, whatever was raised
        os._exit(0)


def same_numbers() -> None:
    """Let each check begin with the same random numbers."""
    random.seed(0)
    for name in ("torch", "numpy"):
        module = sys.modules.get(name)
        if module is not None:
            (module.manual_seed if name == "torch" else module.random.seed)(0)


def _only_these(link: socket.socket, output: int) -> socket.socket:
    """Close every descriptor but the link and the three that every program has."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = FARTHEST + 24 if hard == resource.RLIM_INFINITY else min(FARTHEST + 24, hard)
    opened = max(resource.getrlimit(resource.RLIMIT_NOFILE)[0], most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, number)
    far = min(FARTHEST, most - 1)
    os.dup2(link.detach(), far, inheritable=False)
    os.closerange(3, far)
    os.closerange(far + 1, min(opened, 1 << 16))
    return socket.socket(fileno=far)


def _writer(number: int) -> io.TextIOWrapper:
    raw = open(number, "wb", buffering=0, closefd=False)  # noqa: SIM115  as above
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)


class Performer(Peer):
    """Does with the learner's module what it is asked."""

    def __init__(self, link: socket.socket) -> None:
        """Nothing is loaded yet."""
        super().__init__(link)
        self._path = ""
        self._one_at_a_time = threading.RLock()  # the code may ask from threads of its own
        self._does: dict[str, Callable[..., Any]] = {
            "load": self._load, "get": _get, "set": setattr, "item": lambda of, key: of[key],
            "len": len, "iter": iter, "next": lambda of: list(islice(of, 1)),
            "over": _over,
        }  # fmt: skip

    def serve(self, wish: dict) -> dict:
        """Do it; what the code raises is part of the answer."""
        try:
            of = None if wish["of"] is None else self.kept(wish["of"])
            given = [unpack(each, self._from_judge) for each in wish["with"]]
        except BaseException as error:  # what cannot be read here is the judge's fault
            return {"fault": f"{type(error).__name__}: {error}"}
        try:
            if wish["what"] == "call":
                value, changed = self._call(of, *given)
            else:
                value, changed = self._does[wish["what"]](of, *given), []
            return {"value": pack(value, self._other), "changed": changed}
        except Gone:
            raise
        except Garbled as error:
            return self.too_long(str(error))
        except BaseException as error:  # SystemExit and KeyboardInterrupt too
            return {"error": _described(error, self._path)}

    def too_long(self, how: str) -> dict:
        """What the code gave cannot be sent."""
        return {
            "error": {"type": "Unusable", "text": f"What your code gave cannot be used: {how}."}
        }

    def _load(self, _: None, source: bytes, path: str) -> ModuleType:
        self._path = path
        code = compile(source, path, "exec", dont_inherit=True)
        module = ModuleType(MODULE)
        module.__file__ = path
        sys.modules[MODULE] = module
        sys.argv[:] = [path]
        exec(code, vars(module))
        return module

    def _call(self, of: Callable, args: tuple, kwargs: dict, lent: list) -> tuple[Any, list]:
        """The value, and those of the lent arguments, by place or name, that it has changed."""
        given = {**dict(enumerate(args)), **kwargs}
        before = {key: self._state(given[key]) for key in lent}
        value = of(*args, **kwargs)
        changed = []
        for key, state in before.items():
            if state is not None and (now := self._state(given[key])) != state:
                changed.append([key, json.loads(now)])
        return value, changed

    def _state(self, value: Any) -> str | None:
        """What is in a value that can be changed in its place."""
        if type(value).__name__ not in ("list", "dict", "set", "bytearray", "Tensor", "ndarray"):
            return None
        return json.dumps(pack(value, self._other))

    def _other(self, value: Any) -> dict:
        return {"yours": value._number} if type(value) is Theirs else self.keep(value)

    def _from_judge(self, tag: str, inner: Any) -> Any:
        match tag:
            case "mine":
                return Theirs(*inner, self._ask)
            case "yours":
                return self.kept(inner)
            case "pickle":  # the judge is to be believed
                return pickle.loads(base64.b64decode(inner))
        raise Garbled(f"no kind {tag}")

    def _ask(self, what: str, number: int, *details: Any) -> Any:
        wish = [pack(each, self._other) for each in details]
        with self._one_at_a_time:
            answer = self.ask({"what": what, "of": number, "with": wish})
        if "pickle" in answer:
            raise self._from_judge("pickle", answer["pickle"])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return unpack(answer["value"], self._from_judge)


class Missing(AttributeError):
    """The learner's file has nothing of that name."""


def _get(of: Any, name: str) -> Any:
    if isinstance(of, ModuleType) and not hasattr(of, name):
        raise Missing(f"There is no `{name}` in your file.")
    return getattr(of, name)


def _over(module: ModuleType, work: str, *given: Any) -> Any:
    """What a function of the engine's does with the learner's module; see `engine.runs.own`."""
    where, _, name = work.partition(":")
    return getattr(import_module(where), name)(module, *given)


def _described(error: BaseException, path: str) -> dict:
    try:
        text = str(error)[:LONGEST_TEXT]
    except BaseException:  # the learner's own class may do anything
        text = ""
    frames, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == path:
            frames.append([trace.tb_lineno, code.co_name])
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == path:
        frames.append([error.lineno or 1, ""])
        text = str(error.msg)
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    return {
        "type": type(error).__name__,
        "builtin": kinds[0],
        "text": text,
        "frames": frames[: FRAMES // 3] + frames[FRAMES // 3 :][-FRAMES * 2 // 3 :],
        "left_out": max(0, len(frames) - FRAMES),
        "notes": [str(note)[:LONGEST_TEXT] for note in getattr(error, "__notes__", ())][:3],
    }
