"""What a training takes of memory: foreseen before a run, then held against its rows."""

from __future__ import annotations

from engine.models.outline import outline
from engine.numerics.architecture import LINEAR
from engine.numerics.budget import Budget, lora_in
from engine.training.settings import LoraSettings

SCATTERED = 1.4
"""Memory of the process for each byte of kept activations, on a CPU: the C library holds pieces
that were freed. SmolLM2, 2,048 tokens: 4.8 GB where 3.4 are in use."""


def training_budget(
    settings: LoraSettings, rows: int, row_tokens: int, dtype: str, where: str, room: int
) -> Budget | None:
    """What a training takes and whether it computes activations again; None where not known.

    Args:
        settings: Its settings.
        rows: Learnt together.
        row_tokens: Of the longest row.
        dtype: What is computed in.
        where: The device's type.
        room: Bytes that can be had there, the model's own included.
    """
    shape = outline(settings.student).architecture
    if shape is None:
        return None
    layers = None if settings.target_modules == ("all-linear",) else settings.target_modules
    return lora_in(
        shape,
        settings.precision,
        room=room,
        scattered=SCATTERED if where == "cpu" else 1.0,
        rank=settings.lora_r,
        tokens=rows * min(row_tokens, settings.max_length),
        dtype=dtype,
        modules=LINEAR if layers is None else {name.rpartition(".")[2] for name in layers},
    )
