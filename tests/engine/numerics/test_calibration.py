"""Where ranges come from: on made-up numbers, on skewed ones, and on a running network."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from torch import tensor

from engine.numerics.affine import NotQuantizable, fake_quantize, mse, zero_point
from engine.numerics.calibration import (
    Range,
    dynamic,
    inputs_of,
    least_error,
    min_max,
    percentile,
    split_error,
    squared_error,
    static,
)

SOME = settings(max_examples=50, deadline=None)
"""torch's first call of an operator is slow, and a busy machine is slower."""
numbers = st.floats(-1e3, 1e3, width=32)
rows = st.lists(numbers, min_size=2, max_size=60).map(lambda row: tensor(row, dtype=torch.float32))
widths = st.integers(2, 8)


def heavy_tails(count=20_000, seed=0):
    """Student's t with 3 degrees of freedom: most numbers small, a few far out."""
    generator = torch.Generator().manual_seed(seed)
    normal, others = (
        torch.randn(2, count, generator=generator),
        torch.randn(3, count, generator=generator),
    )
    return normal[0] / others.square().mean(0).sqrt()


def test_min_max_and_percentile_of_counted_numbers():
    """Of 0 to 999, the middle 99% leaves out five at either end."""
    x = torch.arange(1000.0)
    assert min_max(x) == Range(0, 999)
    assert percentile(x, 0.99) == Range(5, 994)
    assert percentile(x, 1) == min_max(x)


@SOME
@given(rows, st.floats(0.01, 1))
def test_a_percentile_lies_within_and_holds_its_share(x, share):
    part, whole = percentile(x, share), min_max(x)
    assert whole.low <= part.low <= part.high <= whole.high
    inside = ((x >= part.low) & (x <= part.high)).double().mean().item()
    assert inside >= share - 1e-6


@SOME
@given(rows, widths)
def test_least_error_is_never_worse_than_min_max(x, bits):
    best = mse(x, fake_quantize(x, least_error(x, bits).affine(bits)))
    plain = mse(x, fake_quantize(x, min_max(x).affine(bits)))
    assert best <= plain * (1 + 1e-4) + 1e-9


@SOME
@given(rows, widths)
def test_the_fast_error_agrees_with_the_plain_one(x, bits):
    affine = Range(-3.0, 7.0).affine(bits)
    plain = mse(x, fake_quantize(x, affine)) * x.numel()
    assert squared_error(x, affine) == approx(plain, rel=1e-4, abs=1e-6)


def test_clipping_pays_with_few_bits_and_hardly_with_many():
    """Heavy tails: at 3 bits the best range is a small part of all, at 8 bits a larger one."""
    x = heavy_tails()
    few, many, all_of_it = least_error(x, 3), least_error(x, 8), min_max(x)
    assert few.high < many.high / 2 < all_of_it.high / 2
    cost = split_error(x, few.affine(3))
    assert cost.total < split_error(x, all_of_it.affine(3)).total / 3


@SOME
@given(rows, widths)
def test_the_two_parts_of_the_error_add_up(x, bits):
    affine = Range(x.min().item() / 2, x.max().item() / 2 + 1).affine(bits)
    cost = split_error(x, affine)
    assert cost.total == approx(mse(x, fake_quantize(x, affine)), rel=1e-9, abs=1e-12)
    assert 0 <= cost.clipped <= 1


@SOME
@given(rows)
def test_nothing_that_was_seen_is_clipped_by_min_max(x):
    assert split_error(x, static([x])).clipped == 0


def test_a_static_map_clips_what_it_has_not_seen():
    affine = static([tensor([-1.0, 1.0]), tensor([[0.5], [2.0]])])
    assert (affine.low.item(), affine.high.item()) == (approx(-1, abs=0.02), approx(2, abs=0.02))
    cost = split_error(tensor([0.0, 10.0]), affine)
    assert cost.clipped == 0.5
    assert cost.clipping == approx(32, rel=0.02)


def test_a_dynamic_map_fits_each_piece():
    pieces = [tensor([0.0, 1.0]), tensor([0.0, 100.0])]
    assert [affine.high.item() for affine in dynamic(pieces)] == [approx(1), approx(100)]
    for piece, affine in zip(pieces, dynamic(pieces), strict=True):
        assert mse(piece, fake_quantize(piece, affine)) == approx(0, abs=1e-9)


def test_refusals():
    with pytest.raises(NotQuantizable, match="calibration set is empty"):
        static([])
    with pytest.raises(NotQuantizable, match="A share of"):
        percentile(tensor([1.0]), 1.5)
    with pytest.raises(NotQuantizable, match="empty"):
        min_max(torch.empty(0))


def test_inputs_are_recorded_while_a_network_runs_and_no_longer():
    torch.manual_seed(0)
    first, second = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)
    network = torch.nn.Sequential(first, torch.nn.ReLU(), second)
    x = torch.randn(5, 3)
    with inputs_of([first, second]) as (into_first, into_second):
        network(x)
        network(x + 1)
    network(x)
    assert len(into_first) == len(into_second) == 2
    assert torch.equal(into_first[0], x)
    assert torch.equal(into_second[1], torch.relu(first(x + 1)))
    assert not into_second[0].requires_grad
    assert zero_point(into_second[0]).zero_point.item() == -128  # ReLU: nothing below 0
