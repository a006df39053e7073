"""The process that runs the checks and gives the verdicts; the learner's code never runs in it."""

from __future__ import annotations

import importlib.util
import linecache
import os
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import ModuleType

from lessons.kit.checks import Failed
from lessons.kit.difference import show
from lessons.kit.judging import learner
from lessons.kit.judging.asking import CHECKS, Judge, LearnerError
from lessons.kit.judging.ending import meaning
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.peer import Gone
from lessons.kit.judging.verdict import FAILED, NEVER_ENDS, NOT_JUDGED, PASSED, Verdict, raised
from lessons.kit.judging.watch import Watch


def judge(
    request: dict,
    listen: Callable[[], dict | None],
    tell: Callable[[dict], None],
    forget: Callable[[], None],
) -> None:
    """Run the checks that are asked for, one by one, and tell their verdicts.

    Args:
        request: `checks` (a path), `source` and `path` of the learner's file, `folder`, `limits`.
        listen: The tutor's next message: `check` is a name, or None at the end.
        tell: Sends a message to the tutor.
        forget: Drops what the learner's process must not know.
    """
    limits = Limits(**request["limits"])
    while (message := listen()) is not None and message["check"] is not None:
        folder = Path(request["folder"], message["check"])
        folder.mkdir()
        ours, theirs = socket.socketpair()
        output, written = os.pipe()
        pid = os.fork()  # before the checks are read, and while there is one thread
        if pid == 0:
            forget()
            learner.run(theirs, written, folder, limits)
        theirs.close()
        os.close(written)
        tell({"group": pid})
        with ours:
            watch = Watch(pid, output, ours, limits)
            verdict = _judged(message["check"], watch, Judge(ours), request, limits).cut()
        printed = bytes(watch.kept).decode("utf-8", "replace")
        tell({"verdict": {**asdict(verdict), "output": printed, "output_cut": watch.cut}})


def _judged(name: str, watch: Watch, peer: Judge, request: dict, limits: Limits) -> Verdict:
    try:
        function = getattr(_checks(Path(request["checks"])), name)
        learner.same_numbers()
        watch.begin()
        verdict = _run(function, peer, request, limits)
        watch.finish()
    except Gone as gone:
        watch.finish(patience=1.0)
        verdict = _ended(watch, limits, str(gone))
    except Exception as error:
        watch.finish()
        verdict = _broke(error, peer)
    if watch.stopped and verdict.outcome == PASSED:  # it was too much, even if it was right
        verdict = _ended(watch, limits, "")
    return verdict


def _run(function: Callable, peer: Judge, request: dict, limits: Limits) -> Verdict:
    source, path = request["source"], request["path"]
    try:
        module = peer.load(source.encode("utf-8"), path)
    except LearnerError as error:
        return raised(error.told, source, limits, loading=True)
    try:
        if function(module) is not None:
            raise TypeError("the check gave a value, which no check does")
    except Failed as error:
        return Verdict(FAILED, error.why, expected=error.expected, got=error.got)
    except LearnerError as error:
        return raised(error.told, source, limits)
    except AssertionError as error:
        return Verdict(FAILED, _asserted(error, request["checks"]))
    return Verdict(PASSED)


def _ended(watch: Watch, limits: Limits, garbled: str) -> Verdict:
    """The learner's process is no more, or talks nonsense."""
    if watch.stopped:
        return Verdict(FAILED, watch.stopped, stop=NEVER_ENDS if watch.out_of_time else "")
    if garbled:
        return Verdict(FAILED, "Your code sent something of its own to the grader.")
    why, out_of_time = meaning(watch.status, limits)
    return Verdict(FAILED, why, stop=NEVER_ENDS if out_of_time else "")


def _broke(error: Exception, peer: Judge) -> Verdict:
    """Whatever else a check raises. The solution will show whose fault that is."""
    details = "".join(traceback.format_exception(error))
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    given = show(peer.given[0]) if peer.given else ""
    return Verdict(NOT_JUDGED, what, got=given, traceback=details, broke=True)


def _asserted(error: AssertionError, file: str) -> str:
    """What an assert in the checks says, else the assert itself."""
    if text := str(error):
        return text
    lines = [
        each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == file
    ]
    line = linecache.getline(file, lines[-1] or 0).strip() if lines else ""
    return f"This does not hold: {line.removeprefix('assert ')}"


@cache
def _checks(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(CHECKS, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[CHECKS] = module
    spec.loader.exec_module(module)
    return module
