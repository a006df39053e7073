"""What a training has to be told, whoever holds it; each field means what it does in `SftSpec`."""

from __future__ import annotations

from typing import Protocol


class LoraSettings(Protocol):
    """What decides how much memory a training takes, beside its rows."""

    student: str
    precision: str
    lora_r: int
    target_modules: tuple[str, ...]
    max_length: int


class SftSettings(LoraSettings, Protocol):
    """All of it."""

    lora_alpha: float
    lora_dropout: float
    epochs: int
    max_steps: int
    batch_size: int
    gradient_accumulation: int
    learning_rate: float
    weight_decay: float
    scheduler: str
    warmup_steps: int
    optimizer: str
    logging_steps: int
    eval_steps: int
    checkpoint_steps: int
    checkpoint_seconds: float
    device: str
    seed: int
