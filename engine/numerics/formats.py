"""Floating-point formats: from a number to its pattern of bits and back.

    normal      (-1)**sign * 1.significand * 2**(exponent - bias)
    subnormal   (-1)**sign * 0.significand * 2**(1 - bias)         where the exponent is all zeros

A pattern is an int whose binary digits are the bits, sign first. Every number is rounded once, to
the nearest that the format has, and halfway to the one whose last bit is 0, as hardware does; a NaN
becomes the format's quiet NaN with its sign kept. Pure Python, on exact powers of two, so that it
can be read beside the formulas; torch's own dtypes give the same bits.

FP32 and FP16: IEEE 754 (2019). BF16: FP32 without its last 16 bits. FP8: Micikevicius et al., "FP8
Formats for Deep Learning" (2022); E4M3 has no infinities, so that its greatest is 448.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["zero", "subnormal", "normal", "infinity", "nan"]


@dataclass(frozen=True, slots=True)
class Fields:
    """A floating-point pattern, taken apart."""

    sign: int
    """0 for positive, 1 for negative."""
    exponent: int
    """As it is stored, with the bias in it."""
    significand: int
    """The stored digits after the point, as an integer; the leading 1 is not stored."""


@dataclass(frozen=True, slots=True)
class Float:
    """A floating-point format: one sign bit, then exponent, then significand."""

    name: str
    exponent_bits: int
    significand_bits: int
    """Stored digits after the point."""
    has_infinity: bool = True
    """Whether an exponent of all ones is kept for infinities and NaNs, as IEEE 754 has it. Without,
    only the pattern of all ones (either sign) is a NaN, and the rest of that exponent are numbers.
    """

    @property
    def bits(self) -> int:
        """Width of a pattern."""
        return 1 + self.exponent_bits + self.significand_bits

    @property
    def bias(self) -> int:
        """What is taken off a stored exponent."""
        return 2 ** (self.exponent_bits - 1) - 1

    @property
    def widths(self) -> tuple[tuple[str, int], ...]:
        """Names and widths of the fields, in their order."""
        exponent, significand = self.exponent_bits, self.significand_bits
        return (("sign", 1), ("exponent", exponent), ("significand", significand))

    @property
    def greatest(self) -> float:
        """The greatest finite number."""
        return self.decode(self._first_special - 1)

    @property
    def least_normal(self) -> float:
        """The least positive number with all its digits."""
        return math.ldexp(1.0, 1 - self.bias)

    @property
    def least_subnormal(self) -> float:
        """The least positive number of all."""
        return math.ldexp(1.0, 1 - self.bias - self.significand_bits)

    @property
    def epsilon(self) -> float:
        """From 1 to the next number above it."""
        return math.ldexp(1.0, -self.significand_bits)

    def fields(self, pattern: int) -> Fields:
        """Take a pattern apart.

        Raises:
            ValueError: The pattern has more bits than the format.
        """
        if not 0 <= pattern < 1 << self.bits:
            raise ValueError(f"{pattern:#b} is no pattern of {self.name}'s {self.bits} bits.")
        exponent = pattern >> self.significand_bits & self._top_exponent
        significand = pattern & (1 << self.significand_bits) - 1
        return Fields(pattern >> self.bits - 1, exponent, significand)

    def kind(self, pattern: int) -> Kind:
        """What sort of number a pattern stands for; raises as `fields` does."""
        fields = self.fields(pattern)
        magnitude = pattern & (1 << self.bits - 1) - 1
        if magnitude >= self._first_special:
            return "infinity" if self.has_infinity and not fields.significand else "nan"
        if fields.exponent:
            return "normal"
        return "subnormal" if fields.significand else "zero"

    def decode(self, pattern: int) -> float:
        """The number that a pattern stands for; raises as `fields` does."""
        fields, kind = self.fields(pattern), self.kind(pattern)
        if kind in ("infinity", "nan"):
            value = math.inf if kind == "infinity" else math.nan
        else:
            leading = 1 << self.significand_bits if fields.exponent else 0
            power = max(fields.exponent, 1) - self.bias - self.significand_bits
            value = math.ldexp(leading + fields.significand, power)
        return math.copysign(value, -1.0 if fields.sign else 1.0)

    def encode(self, number: float, *, saturate: bool | None = None) -> int:
        """The pattern nearest to a number.

        Args:
            number: Any float.
            saturate: Whether what is too great becomes the greatest finite number; otherwise it
                becomes infinity, or NaN in a format that has none. Converters differ; None is as
                torch 2.13 does: E4M3 saturates (it gave NaN before), the others do not.
        """
        sign = (math.copysign(1.0, number) < 0) << self.bits - 1
        if math.isnan(number):
            return sign | self._nan
        if math.isinf(number):
            magnitude = self._first_special
        else:
            step = self._step(number)
            digits = round(math.ldexp(abs(number), -step))  # to nearest, halfway to even
            # The leading 1 of a normal number adds one to the exponent, and so does a carry.
            raised = step + self.bias + self.significand_bits - 1
            magnitude = (raised << self.significand_bits) + digits
        if magnitude < self._first_special:
            return sign | magnitude
        if saturate or (saturate is None and not self.has_infinity):
            return sign | self._first_special - 1
        return sign | (self._first_special if self.has_infinity else self._nan)

    def nearest(self, number: float, *, saturate: bool | None = None) -> float:
        """What is left of a number once the format has stored it; `saturate` as for `encode`."""
        return self.decode(self.encode(number, saturate=saturate))

    def spacing(self, number: float) -> float:
        """From the format's numbers around `number` to their neighbours, away from 0.

        Raises:
            ValueError: The number is NaN, infinite or beyond the greatest.
        """
        if not abs(number) <= self.greatest:
            raise ValueError(f"{number} is beyond {self.name}'s greatest, {self.greatest}.")
        return math.ldexp(1.0, self._step(number))

    def split(self, pattern: int) -> tuple[str, str, str]:
        """The bits of sign, exponent and significand; raises as `fields` does."""
        self.fields(pattern)
        bits = f"{pattern:0{self.bits}b}"
        return bits[0], bits[1 : 1 + self.exponent_bits], bits[1 + self.exponent_bits :]

    @property
    def _top_exponent(self) -> int:
        return (1 << self.exponent_bits) - 1

    @property
    def _first_special(self) -> int:
        """The least pattern, without its sign, that is no finite number."""
        if self.has_infinity:
            return self._top_exponent << self.significand_bits
        return (1 << self.bits - 1) - 1

    @property
    def _nan(self) -> int:
        """The quiet NaN: the first significand bit is set; without infinities, all of them."""
        if self.has_infinity:
            return self._first_special | 1 << self.significand_bits - 1
        return self._first_special

    def _step(self, number: float) -> int:
        """The power of two that neighbours are apart, around a finite number."""
        least = 1 - self.bias
        exponent = max(math.frexp(number)[1] - 1, least) if number else least
        return exponent - self.significand_bits


FP32 = Float("FP32", 8, 23)
FP16 = Float("FP16", 5, 10)
BF16 = Float("BF16", 8, 7)
E4M3 = Float("FP8 E4M3", 4, 3, has_infinity=False)
E5M2 = Float("FP8 E5M2", 5, 2)
FLOATS = {"fp32": FP32, "fp16": FP16, "bf16": BF16, "e4m3": E4M3, "e5m2": E5M2}
"""The formats that models are kept and computed in, by the names that labs take."""
