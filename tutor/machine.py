"""What this machine is, in a word or two, without loading anything that computes."""

from __future__ import annotations

import shutil
import subprocess

import psutil


def describe() -> str:
    """`GPU H200` or `CPU, 2 cores`. Takes up to some seconds where there is a GPU: ask on a thread.

    It is what the machine has. What a run computed on stands in the run's own record.
    """
    if name := _gpu():
        return f"GPU {name}"
    cores = _cores()
    return f"CPU, {cores} core{'s' if cores > 1 else ''}"


def _cores() -> int:
    """Cores that this process may use: in a container, fewer than the machine has."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        return len(process.cpu_affinity())
    return psutil.cpu_count() or 1


def _gpu() -> str:
    """The first card's name as its driver says it; empty where there is none."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    asked = [program, "--query-gpu=name", "--format=csv,noheader"]
    try:
        told = subprocess.run(
            asked, capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""  # a driver that does not answer is a card that nobody can compute on
    lines = told.stdout.strip().splitlines()
    return lines[0].removeprefix("NVIDIA ").strip() if told.returncode == 0 and lines else ""
