"""The tutor's end: starts the warm process, asks it for a verdict, and ends it."""

from __future__ import annotations

import contextlib
import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from lessons.kit.judging import wire
from lessons.kit.judging.ending import end_group
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.surroundings import start, working_folder

START_SECONDS = 120.0
"""How long it may take to import torch on a busy machine."""
TOKEN_BYTES = 32
Verdicts = Callable[[str], dict[str, Any]]
ENDED = "The grader's process was ended."
LONGEST_LOG = 2000
"""Characters of what it said before it ended."""


class Unjudged(Exception):
    """There is no verdict, and it is not the learner's fault."""

    def __init__(self, why: str, details: str = "") -> None:
        """`why` is a sentence."""
        super().__init__(why)
        self.why, self.details = why, details


class WarmProcess:
    """One process that has imported what is slow to import. Started where it is made."""

    def __init__(self, imports: Sequence[str]) -> None:
        """Start it; it is ready some seconds later."""
        self._link, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  open as long as the process is
        self._group = 0
        self._token, self._done = "", True
        self._is_ready = False
        self._over = False
        wanted = [word for name in imports for word in ("--import", name)]
        with theirs:
            link = ("--link", str(theirs.fileno()))
            self._process = start(
                "lessons.kit.judging", *link, *wanted, links=[theirs], said=self._log
            )

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    @contextlib.contextmanager
    def session(self, request: dict[str, Any], limits: Limits) -> Iterator[Verdicts]:
        """A judge for one learner's file; gives a function from a check's name to its verdict.

        Args:
            request: As `judge.judge` takes it, without folder and limits.
            limits: For the learner's process.

        Raises:
            Unjudged: The judge did not say, or not in time. This process is then ended.
        """
        self._token, self._done = secrets.token_hex(TOKEN_BYTES), False
        try:
            self._wait_until_ready()
            with working_folder() as folder:
                full = {**request, "folder": str(folder), "limits": asdict(limits)}
                try:
                    self._link.sendall(bytes.fromhex(self._token))
                    wire.send(self._link, full)
                    yield lambda name: self._verdict(name, limits)
                    self._verdict(None, limits)
                finally:
                    if self._group:  # nothing may work in the folder while it is removed
                        end_group(self._group)
                        self._group = 0
        except (OSError, wire.Garbled) as error:
            raise self._ended(f"The grader's process could not be used: {error}.") from error

    def end(self) -> None:
        """Kill it, with all that it started. Any thread may call it, during a verdict too."""
        self._over = True  # a verdict from now on would be of our killing
        if self._group:
            end_group(self._group)
        end_group(self._process.pid)
        self._process.wait()
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)

    def _wait_until_ready(self) -> None:
        if not self._is_ready:
            self._receive(time.monotonic() + START_SECONDS, "did not start")
            self._is_ready = True

    def _verdict(self, name: str | None, limits: Limits) -> dict[str, Any]:
        """Of one check; with None the judge is told to go, and gives none."""
        if self._done:
            return {}
        wire.send(self._link, {"check": name})
        give_up = time.monotonic() + limits.wall_seconds + limits.grace_seconds
        while True:
            message = self._receive(give_up, "gave no verdict")
            if message.pop("token", None) != self._token:
                continue  # from nobody who may say anything
            self._group = message.get("group", self._group)
            if "verdict" in message:
                if self._over:
                    raise Unjudged(ENDED, self._said())
                self._group = 0
                return message["verdict"]
            if "done" in message:
                self._group, self._done = 0, True
                if name is None:
                    return {}
                why = f"The process that judges was ended (status {message['done']})."
                raise Unjudged(why, self._said())

    def _receive(self, until: float, what_failed: str) -> dict[str, Any]:
        self._link.settimeout(max(until - time.monotonic(), 0.001))
        try:
            message = wire.receive(self._link)
        except TimeoutError:
            raise self._ended(f"The grader's process {what_failed} in time.") from None
        finally:
            self._link.settimeout(None)
        if not isinstance(message, dict):
            raise self._ended(ENDED)
        return message

    def _ended(self, why: str) -> Unjudged:
        self.end()
        return Unjudged(why, self._said())

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-LONGEST_LOG:]
