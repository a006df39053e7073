"""One child process that computes labs, and the two private pipes to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from engine import child_process

COMMAND = (sys.executable, "-P", "-m", "lessons.kit.bench.child")
"""The command; the two descriptors are added to it. -P: its folder is none to import from."""
LAST_WORDS = 2000
"""Bytes at the end of what the child wrote to its standard error that are kept."""


class Link:
    """A child, from its start to its end."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        """Start it; it begins to import at once.

        Raises:
            OSError: The machine would not.
        """
        requests, self._write = os.pipe()
        self.read, answers = os.pipe()
        os.set_blocking(self.read, False)
        # What it prints must not reach the learner's screen; a file never blocks it either.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - until `_close`
        try:
            self._process = child_process.start(  # its own children end with it
                (*command, str(requests), str(answers)),
                # Threads that wait must sleep: runs compute beside it.
                env={"OMP_WAIT_POLICY": "PASSIVE", **child_process.surroundings()},
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=(requests, answers),
            )
        except BaseException:
            self._close()
            raise
        finally:
            os.close(requests)
            os.close(answers)
        self._rest = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, **content: Any) -> None:
        """Ask. A child that has ended is told by `receive`, not here."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._write, json.dumps(content).encode() + b"\n")

    def receive(self) -> list[dict[str, Any]] | None:
        """What it has answered since; None once it has ended and all was read."""
        try:
            read = os.read(self.read, 1 << 20)
        except BlockingIOError:
            return []
        if not read:
            return None
        *lines, self._rest = (self._rest + read).split(b"\n")
        return [json.loads(line) for line in lines]

    def kill(self) -> None:
        """End it at once, with all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._close()

    def last_words(self) -> str:
        """How it ended, once `receive` gave None."""
        status = self._process.wait()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - LAST_WORDS))
        said = self._errors.read().decode(errors="replace").strip()
        if status < 0:
            with contextlib.suppress(ValueError):
                return f"by {signal.Signals(-status).name}\n{said}".strip()
        return f"with status {status}\n{said}".strip()

    def _close(self) -> None:
        os.close(self._write)
        os.close(self.read)
        self._errors.close()
