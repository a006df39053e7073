"""What a run was computed with: enough to repeat it, or to see why it cannot be repeated."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
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


def _plain(environment: dict[str, Any]) -> dict[str, Any]:
    return {name: environment[name] for name in ("python", "platform") if name in environment}
