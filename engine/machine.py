"""What this machine has, asked without loading anything that computes.

Cores and memory are those that this process may use: a container often has fewer than its host.
Graphics cards are asked of `nvidia-smi`, those that CUDA_VISIBLE_DEVICES hides left out. Whether
torch can use them only a process that loads torch can tell: the worker does so
(:mod:`engine.machine_probe`) and writes down what it found; until then a card is not yet tried.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

_CGROUP = Path("/sys/fs/cgroup")
_QUERY = (
    "nvidia-smi",
    "--query-gpu=uuid,driver_version,name,memory.total,memory.free",
    "--format=csv,noheader,nounits",
)
VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The environment variable that hides cards from CUDA, and orders them."""


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card."""

    name: str
    total: int
    """Bytes of memory."""
    free: int
    """Bytes that nothing holds."""
    driver: str = ""
    """The driver's version."""
    uuid: str = ""
    """As CUDA_VISIBLE_DEVICES may name it."""
    capability: str = ""
    """Such as `8.6`; empty until it was tried."""
    index: int | None = None
    """Its number for torch; None where that is its place among the others."""


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
    """Cards that torch can use, or that have not been tried; empty where there are none."""
    untried: bool = False
    """Whether there are cards of which nobody knows yet if torch can use them."""
    unused: str = ""
    """Why cards that are there are not used; empty where there is none of them."""
    cuda: str = ""
    """The CUDA that torch was built with; empty without one, or until it was tried."""

    def card(self, device: str = "auto") -> Card | None:
        """The card that a run on a device has; None where it has none."""
        if device in ("cpu", "mps") or not self.cards:
            return None
        if not device.startswith("cuda:"):
            return self.cards[0]
        wanted = int(device.removeprefix("cuda:"))
        for place, card in enumerate(self.cards):
            if wanted == (place if card.index is None else card.index):
                return card
        return None

    def as_dict(self) -> dict:
        """As JSON holds it."""
        return asdict(self)

    def __str__(self) -> str:
        """`GPU H200` or `CPU, 2 cores`. What a run computed on stands in the run's own record."""
        if self.cards:
            untried = ", not yet tried" if self.untried else ""
            return f"GPU {self.cards[0].name.removeprefix('NVIDIA ')}{untried}"
        return f"CPU, {self.cores} core{'s' if self.cores > 1 else ''}"


def machine(record: Path | None = None) -> Machine:
    """Look at this machine; with a driver for cards this takes some tenths of a second.

    Args:
        record: Where a worker wrote down what torch found (`Home.cards`).
    """
    seen = visible(cards(), os.environ.get(VISIBLE))
    bare = replace(without_cards(), cards=seen, untried=bool(seen))
    tried = read(record, seen) if record else None
    return bare if tried is None else _as_tried(bare, tried)


def without_cards() -> Machine:
    """This machine before anybody has asked its driver; takes no time."""
    return Machine(cores(), *memory_bytes(), ())


def conditions(seen: Sequence[Card]) -> dict[str, Any]:
    """What decides which cards torch can use; where it is otherwise, they are to be tried anew."""
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = None
    return {
        "torch": torch,
        "visible": os.environ.get(VISIBLE),
        "seen": [[card.uuid, card.driver] for card in seen],
    }


def read(record: Path, seen: Sequence[Card]) -> Mapping[str, Any] | None:
    """What torch found, as a worker wrote it down; None where that was under other conditions."""
    try:
        tried = json.loads(record.read_text(encoding="utf-8"))
        return tried if tried["conditions"] == conditions(seen) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _as_tried(bare: Machine, tried: Mapping[str, Any]) -> Machine:
    """With the cards that torch can use, as it calls them; free is what the driver says."""
    seen = dict(enumerate(bare.cards))
    found = [
        Card(
            name=card["name"],
            total=card["total"],
            free=min(seen[index].free, card["total"]) if index in seen else card["total"],
            driver=seen[index].driver if index in seen else "",
            uuid=seen[index].uuid if index in seen else "",
            capability=card["capability"],
            index=index,
        )
        for index, card in enumerate(tried["cards"])
        if not card["why"]
    ]
    reasons = [card["why"] for card in tried["cards"] if card["why"]] or [tried["why"]]
    return replace(
        bare,
        cards=tuple(found),
        untried=False,
        unused="; ".join(filter(None, reasons)) if bare.cards or tried["cards"] else "",
        cuda=tried["cuda"] or "",
    )


def visible(cards: Sequence[Card], named: str | None) -> tuple[Card, ...]:
    """The cards that CUDA shows, in its order, as CUDA_VISIBLE_DEVICES has them.

    Args:
        cards: All of them, by their place on the bus.
        named: The variable's value; None where it is not set. Numbers or the beginnings of UUIDs;
            the first that names no card hides all after it. Slices of a card (`MIG-...`) are left
            to torch: all are shown.
    """
    if named is None or "MIG-" in named:
        return tuple(cards)
    shown: list[Card] = []
    for each in filter(None, (each.strip() for each in named.split(","))):
        if each.isdecimal():
            found = list(cards[int(each) : int(each) + 1])
        else:
            found = [
                card for card in cards if each.startswith("GPU-") and card.uuid.startswith(each)
            ]
        if len(found) != 1:
            break
        shown += found
    return tuple(shown)


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
    rows = ([part.strip() for part in row.split(",")] for row in said.splitlines())
    return tuple(
        Card(", ".join(name), _mebibytes(total), _mebibytes(free), driver, uuid)
        for uuid, driver, *name, total, free in rows
    )


def _mebibytes(text: str) -> int:
    """Bytes; 0 where the driver says `[N/A]`, as for cards that share the host's memory."""
    return int(text) * 2**20 if text.isdecimal() else 0


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None
