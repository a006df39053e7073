"""What this machine has, asked without loading anything that computes.

Cores and memory are those that this process may use: a container often has fewer than its host.
Graphics cards are asked of `nvidia-smi`; whether torch can use them is for
:mod:`engine.machine_probe`, which loads torch.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")
_QUERY = (
    "nvidia-smi",
    "--query-gpu=name,memory.total,memory.free",
    "--format=csv,noheader,nounits",
)


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card."""

    name: str
    total: int
    """Bytes of memory."""
    free: int
    """Bytes that nothing holds."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Cores, memory and cards."""

    cores: int
    """Cores that this process may use."""
    memory: int
    """Bytes of memory that this process may use."""
    available: int
    """Bytes that can be had now without swapping."""
    cards: tuple[Card, ...]
    """NVIDIA cards; empty where there are none, or no driver."""

    def as_dict(self) -> dict:
        """As JSON holds it."""
        return asdict(self)

    def __str__(self) -> str:
        """`GPU H200` or `CPU, 2 cores`. What a run computed on stands in the run's own record."""
        if self.cards:
            return f"GPU {self.cards[0].name.removeprefix('NVIDIA ')}"
        return f"CPU, {self.cores} core{'s' if self.cores > 1 else ''}"


def machine() -> Machine:
    """Look at this machine; with a driver for cards this takes some tenths of a second."""
    memory, available = memory_bytes()
    return Machine(cores(), memory, available, cards())


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_bytes(cgroup: Path = _CGROUP) -> tuple[int, int]:
    """Bytes of memory that this process may use in all, and those that can be had now.

    Args:
        cgroup: Where a Linux container's limits are; both files may be missing.
    """
    seen = psutil.virtual_memory()
    total, available = seen.total, seen.available
    limit, used = _number(cgroup / "memory.max"), _number(cgroup / "memory.current")
    if limit is not None and limit < total:
        total = limit
        available = min(available, max(0, limit - (used or 0)))
    return total, available


def cards(query: tuple[str, ...] = _QUERY) -> tuple[Card, ...]:
    """The NVIDIA cards that the driver shows; none where there is no driver."""
    try:
        said = subprocess.run(
            query, capture_output=True, text=True, timeout=10, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = [row.rsplit(",", 2) for row in said.splitlines()]
    return tuple(
        Card(name.strip(), _mebibytes(total), _mebibytes(free)) for name, total, free in rows
    )


def _mebibytes(text: str) -> int:
    """Bytes; 0 where the driver says `[N/A]`, as for cards that share the host's memory."""
    text = text.strip()
    return int(text) * 2**20 if text.isdecimal() else 0


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
