"""NF4 by hand: from weights to codes, to bytes, and back."""

NF4 = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
    -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
    0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
]  # fmt: skip
ZERO = NF4.index(0.0)


def nearest(value: float) -> int:
    """The code, 0 to 15, of the NF4 number that is nearest to `value`."""
    return min(range(16), key=lambda code: abs(NF4[code] - value))  # min takes the first of equals


def quantize(weights: list[float], block: int = 64) -> tuple[list[int], list[float]]:
    """A code for each weight, and the constant (absmax) of each block."""
    codes, constants = [], []
    for start in range(0, len(weights), block):
        members = weights[start : start + block]
        absmax = max(abs(weight) for weight in members)
        constants.append(absmax)
        codes += [nearest(weight / absmax) if absmax else ZERO for weight in members]
    return codes, constants


def dequantize(codes: list[int], constants: list[float], block: int = 64) -> list[float]:
    """The weights that codes stand for, each with the constant of its own block."""
    return [NF4[code] * constants[place // block] for place, code in enumerate(codes)]


def pack(codes: list[int]) -> bytes:
    """Two codes a byte, the first in the upper four bits."""
    even = codes if len(codes) % 2 == 0 else [*codes, ZERO]
    return bytes(even[at] << 4 | even[at + 1] for at in range(0, len(even), 2))


def unpack(packed: bytes, count: int) -> list[int]:
    """The first `count` codes of packed bytes."""
    codes = [code for byte in packed for code in (byte >> 4, byte & 0b1111)]
    return codes[:count]


def bits_a_weight(block: int = 64, nested: bool = False) -> float:
    """Bits that a weight takes together with its share of the constants."""
    if nested:
        return 4 + 8 / block + 32 / (block * 256)
    return 4 + 32 / block
