"""Matrix products in 8 bits, held against bitsandbytes, whole numbers and the algebra."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.libraries import bitsandbytes as bnb
from engine.numerics import outliers
from engine.numerics.outliers import (
    ABSMAX,
    LLM_INT8,
    ROW_WISE,
    SCHEMES,
    VECTOR_WISE,
    ZERO_POINT,
    ZERO_POINT_VECTOR_WISE,
    in_groups,
    matmul,
    outlier_features,
    product,
    side,
)

seeds = st.integers(0, 2**31)
sizes = st.integers(1, 40)
schemes = st.sampled_from(SCHEMES)


def pair(seed, tokens=32, channels=64, outputs=48):
    rng = torch.Generator().manual_seed(seed)
    return (
        torch.randn(tokens, channels, generator=rng),
        torch.randn(outputs, channels, generator=rng) * 0.05,
    )


def with_outlier(seed, size=40.0):
    x, weight = pair(seed)
    x[:, 5] *= size
    return x, weight


def error(x, weight, scheme):
    exact = x.double() @ weight.double().T
    return (matmul(x, weight, scheme).double() - exact).square().mean().item()


@settings(max_examples=60, deadline=None)
@given(seed=seeds, tokens=sizes, channels=sizes, outputs=sizes, scheme=schemes)
def test_a_product_is_near_the_exact_one(seed, tokens, channels, outputs, scheme):
    """No term is off by more than half a step of each side, and their product."""
    x, weight = pair(seed, tokens, channels, outputs)
    half_x = x.abs().amax() * 2 / 255 / 2 + 1e-6
    half_w = weight.abs().amax() * 2 / 255 / 2 + 1e-6
    # a step of absmax is a 254th of twice the largest; a zero-point is rounded too
    bound = 1.02 * (half_x * weight.abs().sum(1) + half_w * x.abs().sum(1)[:, None]) + (
        1.02 * channels * half_x * half_w
    )
    exact = x.double() @ weight.double().T
    assert ((matmul(x, weight, scheme) - exact).abs() <= 2 * bound).all()


@settings(max_examples=30, deadline=None)
@given(seed=seeds, scheme=schemes)
def test_the_sum_is_over_whole_numbers(seed, scheme):
    """`product` equals INT64 arithmetic, whichever float it is computed in."""
    x, weight = pair(seed, 7, 300, 5)
    sides = (
        side(x, asymmetric=scheme.asymmetric, by_row=scheme.by_row),
        side(weight, asymmetric=scheme.asymmetric, by_row=scheme.by_output),
    )
    for each in sides:
        assert torch.equal(each.integers, each.integers.round())
        assert each.integers.abs().max() <= each.most
    whole = sides[0].integers.long() @ sides[1].integers.long().T
    scales = sides[0].scale.double() * sides[1].scale.double().reshape(1, -1)
    assert torch.allclose(product(*sides).double(), whole / scales, rtol=1e-6, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_vector_wise_integers_are_bitsandbytes_own(seed):
    x, weight = with_outlier(seed)
    for tensor in (x, weight):
        theirs, stats, _ = torch.ops.bitsandbytes.int8_vectorwise_quant(tensor.clone(), 0.0)
        ours = side(tensor, asymmetric=False, by_row=True)
        assert torch.equal(stats, tensor.abs().amax(1))
        # ours divides in double precision: a half may fall on the other side, rarely
        differ = (ours.integers != theirs.float()).double().mean()
        assert differ < 0.001


def test_llm_int8_agrees_with_bitsandbytes():
    """Both take the same channels out, and the results agree to the rounding of weights kept."""
    x, weight = with_outlier(3)
    codes_x, stats_x, columns = torch.ops.bitsandbytes.int8_vectorwise_quant(x.clone(), 6.0)
    assert columns.tolist() == outlier_features(x).nonzero()[:, 0].tolist() == [5]
    codes_w, stats_w, _ = torch.ops.bitsandbytes.int8_vectorwise_quant(weight.clone(), 0.0)
    theirs, _ = torch.ops.bitsandbytes.int8_mixed_scaled_mm(
        x, codes_x, codes_w, stats_x, stats_w, columns, None
    )
    exact = x @ weight.T
    ours = (matmul(x, weight, LLM_INT8) - exact).abs().max()
    assert ours < 0.05
    assert (theirs - exact).abs().max() < 0.1  # it holds the outliers' weights in 8 bits as well
    assert ours <= (theirs - exact).abs().max()


def test_the_threshold_of_the_loader_is_the_same():
    from engine.models.precision import INT8_THRESHOLD

    assert outliers.THRESHOLD == INT8_THRESHOLD
    assert hasattr(bnb.nn, "Linear8bitLt")


@pytest.mark.parametrize("seed", range(5))
def test_with_an_outlier_each_step_of_the_table_helps(seed):
    x, weight = with_outlier(seed)
    assert error(x, weight, ABSMAX) > error(x, weight, ROW_WISE) * 2
    assert error(x, weight, ROW_WISE) > error(x, weight, VECTOR_WISE)
    assert error(x, weight, VECTOR_WISE) > error(x, weight, LLM_INT8) * 10


@pytest.mark.parametrize("seed", range(5))
def test_zero_point_helps_where_outliers_lean_to_one_side(seed):
    x, weight = with_outlier(seed)
    x[:, 5] = x[:, 5].abs()
    assert error(x, weight, ABSMAX) > error(x, weight, ZERO_POINT)
    assert error(x, weight, VECTOR_WISE) > error(x, weight, ZERO_POINT_VECTOR_WISE)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, threshold=st.floats(0.5, 100))
def test_outlier_features_are_those_that_reach_the_threshold(seed, threshold):
    x, _ = with_outlier(seed)
    found = outlier_features(x, threshold)
    for channel in range(x.shape[1]):
        assert found[channel] == (x[:, channel].abs().max() >= threshold)


def test_exactly_the_threshold_is_an_outlier_of_either_sign():
    x = torch.tensor([[6.0, 5.999, -6.0, 0.0]])
    assert outlier_features(x).tolist() == [True, False, True, False]


def test_where_all_channels_are_outliers_nothing_is_rounded():
    x, weight = pair(0)
    assert torch.equal(matmul(x, weight, LLM_INT8, threshold=0.0), x @ weight.T)


def test_without_outliers_decomposition_changes_nothing():
    x, weight = pair(0)
    assert torch.equal(matmul(x, weight, LLM_INT8), matmul(x, weight, VECTOR_WISE))


def test_nothing_may_be_empty_or_infinite():
    from engine.numerics.affine import NotQuantizable

    x, weight = pair(0)
    x[0, 0] = float("nan")
    with pytest.raises(NotQuantizable):
        matmul(x, weight, ABSMAX)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, channels=sizes, group=sizes)
def test_groups_are_products_of_their_own_added_up(seed, channels, group):
    x, weight = pair(seed, 7, channels, 5)
    added = torch.zeros(7, 5)
    for start in range(0, channels, group):
        part = slice(start, start + group)
        added += matmul(x[:, part], weight[:, part], VECTOR_WISE)
    assert torch.allclose(in_groups(x, weight, group), added, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_groups_keep_an_outlier_from_the_others(seed):
    x, weight = with_outlier(seed)
    exact = x.double() @ weight.double().T
    wrong = [(in_groups(x, weight, n).double() - exact).square().mean() for n in (64, 16)]
    assert wrong[1] < wrong[0] / 2
