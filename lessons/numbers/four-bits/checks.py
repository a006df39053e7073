"""What NF4 by hand is held against: the table, and bytes that bitsandbytes wrote."""

import random

from engine.numerics import codes
from lessons.kit.checks import check, expect

ACORN = [
    0.01319122314453125, -0.023040771484375, -0.061248779296875, -0.015869140625,
    -0.0291900634765625, 0.04736328125, -0.03546142578125, -0.08544921875,
    -0.011932373046875, -0.0299530029296875, -0.0005645751953125, 0.0275726318359375,
    -0.01221466064453125, 0.071533203125, 0.00434112548828125, 0.067138671875,
    0.05426025390625, 0.0538330078125, -0.0184478759765625, -0.047943115234375,
    -0.01024627685546875, -0.016265869140625, 0.022918701171875, -0.04150390625,
    0.037109375, -0.003330230712890625, -0.005008697509765625, 0.00821685791015625,
    0.0125732421875, -0.05987548828125, -0.045501708984375, -0.0265960693359375,
    0.0022716522216796875, 0.032470703125, 0.00168609619140625, 0.01910400390625,
    -0.01300048828125, -0.007282257080078125, 0.006317138671875, -0.00705718994140625,
    -0.0068511962890625, 0.0341796875, 0.02191162109375, 0.001049041748046875,
    -0.015838623046875, -0.0430908203125, -0.07537841796875, 0.061309814453125,
    0.050445556640625, -8.016824722290039e-05, 0.0164947509765625, -0.04022216796875,
    -0.0049285888671875, -0.03778076171875, -0.027557373046875, 0.0173187255859375,
    -0.042938232421875, -0.0069580078125, 0.0026378631591796875, -0.06854248046875,
    -0.10833740234375, 0.022186279296875, 0.017486572265625, -0.04156494140625,
]  # fmt: skip
"""The first 64 weights of acorn's first q_proj."""
WRITTEN = bytes.fromhex("94153d30537b5e8edd5265a2c76891247b7966866b97531dc793734936710a93")
"""What bitsandbytes makes of them in NF4, in blocks of 32."""
CONSTANTS = [0.08544921875, 0.10833740234375]
"""Its constants for these two blocks."""


@check
def finds_the_numbers_themselves(learner):
    """`nearest` gives each of the 16 numbers its own code."""
    for code, number in enumerate(codes.NF4):
        expect(learner.nearest(number), code, f"the code of {number:.4f}")


@check(needs="finds_the_numbers_themselves")
def finds_the_nearest(learner):
    """`nearest` gives the nearest number, not the one below."""
    for value in (0.03, 0.05, -0.04, -0.05, 0.85, 0.87, -0.84, -0.86, 0.999, -0.999):
        expect(learner.nearest(value), codes.nearest(value), f"the code of {value}")
    rng = random.Random(8)
    for _ in range(100):
        value = rng.uniform(-1, 1)
        expect(learner.nearest(value), codes.nearest(value), f"the code of {value}")


@check(needs="finds_the_numbers_themselves")
def halfway_goes_down(learner):
    """`nearest` gives the lower of two numbers that are equally near."""
    expect(learner.nearest(codes.NF4[8] / 2), 7, "the code of what is halfway from 0 to 0.0796")
    expect(learner.nearest(codes.NF4[6] / 2), 6, "the code of what is halfway from -0.0911 to 0")


@check(needs="finds_the_nearest")
def quantizes_a_block(learner):
    """`quantize` divides a block by its largest |w|, even where that is negative."""
    weights = [0.5, -2.0, 0.1, 1.2]
    got = learner.quantize(weights, 4)
    wanted = ([codes.nearest(w / 2) for w in weights], [2.0])
    expect(list(got), list(wanted), f"quantize({weights}, 4)")


@check(needs="quantizes_a_block")
def quantizes_blocks_apart(learner):
    """`quantize` gives every block a constant of its own, and a last, shorter one too."""
    weights = [0.5, -1.0, 30.0, 15.0, -0.02]
    got = learner.quantize(weights, 2)
    wanted = ([codes.nearest(w) for w in (0.5, -1.0, 1.0, 0.5, -1.0)], [1.0, 30.0, 0.02])
    expect(list(got), list(wanted), f"quantize({weights}, 2)")


@check(needs="quantizes_a_block")
def quantizes_zeros(learner):
    """`quantize` makes a block of zeros zeros, and does not divide by zero."""
    expect(list(learner.quantize([0.0] * 4, 4)), [[7] * 4, [0.0]], "quantize([0.0] * 4, 4)")


@check
def dequantizes(learner):
    """`dequantize` multiplies what the codes stand for by the constant of their block."""
    got = learner.dequantize([0, 15, 7, 11, 3], [2.0, 0.5, 10.0], 2)
    wanted = [-2.0, 2.0, 0.0, 0.5 * codes.NF4[11], 10 * codes.NF4[3]]
    expect(got, wanted, "dequantize([0, 15, 7, 11, 3], [2.0, 0.5, 10.0], 2)")


@check
def packs(learner):
    """`pack` puts two codes into a byte, the first in the upper four bits."""
    expect(learner.pack([1, 2, 15, 0]), bytes([0x12, 0xF0]), "pack([1, 2, 15, 0])")
    expect(learner.pack([]), b"", "pack([])")


@check(needs="packs")
def packs_an_odd_one(learner):
    """`pack` puts the code of zero, 7, beside an odd one out."""
    expect(learner.pack([1, 2, 15]), bytes([0x12, 0xF7]), "pack([1, 2, 15])")


@check(needs="packs")
def unpacks(learner):
    """`unpack` gives back what was packed, and no code more."""
    rng = random.Random(4)
    for count in (0, 1, 2, 7, 64):
        given = [rng.randrange(16) for _ in range(count)]
        packed = bytes((a << 4) | b for a, b in zip(given[::2], [*given[1::2], 7], strict=False))
        expect(learner.unpack(packed, count), given, f"what `unpack` gives for {count} codes")


@check(needs=("quantizes_blocks_apart", "packs"))
def writes_what_bitsandbytes_writes(learner):
    """64 weights of acorn become the very bytes that bitsandbytes makes of them."""
    made, constants = learner.quantize(ACORN, 32)
    expect(constants, CONSTANTS, "the constants of 64 weights of acorn", within=0)
    expect(learner.pack(made), WRITTEN, "the bytes of 64 weights of acorn")


@check(needs=("writes_what_bitsandbytes_writes", "dequantizes", "unpacks"))
def comes_back_near(learner):
    """Those weights come back, none off by more than half of NF4's widest gap."""
    back = learner.dequantize(learner.unpack(WRITTEN, 64), CONSTANTS, 32)
    for place, (got, weight) in enumerate(zip(back, ACORN, strict=True)):
        most = CONSTANTS[place // 32] * (codes.NF4[1] - codes.NF4[0]) / 2
        assert abs(got - weight) <= most * 1.000001, f"weight {place}: {weight} came back as {got}"


@check
def counts_bits(learner):
    """`bits_a_weight` counts constants: 4.5 bits, and 4.127 where they are nested."""
    expect(learner.bits_a_weight(64, False), 4.5, "bits_a_weight(64, False)")
    expect(learner.bits_a_weight(64, True), 4 + 0.125 + 32 / 16384, "bits_a_weight(64, True)")
    expect(learner.bits_a_weight(128, False), 4.25, "bits_a_weight(128, False)")
    expect(learner.bits_a_weight(32, True), 4 + 0.25 + 32 / 8192, "bits_a_weight(32, True)")
