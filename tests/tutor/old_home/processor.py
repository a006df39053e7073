"""What decides how sums are rounded: equal ones give equal bytes."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

CPU = Path("/proc/cpuinfo")
NAMED = (
    "vendor_id", "cpu family", "model", "model name", "stepping", "CPU implementer", "CPU part",
)  # fmt: skip
WIDE = ("avx", "amx", "fma", "asimd", "sve")
"""How flags begin that say which instructions there are to multiply with."""


def processor() -> str:
    """The processor, its wide instructions, and the libraries that compute with them."""
    libraries = [f"{name} {version(name)}" for name in ("torch", "bitsandbytes")]
    return ", ".join([*libraries, *_cpu()])


def _cpu() -> list[str]:
    if not CPU.exists():
        return [platform.machine(), platform.processor()]
    first = CPU.read_text().partition("\n\n")[0]
    told = {name.strip(): each.strip() for name, _, each in map(_parted, first.splitlines())}
    flags = (told.get("flags") or told.get("Features") or "").split()
    wide = sorted(flag for flag in flags if flag.startswith(WIDE))
    return [*(told[name] for name in NAMED if name in told), " ".join(wide)]


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")
