"""What torch can use of this machine, and how much memory it takes: the side that loads torch."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import torch

from engine import heap
from engine.device_errors import first_line
from engine.machine import VISIBLE, cards, conditions, memory_bytes, visible

_PEAK = Path("/proc/self/clear_refs")


def why_no_cuda() -> str | None:
    """Why torch can compute on no card at all, in words; None where it can."""
    if torch.version.cuda is None and torch.version.hip is None:
        return "this torch was built without CUDA"
    if not torch.cuda.is_available():
        return _why_not_available()
    reasons = [why_not(card) for card in range(torch.cuda.device_count())]
    return None if None in reasons else reasons[0]


def why_not(card: int) -> str | None:
    """Why torch cannot compute on a card that it sees, in words; None where it can.

    CUDA says that it is available also where torch was built without a kernel for the card, and
    the first one that is asked for fails.
    """
    built_for = _built_for()
    has = torch.cuda.get_device_capability(card)
    if not built_for or any(_runs(on, exact, has) for on, exact in built_for):
        return None
    oldest, newest = min(on for on, _ in built_for), max(on for on, _ in built_for)
    return (
        f"{torch.cuda.get_device_name(card)} has compute capability {_dotted(has)}, and this torch "
        f"was built for {_dotted(oldest)} to {_dotted(newest)}"
        + ("; a torch built for an older CUDA may know the card" if has < oldest else "")
    )


def usable() -> list[int]:
    """The cards that torch can compute on, by their numbers among those that it sees."""
    if torch.version.cuda is None and torch.version.hip is None:
        return []
    return [card for card in range(torch.cuda.device_count()) if why_not(card) is None]


def _why_not_available() -> str:
    """What CUDA says when it is asked to begin."""
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        said = str(error)
        if "too old" in said:
            return (
                f"the NVIDIA driver is too old for this torch, which was built for CUDA "
                f"{torch.version.cuda}: update it, or install a torch built for an older CUDA"
            )
        if "No CUDA GPUs" not in said and "no NVIDIA driver" not in said:
            return f"CUDA does not begin: {first_line(error)}"
    return "torch finds no CUDA card, or no driver for it"


def _built_for() -> list[tuple[tuple[int, int], bool]]:
    """Capabilities that torch has kernels for; True for machine code, False for PTX."""
    names = (
        re.fullmatch(r"(sm|compute)_(\d+)(\d)[a-z]?", each) for each in torch.cuda.get_arch_list()
    )
    return [((int(name[2]), int(name[3])), name[1] == "sm") for name in names if name]


def _runs(on: tuple[int, int], exact: bool, has: tuple[int, int]) -> bool:
    """Machine code runs on its own and later cards of one generation, PTX on all later ones."""
    return on <= has and (on[0] == has[0] or not exact)


def _dotted(capability: tuple[int, int]) -> str:
    return ".".join(map(str, capability))


def card(device: torch.device) -> dict[str, Any] | None:
    """The card that a run computes on, for its record; None for a device that is none."""
    if device.type != "cuda":
        return None
    seen = visible(cards(), os.environ.get(VISIBLE))
    return {
        "name": torch.cuda.get_device_name(device),
        "capability": _dotted(torch.cuda.get_device_capability(device)),
        "total": torch.cuda.get_device_properties(device).total_memory,
        "driver": seen[0].driver if seen else "",  # one for all cards
        "cuda": torch.version.cuda or torch.version.hip,
    }


def write_down(record: Path) -> None:
    """Leave what torch found where those look who do not load it (`engine.machine`)."""
    seen = visible(cards(), os.environ.get(VISIBLE))
    why = why_no_cuda()
    there = torch.cuda.device_count() if torch.cuda.is_available() else 0
    found = [
        {
            "name": torch.cuda.get_device_name(index),
            "capability": _dotted(torch.cuda.get_device_capability(index)),
            "total": torch.cuda.get_device_properties(index).total_memory,
            "why": why_not(index),
        }
        for index in range(there)
    ]
    told = {"conditions": conditions(seen), "cuda": torch.version.cuda, "why": why, "cards": found}
    unfinished = record.with_suffix(".new")
    unfinished.write_text(json.dumps(told, indent=1), encoding="utf-8")
    unfinished.replace(record)


def has_bf16(device: torch.device) -> bool:
    """Whether a card computes in bfloat16 itself, rather than emulating it."""
    with torch.cuda.device(device):
        return torch.cuda.is_bf16_supported(including_emulation=False)


def memory(device: torch.device) -> tuple[int, int]:
    """Bytes of memory of a device in all, and those that can be had now.

    What torch's allocator holds without using it can be had.
    """
    if device.type != "cuda":
        return memory_bytes()
    free, total = torch.cuda.mem_get_info(device)
    held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return total, free + held


def release() -> None:
    """Give back what nothing uses any more: cycles such as a trainer's, and the card's cache."""
    heap.give_back()
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()


class Peak:
    """The most memory in use since this was made.

    On a card it is what torch has allocated there. On the CPU it is the resident memory of the
    whole process, libraries included; outside Linux that counts from the process's start.
    """

    def __init__(self, device: torch.device) -> None:
        """Start counting."""
        self._device = device
        start_peaks()

    def bytes(self) -> int:
        """The peak so far."""
        if self._device.type == "cuda":
            return torch.cuda.max_memory_allocated(self._device)
        return resident_peak()


def start_peaks() -> None:
    """Count the process's peak and that of every card from here on, where that can be."""
    with suppress(OSError):
        _PEAK.write_text("5")  # Linux: the high-water mark starts again from here
    if torch.cuda.is_initialized():
        for card in range(torch.cuda.device_count()):
            torch.cuda.reset_peak_memory_stats(card)


def resident() -> int:
    """The resident memory of this process now, in bytes."""
    return psutil.Process().memory_info().rss


def resident_peak() -> int:
    """The highest resident memory of this process, in bytes."""
    with suppress(OSError, StopIteration):
        status = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
