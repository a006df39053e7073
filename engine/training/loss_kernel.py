"""TRL's loss on a card: its Triton kernel where that can be built, else the same loss in torch.

Triton compiles a launcher with the system's C compiler and Python's headers at the first call, that
is after a teacher has been paid. Slim images and a virtual environment without python3-dev have
neither; so it is asked before.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

import trl.kernels.chunked_logprob as head
from transformers.utils import is_triton_available

from engine.models.precision import Fallback

COMPILERS = ("gcc", "clang")
"""Those that Triton looks for where CC names none."""


def choose(device: str) -> list[Fallback]:
    """Have the loss computed as can be on a device; what has to be said about it.

    Args:
        device: Its type. Elsewhere than on CUDA the loss is torch's anyway.
    """
    if device != "cuda" or not is_triton_available():
        return []
    why = why_no_kernel()
    head._TRITON_AVAILABLE = why is None
    return [] if why is None else [Fallback("the loss in torch in place of its Triton kernel", why)]


def why_no_kernel() -> str | None:
    """Why Triton could not build its launcher, in words; None where it can."""
    named = os.environ.get("CC")
    if not any(map(shutil.which, [named] if named else COMPILERS)):
        wanted = named or " or ".join(COMPILERS)
        return f"it is built with a C compiler, and there is no {wanted} here"
    if not (headers() / "Python.h").is_file():
        return "it is built with Python.h, which is not here (on Debian and Ubuntu: python3-dev)"
    return None


def headers() -> Path:
    """Where Triton looks for Python's headers; a virtual environment's are its base's."""
    scheme = sysconfig.get_default_scheme()
    scheme = "posix_prefix" if scheme == "posix_local" else scheme
    return Path(sysconfig.get_paths(scheme=scheme)["include"])
