"""How a process is ended with all that it has started, and what its end means."""

from __future__ import annotations

import contextlib
import os
import signal
import time

import psutil

from lessons.kit.judging.limits import Limits

SWEEP_SECONDS = 5.0
"""How long to go on killing what is left."""
ENDLESS = "Is there a loop that never ends?"


def end_group(group: int) -> None:
    """Kill a process group whole, if it still is."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def sweep(group: int = 0) -> int | None:
    """Kill a group, then every descendant of this process, and wait for them.

    Returns:
        The wait status of the group's leader, where it was reaped here.
    """
    status = None
    if group:
        end_group(group)
        with contextlib.suppress(ChildProcessError):  # it was reaped already
            status = os.waitpid(group, 0)[1]
    give_up = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < give_up:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            break
        end_descendants()
        time.sleep(0.002)
    return status


def end_descendants() -> None:
    """Kill what this process has started, and what that has started."""
    for pid in descendants():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def descendants(of: int | None = None) -> list[int]:
    """The processes that a process has started, and theirs."""
    try:
        return [child.pid for child in psutil.Process(of).children(recursive=True)]
    except psutil.Error:
        return []


def meaning(status: int | None, limits: Limits) -> tuple[str, bool]:
    """What the wait status of a process that ended too early means; whether its time was up."""
    if status is None:
        return "Your code ended the program before it was done.", False
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return f"Your code ended the program (status {code}) before it was done.", False
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return f"Your code computed for more than {limits.cpu_seconds:g} s. {ENDLESS}", True
    name = signal.Signals(number).name if number in list(signal.Signals) else str(number)
    if number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
        return f"Your code crashed Python itself ({name}).", False
    return f"Your code was ended by a signal ({name}) before it was done.", False
