"""Floating point by hand: patterns to numbers and back, for any format with IEEE 754's rules."""

import math


def split(pattern: str, exponent_bits: int) -> tuple[str, str, str]:
    """The bits of sign, exponent and significand."""
    return pattern[0], pattern[1 : 1 + exponent_bits], pattern[1 + exponent_bits :]


def decode(pattern: str, exponent_bits: int) -> float:
    """The number that a pattern stands for."""
    sign, exponent, significand = split(pattern, exponent_bits)
    factor = -1.0 if sign == "1" else 1.0
    bias = 2 ** (exponent_bits - 1) - 1
    fraction = int(significand, 2) / 2 ** len(significand)
    if "0" not in exponent:
        return factor * (math.nan if "1" in significand else math.inf)
    if "1" not in exponent:
        return factor * fraction * 2.0 ** (1 - bias)
    return factor * (1 + fraction) * 2.0 ** (int(exponent, 2) - bias)


def encode(number: float, exponent_bits: int, significand_bits: int) -> str:
    """The pattern nearest to a number; halfway between two, the one that ends in 0."""
    bias = 2 ** (exponent_bits - 1) - 1
    sign = "1" if math.copysign(1.0, number) < 0 else "0"
    if math.isnan(number):
        return sign + "1" * (exponent_bits + significand_bits)
    infinity = "1" * exponent_bits + "0" * significand_bits
    if math.isinf(number):
        return sign + infinity

    # frexp gives a number from 0.5 to 1, so its exponent is one more than ours.
    exponent = max(math.frexp(number)[1] - 1, 1 - bias)
    steps = round(math.ldexp(abs(number), significand_bits - exponent))
    if steps == 2 ** (significand_bits + 1):  # rounded up to the next power of two
        exponent, steps = exponent + 1, steps // 2
    if exponent > bias:
        return sign + infinity
    normal = steps >= 2**significand_bits  # the leading 1 is there; below it, a subnormal
    stored = exponent + bias if normal else 0
    significand = steps - 2**significand_bits if normal else steps
    return sign + f"{stored:0{exponent_bits}b}" + f"{significand:0{significand_bits}b}"
