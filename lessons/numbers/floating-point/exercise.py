"""Floating point by hand: patterns to numbers and back, for any format with IEEE 754's rules.

A pattern is a string of zeros and ones: one sign bit, `exponent_bits` bits of exponent, and the
rest significand. FP32 has 8 exponent and 23 significand bits, FP16 5 and 10, BF16 8 and 7,
FP8 E5M2 5 and 2. Only `math` is needed; don't ask torch.
"""

import math


def split(pattern: str, exponent_bits: int) -> tuple[str, str, str]:
    """The bits of sign, exponent and significand.

    split("1100", 2) is ("1", "10", "0").
    """
    raise NotImplementedError


def decode(pattern: str, exponent_bits: int) -> float:
    """The number that a pattern stands for.

    The exponent says which of three cases it is:
    all zeros    0.significand * 2**(1 - bias): zero and the subnormals
    all ones     infinity where the significand is all zeros, else NaN (math.inf, math.nan)
    any other    1.significand * 2**(exponent - bias)

    The sign counts for zero as well: -0.0 is the number of 1 and zeros.
    """
    raise NotImplementedError


def encode(number: float, exponent_bits: int, significand_bits: int) -> str:
    """The pattern nearest to a number; halfway between two, the one that ends in 0.

    What is too great becomes infinity. A NaN becomes any pattern that stands for NaN.

    One way: find the exponent e with 2**e <= |number| < 2**(e+1), but no less than 1 - bias.
    Neighbours are 2**(e - significand_bits) apart there; how many of these steps is |number|,
    rounded? That integer is the leading 1 and the significand. Mind what happens if it rounds
    up to the next power of two.
    """
    raise NotImplementedError
