"""Blockwise 4-bit quantization of tensors, and of its own constants: what bitsandbytes does.

    absmax = max |x| of a block       code = the table's entry nearest to x / absmax
    x_hat  = table[code] * absmax

Double quantization does it once more to the absmax values: their mean is taken off, and what is
left goes to 8 bits in blocks of 256, by a table that is fine near zero.

Codes, constants and dequantized numbers equal those of bitsandbytes 0.50 on the CPU to the last bit
(tests/engine/numerics/test_blockwise.py), but for one thing: where a block is longer than a row of
the matrix, its AVX512 kernel takes the wrong constant for part of it, and this does not.

Dettmers et al., "QLoRA" (2023), sections 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from engine.numerics.codes import TABLES, nearest
from engine.numerics.footprint import BLOCK, NESTED_BLOCK

LEAST = 1e-38
"""No block is divided by less, so that a block of zeros stays one."""
STEPS = 65536
"""bitsandbytes finds an 8-bit code by a table over so many equal steps from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Nested:
    """Constants that were quantized themselves."""

    codes: Tensor
    """uint8, one a constant."""
    absmax: Tensor
    """float32, one for each 256 constants."""
    offset: Tensor
    """float32, shape (): the constants' mean."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A tensor in 4 bits."""

    codes: Tensor
    """uint8 indices into the format's table, flat, one a number, not yet packed."""
    absmax: Tensor | Nested
    """One constant a block: float32, or quantized."""
    kind: str
    """`nf4`, `fp4`, `e2m1` or `int4`."""
    block: int
    """Numbers that share a constant; the last block may have fewer."""
    shape: torch.Size
    dtype: torch.dtype
    """Of the tensor that was quantized."""


@cache
def table(kind: str) -> Tensor:
    """The numbers that the codes of a format stand for, float32.

    Raises:
        ValueError: There is no such format.
    """
    if kind not in TABLES:
        raise ValueError(f"no 4-bit format {kind!r}: there are {', '.join(TABLES)}")
    return torch.tensor(TABLES[kind], dtype=torch.float32)


@cache
def dynamic_table() -> Tensor:
    """The 256 numbers of the 8-bit format for constants, in ascending order, float32.

    Seven decades from 1e-6 to 1; each next has twice as many numbers, the middles of equal steps
    from a tenth of its top to its top, on either side of zero. Then zero, and one.
    Dettmers, "8-Bit Approximations for Parallelism in Deep Learning" (2016).
    """
    numbers = [0.0, 1.0]
    for decade in range(7):
        edges = torch.linspace(0.1, 1, 2**decade + 1, dtype=torch.float32)
        middles = (edges[:-1] + edges[1:]) / 2
        numbers += (10.0 ** (decade - 6) * middles).tolist()
        numbers += (-(10.0 ** (decade - 6)) * middles).tolist()
    return torch.tensor(sorted(numbers), dtype=torch.float32)


def quantize(x: Tensor, kind: str = "nf4", block: int = BLOCK, *, nested: bool = False) -> Blocks:
    """Quantize a tensor to 4 bits.

    Args:
        x: Any float tensor of at least one number; it is read row by row, blocks cross rows.
        kind: `nf4`, `fp4`, `e2m1` or `int4`.
        block: Numbers that share a constant.
        nested: Quantize the constants too.

    Raises:
        ValueError: x is empty or holds a NaN or an infinity, or there is no such format or block.
    """
    if x.numel() == 0 or not x.isfinite().all():
        raise ValueError("cannot quantize a tensor that is empty or not finite everywhere")
    if block < 1:
        raise ValueError(f"a block has at least one number, not {block}")
    numbers, flat = table(kind), x.reshape(-1).float()
    whole = flat.numel() // block * block
    rows = flat[:whole].view(-1, block)
    absmax = rows.abs().amax(-1)
    # A whole block is multiplied by the reciprocal and a last, shorter one divided, as in
    # bitsandbytes: it can be another float, and so another code.
    scaled = (rows * (1.0 / absmax.clamp(min=LEAST))[:, None]).clamp(-1, 1).reshape(-1)
    if whole < flat.numel():
        last = flat[whole:].abs().amax().clamp(min=LEAST)
        absmax = torch.cat([absmax, last[None]])
        scaled = torch.cat([scaled, (flat[whole:] / last).clamp(-1, 1)])
    order = numbers.argsort(stable=True)
    middles = (numbers[order[:-1]] + numbers[order[1:]]) / 2
    # How many middles are below, in floats that processors compare side by side: many times as
    # fast as torch.bucketize, which searches for each number.
    rank, above = torch.zeros_like(scaled), torch.empty_like(scaled)
    for middle in middles:
        rank += torch.gt(scaled, middle, out=above)
    codes = order.to(torch.uint8).index_select(0, rank.int())
    constants = nest(absmax) if nested else absmax
    return Blocks(codes, constants, kind, block, x.shape, x.dtype)


def dequantize(blocks: Blocks, dtype: torch.dtype | None = None) -> Tensor:
    """The numbers that a quantized tensor stands for, in its own dtype or another."""
    absmax = unnest(blocks.absmax) if isinstance(blocks.absmax, Nested) else blocks.absmax
    constants = absmax.repeat_interleave(blocks.block)[: blocks.codes.numel()]
    numbers = table(blocks.kind).index_select(0, blocks.codes.int()) * constants
    return numbers.view(blocks.shape).to(dtype or blocks.dtype)


def nest(absmax: Tensor) -> Nested:
    """Quantize constants to 8 bits: double quantization.

    Args:
        absmax: float32, shape (blocks,).
    """
    offset = absmax.mean()
    rest = absmax - offset
    peaks = torch.stack([each.abs().amax() for each in rest.split(NESTED_BLOCK)])
    reciprocals = (1.0 / peaks).repeat_interleave(NESTED_BLOCK)[: rest.numel()]
    steps = ((rest * reciprocals + 1) * ((STEPS - 1) / 2) + 0.5).nan_to_num(0)
    return Nested(_code_of_step()[steps.long().clamp(0, STEPS - 1)], peaks, offset)


def unnest(nested: Nested) -> Tensor:
    """The constants again, float32, shape (blocks,)."""
    peaks = nested.absmax.repeat_interleave(NESTED_BLOCK)[: nested.codes.numel()]
    return dynamic_table()[nested.codes.long()] * peaks + nested.offset


def pack(blocks: Blocks) -> Tensor:
    """Two codes a byte, the first in the upper four bits; an odd one out shares with a zero's.

    Returns:
        uint8, shape (ceil(n / 2),).
    """
    codes = blocks.codes
    if codes.numel() % 2:
        zero = nearest(0.0, TABLES[blocks.kind])
        codes = torch.cat([codes, codes.new_tensor([zero])])
    return (codes[::2] << 4) | codes[1::2]


def unpack(packed: Tensor, count: int) -> Tensor:
    """The first `count` codes of packed bytes."""
    return torch.stack([packed >> 4, packed & 0xF], dim=-1).reshape(-1)[:count]


@cache
def _code_of_step() -> Tensor:
    """The 8-bit code nearest to each of the equal steps from -1 to 1."""
    numbers = dynamic_table()
    steps = torch.arange(STEPS, dtype=torch.float32) / ((STEPS - 1) / 2) - 1
    return torch.bucketize(steps, (numbers[:-1] + numbers[1:]) / 2).to(torch.uint8)
