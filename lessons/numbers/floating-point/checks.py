"""What the exercise on floating point is held against: torch's own types, and the lesson's text."""

import math
import random

import torch

from lessons.kit.checks import check, expect

FORMATS = {
    "FP32": (8, 23, torch.float32, torch.int32),
    "FP16": (5, 10, torch.float16, torch.int16),
    "BF16": (8, 7, torch.bfloat16, torch.int16),
    "FP8 E5M2": (5, 2, torch.float8_e5m2, torch.uint8),
}
SIZES = 6
"""How many numbers of a format the last check draws."""


@check
def splits(learner):
    """`split` cuts a pattern into sign, exponent and significand."""
    expect(learner.split("1100", 2), ("1", "10", "0"), "split('1100', 2)")
    pattern = "01000000010011001100110011001101"
    wanted = ("0", "10000000", "10011001100110011001101")
    expect(learner.split(pattern, 8), wanted, "the lesson's FP32 pattern")


@check(needs="splits")
def decodes_normal_numbers(learner):
    """`decode` gives the number of a normal pattern, in each format."""
    pattern = "01000000010011001100110011001101"
    expect(learner.decode(pattern, 8), 3.200000047683716, "the lesson's FP32 pattern", within=0)
    for name in FORMATS:
        for number in (1.0, -1.5, 0.3125, -40.0):
            _decodes_as_torch(learner, name, torch_pattern(number, name))


@check(needs="decodes_normal_numbers")
def decodes_the_least(learner):
    """`decode` knows zero, both of them, and the subnormals."""
    expect(learner.decode("0000000000000001", 5), 2.0**-24, "FP16's least", within=0)
    for name in ("FP16", "BF16", "FP8 E5M2"):
        _, m, *_ = FORMATS[name]
        for magnitude in sorted({1, 2, 3, 2**m - 1, 2 ** (m - 1), 2**m}):
            _decodes_as_torch(learner, name, f"{magnitude:0{width(name)}b}")
    expect(learner.decode("1000000000000000", 5), -0.0, "the pattern of a 1 and zeros", within=0)


@check(needs="decodes_normal_numbers")
def decodes_what_is_no_number(learner):
    """`decode` gives infinities and NaN where the exponent is all ones."""
    expect(learner.decode("0111110000000000", 5), math.inf, "0 11111 0000000000")
    expect(learner.decode("1111110000000000", 5), -math.inf, "1 11111 0000000000")
    for pattern in ("0111111000000000", "1111110000000001"):
        expect(learner.decode(pattern, 5), math.nan, f"{pattern} in FP16", within=0)
    expect(learner.decode("0111101111111111", 5), 65504.0, "FP16's greatest finite number")


@check(needs="decodes_the_least")
def decodes_fp8(learner):
    """`decode` agrees with torch on FP8 E5M2, from its least numbers to its infinities."""
    for exponent in (0, 1, 14, 15, 29, 30, 31):  # where something begins or ends
        for significand in range(4):
            sign = significand % 2 if exponent < 15 else 1 - significand % 2
            _decodes_as_torch(learner, "FP8 E5M2", f"{sign}{exponent:05b}{significand:02b}")


@check
def encodes_exact_numbers(learner):
    """`encode` gives the pattern of numbers that the format has."""
    expect(learner.encode(-6.5, 5, 10), "1100011010000000", "-6.5 in FP16")
    for name in FORMATS:
        for number in (1.0, -1.5, 0.3125, -40.0, 0.0, -0.0):
            _encodes_as_torch(learner, name, number)


@check(needs="encodes_exact_numbers")
def rounds_to_nearest(learner):
    """`encode` rounds to the nearest number, and at halfway to the one that ends in 0."""
    for name in FORMATS:
        _encodes_as_torch(learner, name, torch.tensor(math.pi).item())
    for number in (1027.0, 1028.0, 1029.0, 1035.0, 1036.0, 1037.0, -1036.0):
        _encodes_as_torch(learner, "BF16", number)
    for number in (2049.0, 2050.0, 2051.0, -2049.0, -2051.0):
        _encodes_as_torch(learner, "FP16", number)


@check(needs="rounds_to_nearest")
def carries(learner):
    """`encode` goes on to the next exponent when all digits round up."""
    for name, number in (("FP16", 2047.9), ("BF16", 511.9), ("FP8 E5M2", 7.8), ("FP16", -0.99999)):
        _encodes_as_torch(learner, name, torch.tensor(number).item())


@check(needs="rounds_to_nearest")
def encodes_the_least(learner):
    """`encode` rounds subnormals, and what is less than half of the least becomes 0."""
    for multiple in (0.4, 0.5, 0.6, 1.0, 1.5, 2.5, 1022.7, 1023.5, 1023.4, 1024.0):
        _encodes_as_torch(learner, "FP16", torch.tensor(multiple * 2.0**-24).item())
    for multiple in (0.5, 0.51, 1.0, 2.5, 3.49, 3.5):
        _encodes_as_torch(learner, "FP8 E5M2", torch.tensor(-multiple * 2.0**-16).item())


@check(needs="rounds_to_nearest")
def encodes_the_greatest(learner):
    """`encode` gives infinity for what is too great, but not a moment too early."""
    for number in (65504.0, 65519.0, 65520.0, 70000.0, -1e30, math.inf, -math.inf):
        _encodes_as_torch(learner, "FP16", torch.tensor(number).item())
    _encodes_as_torch(learner, "BF16", torch.finfo(torch.float32).max)
    got = learner.encode(math.nan, 5, 10)
    is_pattern = isinstance(got, str) and len(got) == 16 and not set(got) - set("01")
    assert is_pattern, f"NaN in FP16 is a pattern of 16 bits, and encode gave {got!r}"
    assert math.isnan(torch_number(got, "FP16")), f"{got} is not NaN in FP16"


@check(needs="encodes_the_least")
def agrees_with_torch(learner):
    """`encode` and `decode` agree with torch on numbers of all sizes."""
    rng = random.Random(20)
    for name in FORMATS:
        k, *_ = FORMATS[name]
        most = 2 ** (k - 1) - 2
        least = -most - 5  # among the subnormals
        for place in range(SIZES):  # each from its own part of what the format spans
            size = least + (most - least) * (place + rng.random()) / SIZES
            number = rng.choice([-1, 1]) * rng.uniform(1, 2) * 2.0**size
            number = torch.tensor(number, dtype=torch.float32).item()
            _encodes_as_torch(learner, name, number)
            _decodes_as_torch(learner, name, torch_pattern(number, name))


def width(name: str) -> int:
    """How many bits a pattern of the format has."""
    k, m, *_ = FORMATS[name]
    return 1 + k + m


def torch_pattern(number: float, name: str) -> str:
    """Torch's pattern of a number."""
    *_, dtype, as_integer = FORMATS[name]
    bits = torch.tensor(number, dtype=torch.float32).to(dtype).view(as_integer).item()
    return f"{bits % 2 ** width(name):0{width(name)}b}"


def torch_number(pattern: str, name: str) -> float:
    """The number that a pattern is to torch."""
    *_, dtype, as_integer = FORMATS[name]
    bits = int(pattern, 2)
    if as_integer != torch.uint8 and pattern[0] == "1":
        bits -= 2 ** width(name)
    return torch.tensor(bits, dtype=as_integer).view(dtype).float().item()


def _encodes_as_torch(learner, name, number):
    k, m, *_ = FORMATS[name]
    expect(learner.encode(number, k, m), torch_pattern(number, name), f"{number!r} in {name}")


def _decodes_as_torch(learner, name, pattern):
    k, *_ = FORMATS[name]
    wanted = torch_number(pattern, name)
    expect(learner.decode(pattern, k), wanted, f"{pattern} in {name}", within=0)
