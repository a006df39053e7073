"""Looking after the learner's process while it runs: its output, the clock, memory, processes."""

from __future__ import annotations

import contextlib
import math
import os
import select
import socket
import threading
import time

import psutil

from lessons.kit.judging.ending import ENDLESS, descendants, end_descendants, end_group, sweep
from lessons.kit.judging.limits import Limits

LOOK_SECONDS = 0.1
"""How often the clock, memory and processes are looked at."""


class Watch:
    """Looks after one learner's process: keeps its output, and ends it when it goes too far."""

    def __init__(self, pid: int, output: int, link: socket.socket, limits: Limits) -> None:
        """Keep it for `begin`, which starts the clock.

        Args:
            pid: The process, leader of its own group.
            output: The pipe that it writes to; closed by `finish`.
            link: The socket to it, which is shut when it has ended: what it started may hold the
                other end open.
            limits: How far it may go.
        """
        self._pid, self._output, self._link, self._limits = pid, output, link, limits
        self._begun = math.inf
        self._over = threading.Event()
        self._woken, self._wake = os.pipe()
        self._written = 0
        self.kept = bytearray()
        """The first of its output."""
        self.stopped = ""
        """Why it was stopped, in words; empty where it was not."""
        self.out_of_time = False
        self.status: int | None = None
        """Its wait status, once it has ended."""
        os.set_blocking(output, False)
        self._thread: threading.Thread | None = None
        self._draining = threading.Lock()

    def begin(self) -> None:
        """Watch from now on."""
        self._begun = time.monotonic()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @property
    def cut(self) -> bool:
        """Whether there was more output than was kept."""
        return self._written > len(self.kept)

    def printed(self) -> bytes:
        """The first of its output, with all that it has written up to now.

        Its answer comes over another line: what it printed before that is in the pipe already, but
        may not have been looked at.
        """
        self._drain()
        return bytes(self.kept)

    def finish(self, patience: float = 0.0) -> None:
        """End the process, and all that it started; it may end by itself for `patience` seconds."""
        self._over.set()
        os.write(self._wake, b".")  # or it would sleep until its next look
        if self._thread is not None:
            self._thread.join()
        give_up = time.monotonic() + patience
        while self.status is None and not self._has_ended() and time.monotonic() < give_up:
            time.sleep(0.002)
        status = sweep(self._pid)
        self.status = status if self.status is None else self.status
        self._drain()
        for each in (self._woken, self._wake, self._output):
            os.close(each)

    def _look(self) -> None:
        next_look = time.monotonic() + LOOK_SECONDS
        open_still = True
        while not self._over.is_set():
            awaited = [self._woken, *([self._output] if open_still else [])]
            select.select(awaited, [], [], LOOK_SECONDS)
            open_still = self._drain()
            # Looking walks the table of processes, so a flood of output must not drive it.
            if time.monotonic() < next_look:
                continue
            if self._over.is_set():
                return
            self.stopped = self._trouble()
            if self.stopped or self._has_ended():
                end_group(self._pid)
                end_descendants()
                with contextlib.suppress(OSError):  # the other end is closed already
                    self._link.shutdown(socket.SHUT_RDWR)
                return
            next_look = time.monotonic() + LOOK_SECONDS

    def _has_ended(self) -> bool:
        ended, status = os.waitpid(self._pid, os.WNOHANG)
        if ended:
            self.status = status
        return bool(ended)

    def _trouble(self) -> str:
        limits = self._limits
        if time.monotonic() - self._begun > limits.wall_seconds:
            self.out_of_time = True
            return f"Your code was not done after {limits.wall_seconds:g} s. {ENDLESS}"
        if self._written > limits.most_output_kb << 10:
            return f"Your code printed more than {limits.most_output_kb:,} kB, and was stopped."
        started = descendants()
        if len(started) > limits.processes:
            return f"Your code started more than {limits.processes} processes, and was stopped."
        most = _resident(os.getpid()) + (limits.memory_mb << 20)
        if max(map(_resident, started), default=0) > most:
            return f"Your code needed more than {limits.memory_mb:,} MB of memory."
        return ""

    def _drain(self) -> bool:
        """Take what it wrote; False once nobody can write any more."""
        with self._draining:
            for _ in range(64):  # then the other limits are looked at
                try:
                    part = os.read(self._output, 1 << 16)
                except BlockingIOError:
                    return True
                if not part:
                    return False
                self._written += len(part)
                self.kept += part[: (self._limits.output_kb << 10) - len(self.kept)]
            return True


def _resident(pid: int) -> int:
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0
