"""What a run was computed with: enough to repeat it, or to see why it cannot be repeated."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = (
    "torch", "transformers", "peft", "trl", "bitsandbytes", "datasets", "tokenizers", "accelerate",
    "google-genai", "openai",
)  # fmt: skip
"""The libraries whose versions decide a result."""


def environment() -> dict[str, Any]:
    """This process's surroundings, as JSON holds them. Imports none of the libraries."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Of every one of `PACKAGES` that is installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What a resumed run has otherwise than its first attempt, in words."""
    old = {**before.get("versions", {}), **_plain(before)}
    new = {**now["versions"], **_plain(now)}
    return [
        f"{name} was {old[name]} at first and is {value} now"
        for name, value in new.items()
        if name in old and old[name] != value
    ]


def set_threads(wanted: int | None) -> int | None:
    """Make torch compute with `wanted` threads, or with as many as it chose itself.

    Sums are grouped by thread, so equal bytes need an equal number of threads.

    Returns:
        The number now set; None where torch is not loaded.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    global _chosen_by_torch
    _chosen_by_torch = _chosen_by_torch or torch.get_num_threads()
    torch.set_num_threads(wanted or _chosen_by_torch)
    return torch.get_num_threads()


_chosen_by_torch: int | None = None


def write_down_cards(record: Path) -> bool:
    """Leave what torch found of graphics cards, where it is loaded; whether it was."""
    if "torch" not in sys.modules:
        return False
    _probe().write_down(record)
    return True


class Peak:
    """The most memory of a run: of the card that it computed on, else of the worker's process.

    Where no library that computes is loaded, such as for a hosted model, there is none to speak of.
    """

    def __init__(self) -> None:
        """Count from here on, where that can be."""
        self._before = 0
        if "torch" in sys.modules:
            _probe().start_peaks()
            self._before = _probe().resident()

    def told(self, device: str | None) -> dict[str, Any] | None:
        """`bytes`, and what they are `of`: `card`, or `process` with all its libraries.

        Of a process also what it held `before` the run: the libraries, and models kept warm.

        Args:
            device: Where the run computed, as its record says: `cpu`, `cuda:0` or `hosted`.
        """
        torch = sys.modules.get("torch")
        if torch is None or not device or device == "hosted":
            return None
        if device.startswith("cuda"):
            return {"bytes": torch.cuda.max_memory_allocated(device), "of": "card"}
        return {"bytes": _probe().resident_peak(), "of": "process", "before": self._before}


def _probe() -> ModuleType:
    """By name: the tutor imports this module and must never reach torch; a worker may."""
    return import_module("engine.machine_probe")


def _plain(environment: dict[str, Any]) -> dict[str, Any]:
    return {name: environment[name] for name in ("python", "platform") if name in environment}
