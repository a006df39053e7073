"""Integer formats: from an integer to its pattern of bits and back.

    unsigned    the sum of 2**place over the bits that are 1
    signed      the same, but the top bit counts -2**(bits-1): two's complement

A pattern is an int whose binary digits are the bits, the top one first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer format."""

    bits: int
    signed: bool = True
    """Two's complement where it is."""

    @property
    def name(self) -> str:
        """`INT8` or `UINT8`."""
        return f"{'' if self.signed else 'U'}INT{self.bits}"

    @property
    def least(self) -> int:
        """The least integer; absmax leaves it out in a signed format."""
        return -(2 ** (self.bits - 1)) if self.signed else 0

    @property
    def greatest(self) -> int:
        """The greatest integer."""
        return self.least + 2**self.bits - 1

    def decode(self, pattern: int) -> int:
        """The integer that a pattern stands for.

        Raises:
            ValueError: The pattern has more bits than the format.
        """
        if not 0 <= pattern < 2**self.bits:
            raise ValueError(f"{pattern:#b} is no pattern of {self.name}.")
        return pattern - 2**self.bits if pattern > self.greatest else pattern

    def encode(self, number: int) -> int:
        """The pattern of an integer.

        Raises:
            ValueError: It is out of range; `wrap` and `saturate` bring it into it.
        """
        if not self.least <= number <= self.greatest:
            raise ValueError(f"{number} is out of {self.name}: {self.least} to {self.greatest}.")
        return number % 2**self.bits

    def wrap(self, number: int) -> int:
        """Keep the last bits only, as adders do when a sum is out of range."""
        return self.decode(number % 2**self.bits)

    def saturate(self, number: int) -> int:
        """Stop at the ends, as quantizers do."""
        return min(max(number, self.least), self.greatest)


INT8 = Integer(8)
INT4 = Integer(4)
UINT8 = Integer(8, signed=False)
