"""Loading in 8 and in 4 bits: what transformers is told, what that makes of it, what it took.

A `BitsAndBytesConfig` is what `from_pretrained` takes as `quantization_config`. Nothing is loaded
where it is made. The checks load acorn with yours. They use the imports below too: leave them.
"""

from collections.abc import Callable
from typing import Any

import psutil  # psutil.Process().memory_info().rss: bytes of this process that are in memory
import torch
from transformers import BitsAndBytesConfig


def eight_bits(threshold: float = 6.0, keep: list[str] | None = None) -> BitsAndBytesConfig:
    """LLM.int8, with outliers from `threshold` on in 16 bits.

    `keep` names the modules that are not to be quantized, such as `["lm_head"]`. None leaves the
    choice to transformers, which keeps the output head.
    """
    raise NotImplementedError


def four_bits(dtype: torch.dtype = torch.bfloat16) -> BitsAndBytesConfig:
    """NF4 with double quantization, as QLoRA has it, computing in `dtype`."""
    raise NotImplementedError


def bits_a_weight(config: BitsAndBytesConfig) -> float:
    """Bits that a weight of a quantized layer takes, its share of the constants included.

    In 4 bits 64 weights share a constant of 32 bits; under double quantization that has 8, and 256
    constants share one more of 32. Count 8 bits for LLM.int8, whose few constants are one a row.
    """
    raise NotImplementedError


def memory(cuda: Any = torch.cuda) -> dict[str, int]:
    """What is in use now, in bytes.

    With a card (`cuda.is_available()`): `allocated`, what tensors hold there, and `reserved`, what
    torch has taken from the card for them. Without one: `resident`, of this process.
    """
    raise NotImplementedError


def grown(make: Callable[[], Any]) -> int:
    """By how many bytes this process's resident memory grows while `make()` is called.

    What it gives is still held when memory is looked at.
    """
    raise NotImplementedError


def written() -> torch.Tensor:
    """80 MB, all of them written to. To try `grown` with; leave it as it is."""
    return torch.ones(80_000_000, dtype=torch.uint8)


def reserved() -> torch.Tensor:
    """80 MB that nobody has written to. To try `grown` with; leave it as it is."""
    return torch.empty(80_000_000, dtype=torch.uint8)
