"""What torch can use of this machine, and how much memory it takes: the side that loads torch."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import torch

from engine.machine import memory_bytes

_PEAK = Path("/proc/self/clear_refs")


def why_no_cuda() -> str | None:
    """Why torch cannot compute on a card, in words; None where it can."""
    if torch.cuda.is_available():
        return None
    if torch.version.cuda is None and torch.version.hip is None:
        return "this torch was built without CUDA"
    return "torch finds no CUDA card, or no driver for it"


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
    gc.collect()
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
