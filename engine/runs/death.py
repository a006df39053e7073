"""What ended a worker that said nothing: memory most likely, where the kernel counts such kills.

    at the start of an attempt    how many processes the kernel has ended for want of memory
    at its death                  more of them: most likely this one, which holds the most

The counts are of the whole machine (/proc/vmstat) and of the container (memory.events). Where there
are none, what was foreseen is held against the machine's memory; and a client that started the
worker itself knows the signal that ended it.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.machine import memory_bytes
from engine.runs import smaller

if TYPE_CHECKING:
    from engine.runs.snapshot import Run

NOTED = "kernel"
"""Where the counts stand in a run's environment."""
DIED = "died_for"
"""Where the cause of its last death does, so that the next attempt asks for less."""
MEMORY = "memory"
MOST = 0.7
"""Share of the machine's memory from which on what was foreseen makes memory the likely cause."""
_FILES = {"machine": Path("/proc/vmstat"), "container": Path("/sys/fs/cgroup/memory.events")}


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended."""

    words: str
    of: str | None = None
    """`MEMORY`, where that is most likely."""


def counts(files: Mapping[str, Path] = _FILES) -> dict[str, int]:
    """Out-of-memory kills since this machine and this container started, where they are counted."""
    found = {}
    for name, file in files.items():
        try:
            lines = file.read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith("oom_kill "):
                found[name] = int(line.split()[1])
    return found


def death(run: Run, status: int | None = None, now: Mapping[str, int] | None = None) -> Death:
    """What ended the worker of a run that still says that it computes.

    Args:
        run: As it was last written.
        status: How the process ended, below 0 by a signal; None where nobody has waited for it.
        now: The counts of this moment; None has them read.
    """
    heard = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.heartbeat))
    last = f"it was last heard of at {heard}"
    before, now = run.environment.get(NOTED, {}), counts() if now is None else now
    if psutil.boot_time() > run.heartbeat:
        return Death(f"This machine has been started anew since; {last}.")
    counted = before.keys() & now.keys()
    if any(now[name] > before[name] for name in counted):
        why = "the kernel has ended a process for want of memory since it began"
        return Death(_for_memory(run, why, last), MEMORY)
    killed = status == -signal.SIGKILL
    if not counted and (why := _foreseen(run)):
        return Death(_for_memory(run, why, last), MEMORY)
    words = "The worker was killed (signal 9)" if killed else "The worker stopped without a word"
    return Death(f"{words}; {last}.")


def _for_memory(run: Run, why: str, last: str) -> str:
    words = f"The worker most likely ran out of memory: {why}; {last}."
    return f"{words} {less(run)}"


def _foreseen(run: Run) -> str:
    """That what was foreseen is most of the memory; empty where it is not."""
    told = run.environment.get("training") or run.environment.get("forecast") or {}
    total = memory_bytes()[0]
    if (told.get("bytes") or 0) < MOST * total:
        return ""
    return f"{told['bytes'] / 1e9:.1f} GB were foreseen, of {total / 1e9:.1f} GB here"


def less(run: Run) -> str:
    """How it goes on with less memory; a hosted model's run has nothing to take less of."""
    whole = smaller.together(run)
    whole = min(whole, run.environment.get(smaller.NOTED) or whole)
    if smaller.asks(run) or whole < 2:
        return "Close other programs before it goes on."
    half = [size for size in smaller.divisors(whole) if size <= whole // 2][-1]
    return f"Close other programs, or take less at once: tutor resume {run.id} --batch-size {half}."
