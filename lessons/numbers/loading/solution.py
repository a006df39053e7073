"""Loading in 8 and in 4 bits: what transformers is told, what that makes of it, what it took."""

from collections.abc import Callable
from typing import Any

import psutil
import torch
from transformers import BitsAndBytesConfig


def eight_bits(threshold: float = 6.0, keep: list[str] | None = None) -> BitsAndBytesConfig:
    """LLM.int8, with outliers from `threshold` on in 16 bits."""
    return BitsAndBytesConfig(
        load_in_8bit=True, llm_int8_threshold=threshold, llm_int8_skip_modules=keep
    )


def four_bits(dtype: torch.dtype = torch.bfloat16) -> BitsAndBytesConfig:
    """NF4 with double quantization, as QLoRA has it, computing in `dtype`."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",  # fp4 unless it is said
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,  # float32 unless it is said
    )


def bits_a_weight(config: BitsAndBytesConfig) -> float:
    """Bits that a weight of a quantized layer takes, its share of the constants included."""
    if config.load_in_8bit:
        return 8.0
    if config.bnb_4bit_use_double_quant:
        return 4 + 8 / 64 + 32 / (64 * 256)
    return 4 + 32 / 64


def memory(cuda: Any = torch.cuda) -> dict[str, int]:
    """What is in use now, in bytes."""
    if cuda.is_available():
        return {"allocated": cuda.memory_allocated(), "reserved": cuda.memory_reserved()}
    return {"resident": psutil.Process().memory_info().rss}


def grown(make: Callable[[], Any]) -> int:
    """By how many bytes this process's resident memory grows while `make()` is called."""
    before = psutil.Process().memory_info().rss
    made = make()
    after = psutil.Process().memory_info().rss
    del made  # held until now: else it would be gone before anyone has looked
    return after - before


def written() -> torch.Tensor:
    """80 MB, all of them written to."""
    return torch.ones(80_000_000, dtype=torch.uint8)


def reserved() -> torch.Tensor:
    """80 MB that nobody has written to."""
    return torch.empty(80_000_000, dtype=torch.uint8)
