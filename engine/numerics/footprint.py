"""What a model weighs: bytes from shapes and a precision, before anything is loaded.

bitsandbytes cuts a weight of n numbers into blocks of 64 and keeps one constant, absmax, a block:

    4-bit          n/2 bytes  +  4 bytes a block                      4.5 bits a weight
    4-bit, -dq     n/2 bytes  +  1 byte a block  +  4 bytes a 256 blocks  +  4 bytes
                                                                      4.127 bits a weight
    LLM.int8       n bytes    +  4 bytes a row

Only the weights of linear layers are quantized, and the output head is not; embeddings, norms,
biases and the head stay in the compute dtype. A tied head is the embedding and counts once. The
code tables (16 values, and 256 more for -dq) are shared by all weights.

Dettmers et al., "QLoRA" (2023), section 3; "LLM.int8()" (2022).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, prod

BLOCK = 64
"""Weights that share one 4-bit constant."""
NESTED_BLOCK = 256
"""Constants that share one second-level constant under double quantization."""
DTYPE_BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}
"""Bytes of a number that is not quantized."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One tensor of a model."""

    shape: tuple[int, ...]
    """As PyTorch has it: (out, in) for a linear layer."""
    quantizable: bool
    """Whether it is a linear layer's weight, other than the output head's."""

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes of a model's weights, by what they are for, and how many weights they stand for."""

    codes: int
    """The quantized weights themselves."""
    constants: int
    """What turns codes back into numbers: absmax of blocks or rows, and code tables."""
    rest: int
    """Weights that are not quantized."""
    quantized_params: int
    """How many weights are quantized."""
    unquantized_params: int
    """How many are not."""

    @property
    def total(self) -> int:
        """All bytes."""
        return self.codes + self.constants + self.rest


def footprint(weights: Iterable[Weight], precision: str, dtype: str) -> Footprint:
    """Bytes of a model.

    Args:
        weights: Every tensor once; a tied one is one tensor.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        dtype: What is not quantized is held in: `fp32`, `bf16` or `fp16`.
    """
    quantizes = precision not in DTYPE_BYTES
    weights = list(weights)
    small = [weight for weight in weights if quantizes and weight.quantizable]
    rest = sum(weight.size for weight in weights) - sum(weight.size for weight in small)
    return Footprint(
        codes=sum(code_bytes(weight, precision) for weight in small),
        constants=sum(constant_bytes(weight, precision) for weight in small)
        + (table_bytes(precision) if small else 0),
        rest=rest * DTYPE_BYTES[dtype],
        quantized_params=sum(weight.size for weight in small),
        unquantized_params=rest,
    )


def code_bytes(weight: Weight, precision: str) -> int:
    """Bytes of a quantized weight's codes: one byte a number, or one for two."""
    return weight.size if precision == "int8" else ceil(weight.size / 2)


def constant_bytes(weight: Weight, precision: str) -> int:
    """Bytes of a quantized weight's constants, without the shared code tables."""
    if precision == "int8":
        return 4 * weight.shape[0]
    blocks = ceil(weight.size / BLOCK)
    if precision.endswith("-dq"):
        return blocks + 4 * ceil(blocks / NESTED_BLOCK) + 4
    return 4 * blocks


def table_bytes(precision: str) -> int:
    """Bytes of the tables that say which number a code stands for, one set a model."""
    if precision == "int8":
        return 0
    return 4 * 16 + (4 * 256 if precision.endswith("-dq") else 0)
