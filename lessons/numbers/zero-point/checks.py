"""What the exercise on zero-point is held against: the assignment's matrix, and the engine."""

import torch
from torch import tensor

from engine.numerics import affine
from lessons.kit.checks import check, expect, expect_number, number
from lessons.kit.difference import difference

MATRIX = tensor(
    [
        [-0.5453, 1.6173, -0.3009, -0.1761, -1.4238],
        [1.1052, -0.3221, -0.8209, 1.7889, -2.6168],
        [1.9330, -0.2296, 1.4222, 0.1239, 0.5242],
        [-1.2502, 1.4958, -0.2915, 0.3856, 0.4916],
        [-0.6413, 1.1239, -0.7785, 0.2622, -0.3222],
    ]
)
"""The assignment's, to the four decimals that it prints."""
INTEGERS = tensor(
    [
        [-12, 110, 2, 9, -61],
        [81, 1, -27, 119, -128],
        [127, 6, 99, 26, 48],
        [-51, 103, 3, 41, 47],
        [-17, 82, -25, 34, 1],
    ],
    dtype=torch.int8,
)


@check
def fits_the_matrix(learner):
    """Part 1: `scale_and_zero_point` gives s = 56.046 and z = 19 for the 5 x 5 matrix."""
    s, z = learner.scale_and_zero_point(MATRIX)
    expect_number(s, 255 / (1.9330 + 2.6168), "s of the matrix")
    expect_number(z, 19, "z of the matrix")


@check(needs="fits_the_matrix")
def fits_one_side(learner):
    """Part 1: numbers on one side of 0 only: the range is widened to 0, and z stays in INT8."""
    for x, s, z in (
        (tensor([0.5, 2.0, 4.0]), 255 / 4, -128),
        (tensor([[-3.0], [-1.0]]), 255 / 3, 127),
        (tensor([0.0, 51.0]), 5.0, -128),
    ):
        got_s, got_z = learner.scale_and_zero_point(x)
        expect_number(got_s, s, f"s of {x.flatten().tolist()}")
        expect_number(got_z, z, f"z of {x.flatten().tolist()}")


@check(needs="fits_the_matrix")
def fits_constants(learner):
    """Part 1: equal numbers, zeros among them, do not divide by 0."""
    for constant, s, z in ((7.0, 255 / 7, -128), (-2.5, 102.0, 127), (0.0, 1.0, -128)):
        got_s, got_z = learner.scale_and_zero_point(torch.full((3, 2), constant))
        expect_number(got_s, s, f"s of a tensor of {constant}")
        expect_number(got_z, z, f"z of a tensor of {constant}")


@check
def quantizes_the_matrix(learner):
    """Part 2: `quantize` gives the assignment's integers, as int8."""
    expect(learner.quantize(MATRIX, 255 / 4.5498, 19), INTEGERS, "the 5 x 5 matrix")


@check(needs="quantizes_the_matrix")
def rounds_halves_to_even(learner):
    """Part 2: halves go to the even neighbour, before z is added or after: torch has both."""
    x = tensor([0.5, 1.5, 2.5, -0.5, -1.5])
    before = tensor([3, 5, 5, 3, 1], dtype=torch.int8)
    after = torch.quantize_per_tensor(x, 1.0, 3, torch.qint8).int_repr()
    got = learner.quantize(x, 1.0, 3)
    if difference(got, after, 0):
        expect(got, before, "halves, with s = 1 and z = 3, rounded before z is added,")


@check(needs="quantizes_the_matrix")
def clips(learner):
    """Part 2: what is beyond the range is clipped, and does not wrap around to the other end."""
    x = tensor([1.9, 2.7, 100.0, -2.7, -100.0])
    wanted = tensor([125, 127, 127, -128, -128], dtype=torch.int8)
    expect(learner.quantize(x, 56.0, 19), wanted, "numbers beyond the matrix's range")


@check(needs=("fits_the_matrix", "clips", "rounds_halves_to_even"))
def clips_its_own_greatest(learner):
    """Part 2: even the greatest number of x can round to 128, and must not become -128."""
    x = tensor([-101.5, 0.0, 153.5])
    s, z = learner.scale_and_zero_point(x)
    wanted = tensor([-128, -26, 127], dtype=torch.int8)
    got = learner.quantize(x, number(s, "s"), int(number(z, "z")))
    expect(got, wanted, "[-101.5, 0, 153.5], where s = 1")


@check
def dequantizes(learner):
    """Part 3: `dequantize` takes z away and divides by s, and gives float32."""
    wanted = (INTEGERS.float() - 19) / 56.0
    expect(learner.dequantize(INTEGERS, 56.0, 19), wanted, "the matrix, back again")


@check(needs="dequantizes")
def dequantizes_without_overflow(learner):
    """Part 3: q - z is not computed in int8, where it can wrap around."""
    q = tensor([127, 100, -100, -128], dtype=torch.int8)
    expect(learner.dequantize(q, 2.0, -100), (q.float() + 100) / 2, "z = -100")
    expect(learner.dequantize(q, 2.0, 90), (q.float() - 90) / 2, "z = 90")


@check
def counts_bytes(learner):
    """Part 4: `bytes_of` gives 100 for the matrix, 25 for its integers, and knows other dtypes."""
    expect(learner.bytes_of(MATRIX), 100, "the bytes of the matrix")
    expect(learner.bytes_of(INTEGERS), 25, "the bytes of its integers")
    expect(learner.bytes_of(torch.zeros(3, 4, 2, dtype=torch.float16)), 48, "3 x 4 x 2 in FP16")
    expect(learner.bytes_of(torch.zeros(0, 9)), 0, "the bytes of an empty tensor")


@check
def measures_the_error(learner):
    """Part 5: `mean_squared_error` squares before it takes the mean."""
    got = learner.mean_squared_error(tensor([1.0, 2.0, 3.0, 4.0]), tensor([1.0, 0.0, 3.0, 8.0]))
    expect_number(got, 5.0, "the error between [1, 2, 3, 4] and [1, 0, 3, 8]")
    got = learner.mean_squared_error(tensor([[2.0], [-2.0]]), tensor([[1.0], [-1.0]]))
    expect_number(got, 1.0, "the error between [[2], [-2]] and [[1], [-1]]")


@check(
    needs=(
        "fits_one_side",
        "fits_constants",
        "clips_its_own_greatest",
        "dequantizes_without_overflow",
        "measures_the_error",
    )
)
def agrees_with_the_engine(learner):
    """All together: within half a step, and the engine's error, on 12 random matrices."""
    for seed in range(12):
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(6, 7, generator=generator) * 10.0 ** (seed % 4) + (seed % 3) * 2
        s, z = (
            number(each, f"a constant of matrix {seed}") for each in learner.scale_and_zero_point(x)
        )
        back = learner.dequantize(learner.quantize(x, s, int(z)), s, int(z))
        off = (back - x).abs().max().item()
        assert off <= 0.5001 / s, f"matrix {seed}: off by {off:.4g}, half a step is {0.5 / s:.4g}"
        wanted = affine.mse(x, affine.fake_quantize(x, affine.zero_point(x)))
        got = learner.mean_squared_error(x, back)
        expect_number(got, wanted, f"the error of matrix {seed}", within=0.01)
