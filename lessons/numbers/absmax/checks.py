"""What the exercise on absmax is held against: the lecture's row, and the engine's own absmax."""

import torch
from torch import tensor

from engine.numerics import affine
from lessons.kit.checks import check, expect, expect_number, number

LECTURE = tensor([5.47, 3.08, -7.59, 0, -1.95, -4.57, 10.8])


@check
def scales_the_lectures_row(learner):
    """`scale` of the lecture's row is 127 / 10.8."""
    expect_number(learner.scale(LECTURE), 127 / 10.8, "the scale of the lecture's row")


@check(needs="scales_the_lectures_row")
def takes_the_largest_size(learner):
    """`scale` looks at sizes: the largest weight may be a negative one."""
    expect_number(learner.scale(tensor([1.0, -4.0, 2.0])), 127 / 4, "the scale of [1, -4, 2]")
    expect_number(learner.scale(tensor([[-0.5], [-2.0]])), 127 / 2, "the scale of [[-0.5], [-2]]")


@check(needs="scales_the_lectures_row")
def counts_bits(learner):
    """`scale` knows the greatest integer of other widths."""
    for bits, top in ((2, 1), (3, 3), (4, 7), (7, 63)):
        got = learner.scale(tensor([0.25, -0.5]), bits)
        expect_number(got, top / 0.5, f"the scale of [0.25, -0.5] in {bits} bits")


@check(needs="scales_the_lectures_row")
def bears_zeros(learner):
    """`scale` of nothing but zeros is 1.0, not infinite."""
    expect_number(learner.scale(torch.zeros(3)), 1.0, "the scale of [0, 0, 0]")


@check
def quantizes_the_lectures_row(learner):
    """`quantize` gives the lecture's integers, as int8."""
    wanted = tensor([64, 36, -89, 0, -23, -54, 127], dtype=torch.int8)
    expect(learner.quantize(LECTURE, 127 / 10.8), wanted, "the lecture's row")


@check(needs="quantizes_the_lectures_row")
def rounds_halves_to_even(learner):
    """`quantize` rounds to the nearest, and halves to the even neighbour."""
    x = tensor([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4999, -2.5001])
    wanted = tensor([0, 2, 2, 0, -2, -2, 2, -3], dtype=torch.int8)
    expect(learner.quantize(x, 1.0), wanted, "halves, with a scale of 1")


@check(needs="quantizes_the_lectures_row")
def clips(learner):
    """`quantize` clips what is too large to -127 or 127, and lets nothing wrap around."""
    x = tensor([127.4, 127.6, 200.0, 1000.0, -127.6, -128.0, -200.0, -1e6])
    wanted = tensor([127] * 4 + [-127] * 4, dtype=torch.int8)
    expect(learner.quantize(x, 1.0), wanted, "numbers beyond the ends, with a scale of 1")
    four = learner.quantize(tensor([3.0, 7.4, 9.0, -50.0]), 1.0, 4)
    expect(four, tensor([3, 7, 7, -7], dtype=torch.int8), "the same in 4 bits")


@check
def dequantizes(learner):
    """`dequantize` divides by the scale and gives float32."""
    q = tensor([64, 36, -89, 0, -23, -54, 127], dtype=torch.int8)
    wanted = tensor([64, 36, -89, 0, -23, -54, 127.0]) * (10.8 / 127)
    expect(learner.dequantize(q, 127 / 10.8), wanted, "the lecture's row, back again")


@check(needs=("quantizes_the_lectures_row", "dequantizes"))
def stays_within_half_a_step(learner):
    """No weight comes back wrong by more than half a step, on 20 random matrices."""
    for seed in range(20):
        x = torch.randn(4, 9, generator=torch.Generator().manual_seed(seed)) * 10.0 ** (seed % 5)
        s = number(learner.scale(x), f"the scale of matrix {seed}")
        off = (learner.dequantize(learner.quantize(x, s), s) - x).abs().max().item()
        assert off <= 0.5001 / s, f"matrix {seed}: off by {off:.4g}, half a step is {0.5 / s:.4g}"


@check(needs="stays_within_half_a_step")
def measures_the_error(learner):
    """`error` is the mean of the squared errors."""
    for bits in (8, 4, 2):
        fitted = affine.absmax(LECTURE, bits)
        wanted = affine.mse(LECTURE, affine.fake_quantize(LECTURE, fitted))
        got = learner.error(LECTURE, bits)
        expect_number(got, wanted, f"the lecture's row in {bits} bits", within=1e-3)
    expect_number(learner.error(torch.zeros(2, 2)), 0.0, "the error of zeros")


@check(needs=("clips", "bears_zeros"))
def gives_each_row_its_own(learner):
    """`quantize_rows` gives each row its own scale, and a row of zeros 1.0."""
    x = tensor([[0.1, -0.2, 0.05], [0.0, 0.0, 0.0], [25.0, -60.0, 12.0], [-5.0, -5.0, -5.0]])
    q, scales = learner.quantize_rows(x)
    expect(scales, tensor([[635.0], [1.0], [127 / 60], [25.4]]), "the scales of four rows")
    wanted = affine.quantize(x, affine.absmax(x, dim=0))
    expect(q, wanted, "the integers of four rows")


@check(needs="gives_each_row_its_own")
def agrees_with_the_engine(learner):
    """All of it agrees with the engine's absmax, in 3, 4 and 8 bits."""
    x = torch.randn(16, 40, generator=torch.Generator().manual_seed(7)) * 3
    for bits in (3, 4, 8):
        fitted = affine.absmax(x, bits, dim=0)
        q, scales = learner.quantize_rows(x, bits)
        expect(scales, fitted.scale, f"the scales in {bits} bits")
        expect(q, affine.quantize(x, fitted), f"the integers in {bits} bits")
        expect_number(
            learner.scale(x, bits), affine.absmax(x, bits).scale.item(), f"the scale in {bits} bits"
        )
