"""NF4 by hand: from weights to codes, to bytes, and back.

Plain Python is enough: lists and floats. When all checks pass, your bytes are those that
bitsandbytes writes.
"""

NF4 = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
    -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
    0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
]  # fmt: skip


def nearest(value: float) -> int:
    """The code, 0 to 15, of the NF4 number that is nearest to `value`.

    Exactly halfway between two, it is the lower one.
    """
    raise NotImplementedError


def quantize(weights: list[float], block: int = 64) -> tuple[list[int], list[float]]:
    """A code for each weight, and the constant (absmax) of each block.

    The last block may be shorter. A block of zeros has the constant 0.0, and its codes
    stand for zero.
    """
    raise NotImplementedError


def dequantize(codes: list[int], constants: list[float], block: int = 64) -> list[float]:
    """The weights that codes stand for, each with the constant of its own block."""
    raise NotImplementedError


def pack(codes: list[int]) -> bytes:
    """Two codes a byte, the first in the upper four bits.

    An odd one out shares its byte with the code of zero.
    """
    raise NotImplementedError


def unpack(packed: bytes, count: int) -> list[int]:
    """The first `count` codes of packed bytes."""
    raise NotImplementedError


def bits_a_weight(block: int = 64, nested: bool = False) -> float:
    """Bits that a weight takes together with its share of the constants.

    A constant has 32 bits. Where they are `nested`, it has 8, and each 256 constants
    share one more of 32 bits.
    """
    raise NotImplementedError
