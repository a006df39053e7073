"""A model that is ready to be sampled, and the record of how it came to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch

from engine.models.precision import Fallback
from engine.models.registry import Source

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """What was loaded, how, and what it took."""

    name: str
    """As it was asked for."""
    precision: str
    """As it was asked for; `fallbacks` says what was done otherwise."""
    device: str
    """Such as `cpu` or `cuda:0`."""
    dtype: str
    """What it computes in: `fp32`, `bf16` or `fp16`."""
    quantized_params: int
    """Weights held in 4 or 8 bits."""
    unquantized_params: int
    """The others, a tied one once; without the adapter."""
    adapter_params: int
    """The adapter's weights; 0 without one."""
    bytes_parameters: int
    """Measured: all weights with their quantization constants; without the adapter."""
    bytes_buffers: int
    """Measured: what the model keeps beside its weights."""
    bytes_adapter: int
    """Measured: the adapter's weights."""
    predicted_bytes: int
    """What the formula says `bytes_parameters` should be."""
    gpu_allocated: int
    """Bytes that torch has allocated on the card; 0 on the CPU."""
    gpu_reserved: int
    """Bytes that torch has reserved there."""
    peak_bytes: int
    """The most in use while it loaded: on the card, or by the whole process on the CPU."""
    seconds: float
    from_cache: bool
    """Whether a 4-bit model that had been kept was read."""
    fallbacks: tuple[Fallback, ...]
    """What was done otherwise than asked, or than it is best done."""
    fingerprint: str
    """SHA-256 of the weights' files, or a hub model's id and revision."""
    adapter_fingerprint: str
    """SHA-256 of the adapter's file; empty without one."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        values = asdict(self)
        return {**values, "fallbacks": [each.as_dict() for each in self.fallbacks]}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is ready to be sampled."""

    model: PreTrainedModel
    """In eval mode; a PeftModel where there is an adapter."""
    tokenizer: PreTrainedTokenizerBase
    source: Source
    """Where it came from, and the instruction that goes with its questions."""
    record: LoadRecord

    @property
    def device(self) -> torch.device:
        """Where it is."""
        return torch.device(self.record.device)
