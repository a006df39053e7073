"""The 4-bit formats as tables: a code is an index, and the table says which number it stands for.

    NF4   quantiles of the normal distribution, so that each code is about equally often used
    E2M1  sign, two bits of exponent, one of significand: the FP4 of hardware, MXFP4's and NVFP4's
    FP4   bitsandbytes' own: E2M1 but for 0.0052 in place of its least number, 0.0833
    INT4  evenly spaced, as absmax quantization to -7..7 has it

All numbers lie in [-1, 1]: a block of weights is divided by its largest |weight| first. This is
pure Python; :mod:`engine.numerics.blockwise` does the same on tensors.

NF4 and FP4 as in Dettmers et al., "QLoRA" (2023), with the values that bitsandbytes 0.50 holds.
E2M1 as in Open Compute Project, "OCP Microscaling Formats (MX) Specification 1.0" (2023), over its
greatest, 6.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

NF4 = (
    -1.0,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0.0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1.0,
)
"""NormalFloat: seven numbers below zero, zero itself, eight above."""

_FP4_UPPER = (0.0, 0.0625 / 12, 8 / 12, 12 / 12, 4 / 12, 6 / 12, 2 / 12, 3 / 12)
FP4 = (*_FP4_UPPER, *(-each or 0.0 for each in _FP4_UPPER))
"""By bit pattern, not by size, the sign first. 0000 and 1000 are both zero."""

_E2M1_UPPER = tuple(each / 6 for each in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0))
E2M1 = (*_E2M1_UPPER, *(-each or 0.0 for each in _E2M1_UPPER))
"""By bit pattern: sign, exponent with a bias of 1, significand. 0000 and 1000 are both zero."""

INT4 = tuple(number / 7 for number in range(-7, 8))
"""15 numbers, since symmetric INT4 leaves -8 out; a code is the integer plus 7."""

TABLES: dict[str, tuple[float, ...]] = {"nf4": NF4, "fp4": FP4, "e2m1": E2M1, "int4": INT4}
"""The tables by name."""


def nearest(value: float, table: Sequence[float] = NF4) -> int:
    """The index of the number in a table that is nearest to `value`.

    Of two equally near the lower number wins, as in bitsandbytes; of two zeros 0000 has the
    values up to zero and 1000 those above it.
    """
    order = sorted(range(len(table)), key=table.__getitem__)
    middles = [(table[a] + table[b]) / 2 for a, b in pairwise(order)]
    return order[bisect_left(middles, value)]


def bits_a_weight(
    block: int = 64, nested: bool = False, *, code_bits: float = 4, nested_block: int = 256
) -> float:
    """Bits that one weight takes, with its share of the constants.

    Args:
        block: Weights that share a constant.
        nested: Whether the 32-bit constants are quantized to 8 bits themselves.
        code_bits: Bits of the code alone.
        nested_block: Constants that share a second-level constant of 32 bits.
    """
    if not nested:
        return code_bits + 32 / block
    return code_bits + 8 / block + 32 / (block * nested_block)
