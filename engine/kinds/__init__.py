"""What a worker computes: one module a kind, each with `compute(spec, record) -> dict`.

Looked up by name and imported late, as most of them import torch.
"""

from __future__ import annotations

from importlib import import_module

from engine.errors import SpecError
from engine.runs.record import Compute

KINDS = ("evaluate", "teach", "sft", "sample", "cascade")
TORCH = ("evaluate", "teach", "sft", "sample")
"""Those that compute with torch, so that its threads can be set before they begin."""


def compute(kind: str) -> Compute:
    """The function that computes runs of a kind. Raises SpecError where there is none."""
    if kind not in KINDS:
        what = f"There is no run of kind {kind!r}."
        raise SpecError("kind", kind, what, f"The kinds are {', '.join(KINDS)}.")
    if kind in TORCH:
        import_module("torch")
    return import_module(f"{__name__}.{kind}").compute
