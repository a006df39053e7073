"""What the learner's process may use, as far as the kernel sees to it."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import sys
from dataclasses import dataclass

LINUX = sys.platform == "linux"
_SUBREAPER, _DIE_WITH_PARENT, _DUMPABLE = 36, 1, 4  # from linux/prctl.h


@dataclass(frozen=True, slots=True)
class Limits:
    """For one check."""

    wall_seconds: float = 10.0
    """From its start to its end; generous, since a run may keep the machine busy."""
    cpu_seconds: float = 5.0
    """Of each process; rounded up to whole seconds."""
    memory_mb: int = 1024
    """More than the warm process has to begin with."""
    output_kb: int = 16
    """Of its output, how much is shown."""
    most_output_kb: int = 1024
    """Beyond this much it is stopped."""
    file_mb: int = 16
    """The largest file that it may write."""
    processes: int = 8
    """It and those that it starts."""
    grace_seconds: float = 20.0
    """What the judge itself may take beyond the wall time."""


def confine(limits: Limits) -> None:
    """Put the calling process, and what it will start, under the limits that the kernel keeps."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    cpu = math.ceil(limits.cpu_seconds)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    _limit(resource.RLIMIT_FSIZE, limits.file_mb << 20)
    _limit(resource.RLIMIT_CORE, 0)
    if LINUX:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + (limits.memory_mb << 20))
    with contextlib.suppress(OSError):
        os.nice(5)  # so that whoever watches it, and the screen, come first


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    with contextlib.suppress(ValueError, OSError):  # already lower, or unknown to this system
        resource.setrlimit(what, (soft, soft if hard is None else hard))


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none escapes. Linux only."""
    _prctl(_SUBREAPER, 1)


def hide_memory() -> None:
    """Keep other processes of this user from reading this one's memory. Linux, not from root."""
    _prctl(_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    if LINUX:
        ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)
