"""Properties of the affine maps, the lecture's example, and torch's own operators."""

import warnings

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import approx
from torch import tensor

from engine.errors import EngineError
from engine.numerics.affine import (
    NotQuantizable,
    absmax,
    asymmetric,
    dequantize,
    fake_quantize,
    mse,
    quantize,
    symmetric,
    zero_point,
)

LECTURE = tensor([5.47, 3.08, -7.59, 0, -1.95, -4.57, 10.8])
FITS = (absmax, zero_point)

SOME = settings(max_examples=50, deadline=None)
"""torch's first call of an operator is slow, and a busy machine is slower."""
numbers = st.floats(-1e4, 1e4, width=32).map(lambda x: x if abs(x) > 1e-30 else 0.0)
"""Not so small that 1 / step would overflow; `test_extremes_of_float32` has those."""
rows = st.lists(numbers, min_size=1, max_size=40).map(lambda row: tensor(row, dtype=torch.float32))
widths = st.integers(2, 8)
fits = st.sampled_from(FITS)


def roundoff(x):
    """What float32 itself may cost: a few units in the last place of the largest number."""
    return 4e-7 * x.abs().max()


def test_absmax_matches_the_lecture_example():
    """The compression lecture: alpha = 10.8 gives s = 11.76, and -4.57 becomes -54."""
    fitted = absmax(LECTURE)
    assert fitted.scale.item() == approx(11.76, abs=0.005)
    assert quantize(LECTURE, fitted).tolist() == [64, 36, -89, 0, -23, -54, 127]
    assert dequantize(tensor(-54), fitted).item() == approx(-4.592, abs=5e-4)


def test_zero_point_matches_the_same_row():
    """s = 255 / (10.8 + 7.59) = 13.87, z = -128 - round(-105.2) = -23."""
    fitted = zero_point(LECTURE)
    assert fitted.scale.item() == approx(13.866, abs=5e-4)
    assert fitted.zero_point.item() == -23
    assert quantize(tensor([-7.59, 0.0, 10.8]), fitted).tolist() == [-128, -23, 127]


def test_the_assignments_matrix():
    """Assignment 001, from its four printed decimals: it has s = 56.047, z = 19, MSE 2.129e-5."""
    x = tensor(
        [
            [-0.5453, 1.6173, -0.3009, -0.1761, -1.4238],
            [1.1052, -0.3221, -0.8209, 1.7889, -2.6168],
            [1.9330, -0.2296, 1.4222, 0.1239, 0.5242],
            [-1.2502, 1.4958, -0.2915, 0.3856, 0.4916],
            [-0.6413, 1.1239, -0.7785, 0.2622, -0.3222],
        ]
    )
    fitted = zero_point(x)
    assert fitted.scale.item() == approx(56.0464, abs=1e-4)
    assert fitted.zero_point.item() == 19
    q = quantize(x, fitted)
    assert q[0].tolist() == [-12, 110, 2, 9, -61]
    assert (x.nbytes, q.nbytes) == (100, 25)
    assert mse(x, dequantize(q, fitted)) == approx(2.1373e-5, rel=1e-3)


@SOME
@given(fits, rows, widths)
def test_the_error_is_at_most_half_a_step_inside_the_range(fit, x, bits):
    fitted = fit(x, bits)
    off = (fake_quantize(x, fitted) - x).abs()
    assert (off <= fitted.step / 2 + roundoff(x)).all()


@SOME
@given(fits, rows, widths)
def test_what_came_back_comes_back_the_same_again(fit, x, bits):
    fitted = fit(x, bits)
    q = quantize(x, fitted)
    assert torch.equal(quantize(dequantize(q, fitted), fitted), q)


@SOME
@given(fits, rows, rows, widths)
def test_monotone_also_outside_the_range(fit, x, others, bits):
    fitted = fit(x, bits)
    q = quantize(others.sort().values, fitted).int()
    assert (q.diff() >= 0).all()


@SOME
@given(fits, rows, widths)
def test_zero_comes_back_exactly(fit, x, bits):
    fitted = fit(x, bits)
    assert fake_quantize(tensor([0.0]), fitted).item() == 0
    assert fitted.q_min <= fitted.zero_point.item() <= fitted.q_max


@SOME
@given(rows, widths)
def test_absmax_is_odd(x, bits):
    """x and -x become q and -q, so the lowest integer is never used."""
    fitted = absmax(x, bits)
    assert torch.equal(quantize(-x, fitted).int(), -quantize(x, fitted).int())
    assert quantize(tensor([-1e30]), fitted).item() == -(2 ** (bits - 1) - 1)


@SOME
@given(fits, st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=5), widths)
def test_a_map_for_each_row_is_each_rows_own(fit, matrix, bits):
    x = tensor(matrix)
    by_row = fit(x, bits, dim=0)
    assert by_row.scale.shape == (len(matrix), 1)
    together = quantize(x, by_row)
    for row, q in zip(x, together, strict=True):
        assert torch.equal(quantize(row, fit(row, bits)), q)
    by_column = fit(x.T.contiguous(), bits, dim=-1)
    assert torch.equal(quantize(x.T, by_column), together.T)


@SOME
@given(fits, numbers, st.integers(1, 5), widths)
def test_constants_come_back(fit, constant, count, bits):
    x = torch.full((count,), constant, dtype=torch.float32)
    assert torch.allclose(fake_quantize(x, fit(x, bits)), x, rtol=1e-6, atol=0)


@SOME
@given(rows, st.integers(-4, 4), widths)
def test_equals_torch_where_the_step_is_a_power_of_two(x, power, bits):
    """Then 1 / scale is exact, and torch's map is ours: ties to even, clipped at the same ends."""
    step = 2.0**power
    for fitted in (
        symmetric((2 ** (bits - 1) - 1) * step, bits),
        asymmetric(-step, 3 * step, bits),
    ):
        if fitted.step.item() not in [2.0**n for n in range(-20, 20)]:
            continue
        zero = fitted.zero_point.item()
        theirs = torch.fake_quantize_per_tensor_affine(
            x, fitted.step.item(), zero, fitted.q_min, fitted.q_max
        )
        assert torch.equal(fake_quantize(x, fitted) + 0.0, theirs + 0.0)


@SOME
@given(fits, rows)
def test_equals_torch_quantize_per_tensor_away_from_ties(fit, x):
    """Any scale: torch multiplies by 1 / (1 / s), so only numbers beside a tie may differ."""
    fitted = fit(x)
    inside = (x * fitted.scale).abs()
    assume(not ((inside % 1 - 0.5).abs() < 1e-3 * (1 + inside / 128)).any())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that these operators will move
        theirs = torch.quantize_per_tensor(
            x, fitted.step.item(), fitted.zero_point.item(), torch.qint8
        )
    assert torch.equal(quantize(x, fitted), theirs.int_repr())


def test_equals_torch_for_each_channel():
    x = torch.randn(6, 50, generator=torch.Generator().manual_seed(3))
    fitted = zero_point(x, dim=0)
    theirs = torch.fake_quantize_per_channel_affine(
        x, fitted.step.flatten(), fitted.zero_point.flatten(), 0, -128, 127
    )
    assert torch.allclose(fake_quantize(x, fitted), theirs, atol=1e-6)


def test_halves_go_to_the_even_neighbour():
    fitted = symmetric(127.0)
    assert quantize(tensor([0.5, 1.5, 2.5, -0.5, -1.5]), fitted).tolist() == [0, 2, 2, 0, -2]


def test_a_range_whose_ends_are_ties_does_not_wrap():
    """-101.5 rounds to -102 and 153.5 to 154: 256 apart, so the top would be 128."""
    x = tensor([-101.5, 153.5])
    fitted = zero_point(x)
    assert fitted.zero_point.item() == -26
    assert quantize(x, fitted).tolist() == [-128, 127]


def test_outside_the_range_is_clipped():
    fitted = zero_point(tensor([-1.0, 3.0]))
    assert quantize(tensor([-50.0, 50.0]), fitted).tolist() == [-128, 127]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    "extreme", [[1e-45, -1e-45], [3e38, -3e38], [1e-40, 3e38], [3e38, 3e38], [-1e-38]]
)
def test_extremes_of_float32_stay_finite(fit, extreme):
    x = tensor(extreme)
    fitted = fit(x)
    assert torch.isfinite(fitted.scale).all()
    assert torch.isfinite(fake_quantize(x, fitted)).all()
    assert fitted.scale.item() > 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_dtypes(dtype):
    x = LECTURE.to(dtype)
    assert quantize(x, absmax(x)).tolist() == quantize(x.float(), absmax(x.float())).tolist()
    assert fake_quantize(x, absmax(x)).dtype == dtype


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("x", "said"),
    [
        (torch.empty(0, 3), "empty"),
        (tensor([1.0, float("nan")]), "1 of 2 numbers is NaN"),
        (tensor([float("inf"), -float("inf"), 0.0]), "2 of 3 numbers are NaN or infinite"),
    ],
)
def test_what_has_no_range_is_said_in_words(fit, x, said):
    with pytest.raises(NotQuantizable, match=said) as caught:
        fit(x)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, EngineError)


def test_other_refusals():
    x = tensor([[1.0, 2.0]])
    with pytest.raises(NotQuantizable, match="9 bits"):
        absmax(x, bits=9)
    with pytest.raises(NotQuantizable, match="no dimension 2"):
        zero_point(x, dim=2)
    with pytest.raises(NotQuantizable, match="upside down"):
        asymmetric(2.0, 1.0)
    with pytest.raises(NotQuantizable, match="alpha is -1"):
        symmetric(-1.0)
    with pytest.raises(NotQuantizable, match="NaN"):
        quantize(tensor([float("nan")]), absmax(x))
    with pytest.raises(NotQuantizable, match="differ"):
        mse(x, x[0])
    with pytest.raises(NotQuantizable, match="no mean"):
        mse(torch.empty(0), torch.empty(0))
