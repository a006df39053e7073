"""Checks a learner's file: `check(exercise, file)`, or a `Grader`, which stays warm.

The file runs in a process of its own, a fresh one for each check (see `lessons.kit.judging`):
with limits on time, memory, output, processes and file size, a session of its own that is killed
whole, an empty working folder, an environment without secrets, and nothing on stdin. The check
runs in another process, and its verdict comes over a socket that the learner's process does not
have, with a token that it has never seen. So a file that prints "passed", ends the program, never
ends, or changes what Python's built-ins mean does not pass, and cannot hang or write on the screen.

It is not a sandbox. It guards against mistakes and against tricks that one tries for fun; it does
NOT keep code from what its user may do. The learner's file can read, change and delete this user's
files (the solution and the checks among them), use the network, signal or kill this user's other
processes (the judge and the tutor too), fill the disk with many files, and, where it runs as root,
do anything. It can also learn the answers by reading the checks. On macOS the kernel does not keep
the limit on memory, which is then only looked at ten times a second, and a process that leaves both
its session and its parent is not found again. Check no file that you would not run yourself.
"""

from __future__ import annotations

import re
import stat
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import EngineError
from engine.runs.home import Home
from lessons.kit.checks import Declared, declared
from lessons.kit.course.exercise import Exercise, create
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.report import Report, Result, result
from lessons.kit.judging.verdict import FAILED, NOT_JUDGED, NOT_RUN, PASSED
from lessons.kit.judging.warm import Unjudged, WarmProcess

__all__ = ["Grader", "Limits", "Report", "Result", "check"]

LARGEST_FILE = 1 << 20
"""Bytes of a learner's file."""
NO_FAULT = "That is not held against you."
TORCH = re.compile(r"^\s*(import|from)\s+(torch|engine)\b", re.MULTILINE)
"""What stands in a file that will import torch."""


class Grader:
    """Checks files one after another, in forks of one warm process."""

    def __init__(self, limits: Limits | None = None, imports: Sequence[str] = ("torch",)) -> None:
        """Starts nothing yet.

        Args:
            limits: For each check.
            imports: What the warm process imports, so that no check has to.
        """
        self._limits = limits or Limits()
        self._imports = tuple(imports)
        self._process: WarmProcess | None = None
        self._one_at_a_time = threading.Lock()
        self._starting = threading.Lock()

    def warm(self) -> None:
        """Start the warm process where none is; returns at once. For when an exercise is opened."""
        self._warm_process()

    def check(self, exercise: Exercise, file: Path | None = None) -> Report:
        """Check a file; call it in a thread, since it takes up to some seconds.

        Args:
            exercise: Whose checks.
            file: The learner's file; None for the one in the home.

        Raises:
            EngineError: The exercise's checks cannot be read.
        """
        checks = declared(exercise.checks)
        file = create(Home.find(), exercise) if file is None else Path(file)
        source = _source(file)
        if isinstance(source, Unreadable):
            return _all_the_same(checks, source)
        request = {"checks": str(exercise.checks.resolve()), **source}
        with self._one_at_a_time:
            verdicts = self._verdicts(checks, request)
            broken = [each for each in checks if verdicts[each.name].get("broke")]
            solved = {}
            if broken and exercise.solution.is_file():
                solution = [replace(each, needs=()) for each in broken]
                right = _source(exercise.solution)
                solved = self._verdicts(solution, {**request, **right})
        for each in broken:
            passes = solved.get(each.name, {}).get("outcome") == PASSED
            verdicts[each.name] = _whose_fault(verdicts[each.name], passes)
        return Report(tuple(result(each, verdicts[each.name], self._limits) for each in checks))

    def close(self) -> None:
        """End the warm process; a check that is under way is then not judged. Any thread may."""
        with self._starting:
            if self._process is not None:
                self._process.end()
                self._process = None

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _verdicts(self, checks: Sequence[Declared], request: dict) -> dict[str, dict]:
        """By name, in their order; where there is no verdict, why not."""
        found: dict[str, dict] = {}
        stopped = ""
        try:
            with self._warm_process().session(request, self._limits) as verdict_of:
                for each in checks:
                    missing = [name for name in each.needs if found[name]["outcome"] != PASSED]
                    if stopped or missing:
                        says = {other.name: other.says for other in checks}
                        found[each.name] = _not_run(
                            stopped or f"Needs the one above: {says[missing[0]]}"
                        )
                        continue
                    found[each.name] = verdict_of(each.name)
                    stopped = found[each.name]["stop"]
        except Unjudged as error:
            left = [each.name for each in checks if each.name not in found]
            why = f"{error.why} {NO_FAULT}"
            unjudged = {"outcome": NOT_JUDGED, "why": why, "traceback": error.details}
            for name in left:
                found[name] = _not_run("Left out, since the one above could not be judged.")
            found.update({left[0]: unjudged} if left else {})
        return found

    def _warm_process(self) -> WarmProcess:
        with self._starting:
            if self._process is None or not self._process.alive:
                self._process = WarmProcess(self._imports)
            return self._process


def check(exercise: Exercise, file: Path | None = None, limits: Limits | None = None) -> Report:
    """Check a file once, in processes that are started for it and ended after it.

    Args:
        exercise: Whose checks.
        file: The learner's file; None for the one in the home.
        limits: For each check.

    Raises:
        EngineError: The exercise's checks cannot be read.
    """
    file = create(Home.find(), exercise) if file is None else Path(file)
    imports = ("torch",) if _wants_torch(exercise.checks, file) else ()
    with Grader(limits, imports) as grader:
        return grader.check(exercise, file)


class Unreadable(str):
    """Why a file cannot be checked at all, in plain words."""


def _source(file: Path) -> dict[str, str] | Unreadable:
    """A file's text and path, as the judge is given them; it is read once, for all checks."""
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe or a device would never end
            return Unreadable(f"{file} is no file.")
        if about.st_size > LARGEST_FILE:
            megabytes = about.st_size / 1e6
            return Unreadable(f"Your file has {megabytes:.1f} MB; an exercise has at most 1 MB.")
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Unreadable(f"There is no file {file}.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Unreadable(f"Your file is no UTF-8 text: line {line} has a byte that is none.")
    except OSError as error:
        return Unreadable(f"{file} cannot be read: {error.strerror}.")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return Unreadable(f"Your file has a NUL byte in line {line}, which Python cannot read.")
    return {"source": text, "path": str(file.resolve())}


def _not_run(why: str) -> dict:
    return {"outcome": NOT_RUN, "why": why}


def _whose_fault(verdict: dict, solution_passes: bool) -> dict:
    """A check that could not go on is the learner's to mend only where the solution passes it."""
    raised = verdict["why"]
    if solution_passes:
        why = f"The check could not go on with what your code gave ({raised})."
        return {**verdict, "outcome": FAILED, "why": why, "traceback": ""}
    return {**verdict, "why": f"The check itself broke ({raised}). {NO_FAULT}"}


def _all_the_same(checks: Sequence[Declared], why: str) -> Report:
    verdicts = [{"outcome": FAILED, "why": why}]
    verdicts += [_not_run("Needs a file that can be read.")] * (len(checks) - 1)
    pairs = zip(checks, verdicts, strict=True)
    return Report(tuple(result(each, verdict, Limits()) for each, verdict in pairs))


def _wants_torch(*files: Path) -> bool:
    """Whether one of them imports it; a file that cannot be read is said so later."""
    for file in files:
        try:
            if file.is_file() and TORCH.search(file.read_text(encoding="utf-8", errors="replace")):
                return True
        except OSError as error:
            raise EngineError(f"{file} cannot be read: {error.strerror}.") from error
    return False
