"""The learner's own code in a run: a `Provider` for the worker, over the judges' machinery.

The file runs in a process of its own (`lessons.kit.judging.guard`), as it does when it is checked:
with limits on memory, output, processes and files, a session of its own, an empty working folder
and an environment without secrets. It has no wall clock while it asks the worker for things; it is
ended where it computes too much, or for too long says nothing at all.
"""

from __future__ import annotations

import json
import math
import select
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from engine.runs.own import FILE, Fault
from lessons.kit.judging import wire
from lessons.kit.judging.asking import Fault as Unread
from lessons.kit.judging.asking import Judge, LearnerError
from lessons.kit.judging.ending import ENDLESS, end_group
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.peer import Gone
from lessons.kit.judging.report import printable
from lessons.kit.judging.surroundings import start, working_folder
from lessons.kit.judging.verdict import raised
from lessons.kit.judging.wire import Garbled, pack, unpack

LIMITS = Limits(
    wall_seconds=math.inf, cpu_seconds=600, memory_mb=2048, output_kb=64, most_output_kb=8192,
    file_mb=64,
)  # fmt: skip
"""For all that a run does with it."""
QUIET_SECONDS = 90.0
"""How long it may neither ask for anything nor be done."""
LOOK_SECONDS = 0.25
"""How often a request to stop is looked for meanwhile."""
END_SECONDS = 20.0
"""How long the guard may take to end it."""
LONGEST = 400
"""Characters of an error's text."""


@contextmanager
def perform(
    source: str,
    log: Callable[[str], None],
    look: Callable[[], None],
    limits: Limits = LIMITS,
    quiet_seconds: float = QUIET_SECONDS,
) -> Iterator[Performed]:
    """The code of a file, loaded in a process of its own, which ends with the block.

    Args:
        source: The file's text.
        log: Takes lines for the run's log: what the code prints, and where it failed.
        look: Called now and then while the code is at work; what it raises comes out.
        limits: How far the code may go.
        quiet_seconds: How long it may neither ask for anything nor be done.

    Raises:
        Fault: The file cannot be loaded.
    """
    ours, theirs = socket.socketpair()
    control, its = socket.socketpair()
    with ours, control, tempfile.TemporaryFile() as said, working_folder() as folder:
        with theirs, its:
            process = start(
                "lessons.kit.judging.guard",
                "--link", str(theirs.fileno()), "--control", str(its.fileno()),
                "--folder", str(folder), "--limits", json.dumps(asdict(limits)),
                links=[theirs, its], said=said,
            )  # fmt: skip
        code = Performed(source, Host(Line(ours, look, quiet_seconds)), control, log, limits)
        try:
            code.load()
            yield code
        finally:
            code.end()
            with suppress(OSError):  # the guard goes when the line is closed
                control.shutdown(socket.SHUT_RDWR)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                end_group(process.pid)
                process.wait()
            said.seek(0)
            if text := said.read().decode("utf-8", "replace").strip():  # only where it broke
                log(text[-LONGEST:])


class Line:
    """A socket whose reader looks up now and then, and does not wait for ever."""

    def __init__(self, link: socket.socket, look: Callable[[], None], quiet_seconds: float) -> None:
        """Reads from `link`."""
        self._link, self._look, self._quiet_seconds = link, look, quiet_seconds
        link.settimeout(quiet_seconds)

    def sendall(self, data: bytes) -> None:
        """As a socket's. Raises TimeoutError where it is not read."""
        self._link.sendall(data)

    def recv(self, most: int) -> bytes:
        """As a socket's. Raises Fault after too long a silence, and whatever `look` raises."""
        give_up = time.monotonic() + self._quiet_seconds
        while not select.select([self._link], [], [], LOOK_SECONDS)[0]:
            self._look()
            if time.monotonic() > give_up:
                seconds = f"{self._quiet_seconds:g} s"
                raise Fault(f"Your code was not done after {seconds}, and said nothing. {ENDLESS}")
        return self._link.recv(most)


class Host(Judge):
    """The worker's end of the line: what its functions raise ends the work."""

    def serve(self, wish: dict) -> dict:
        """The code calls a function that it was given; nothing else can be asked."""
        try:
            of = self.kept(wish["of"])
            args, kwargs = (unpack(each, self._from_learner) for each in wish["with"])
        except (KeyError, TypeError, ValueError) as error:
            raise Garbled(f"no call: {error}") from error
        if wish.get("what") != "call" or type(args) is not tuple or type(kwargs) is not dict:
            return {"error": f"{wish.get('what')} is not possible here"}
        return {"value": pack(of(*args, **kwargs), self._other)}

    def _other(self, value: Any) -> dict:
        if callable(value):
            return self.keep(value)
        raise Garbled(f"{type(value).__name__} is no plain data")


class Performed:
    """Code of one's own, as `engine.runs.own.Code` says."""

    def __init__(
        self,
        source: str,
        host: Host,
        control: socket.socket,
        log: Callable[[str], None],
        limits: Limits,
    ) -> None:
        """Nothing is loaded yet."""
        self._source, self._host, self._control = source, host, control
        self._log, self._limits = log, limits
        self._module = 0
        self._over = self._told_cut = False
        control.settimeout(END_SECONDS)

    def load(self) -> None:
        """Let the file run. Raises Fault."""
        self._module = self._do(lambda: self._host.load(self._source.encode(), FILE), loading=True)

    def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """What `work(module, *given)` gives over there; see `engine.runs.own.Code`."""
        name = f"{work.__module__}:{work.__qualname__}"
        return self._do(lambda: self._host.do("over", self._module._number, name, *given))

    def end(self, silent: bool = False) -> str:
        """End the process; returns why it had ended already, in words, where it had."""
        if self._over:
            return ""
        self._over = True
        return self._tell({"end": "silent" if silent else "done"})

    def _do(self, what: Callable[[], Any], *, loading: bool = False) -> Any:
        try:
            value = what()
        except LearnerError as error:
            raise self._fault(error.told, loading) from None
        except Gone as gone:
            why = self.end(silent=True) or "The process of your code was ended."
            if str(gone) and "not done" not in why and "printed" not in why:
                why = f"Your code wrote something of its own into the line ({gone})."
            raise Fault(why) from None
        except Unread:
            raise Fault("Your code has broken the process that it runs in.") from None
        self._tell({"say": True})
        return value

    def _fault(self, told: dict, loading: bool) -> Fault:
        self._tell({"say": True})
        verdict = raised(told, self._source, self._limits, loading=loading)
        if verdict.traceback:
            self._log(printable(verdict.traceback))
        why = verdict.why.removeprefix("Your code raised ").removeprefix("Refused: ")
        why = printable(why)[:LONGEST]
        why = why if why.endswith((".", "!", "?")) else f"{why}."
        for note in told.get("notes", ()):
            why = f"{why} {printable(str(note))[:LONGEST]}"
        frames = told.get("frames") or ()
        if not frames or "cannot be read as Python" in why:
            return Fault(f"{FILE}: {why}")
        line, name = frames[-1]
        inside = f", in {name}" if name not in ("", "<module>") else ""
        return Fault(f"{FILE}, line {line}{inside}: {why}")

    def _tell(self, message: dict) -> str:
        """Ask the guard; what the code has printed since goes into the log."""
        try:
            wire.send(self._control, message)
            answer = wire.receive(self._control) or {}
        except (OSError, Garbled):
            return "The process of your code, and the one that guards it, were ended."
        if text := printable(answer.get("printed", "")).strip("\n"):
            self._log(text)
        if answer.get("cut") and not self._told_cut:
            self._told_cut = True
            self._log(f"[more was printed: only the first {self._limits.output_kb} kB are kept]")
        return answer.get("why", "")
