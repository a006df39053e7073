"""What a worker computes: one module a kind, each with `compute(spec, record) -> dict`.

Looked up by name and imported late, as most of them import torch.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.errors import SpecError

if TYPE_CHECKING:
    from engine.runs.record import Recorder

Compute = Callable[[Any, "Recorder"], dict[str, Any]]
"""Takes the spec and the record of a run; returns its result, which JSON can hold."""

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
