import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.generation import TemperatureLogitsWarper, TopPLogitsWarper

from engine.data.problems import Problem
from engine.models.drawing import finite, nucleus, pick, streams

LOGITS = torch.tensor([[2.0, 1.0, 0.0, -1.0, 0.5, 3.0], [0.0, 5.0, 4.5, -3.0, 4.9, 0.1]])


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.7, 0.9), (1.5, 0.5), (1, 0.01)])
def test_tokens_come_as_often_as_transformers_says(temperature, top_p):
    """Exactly: 100,000 evenly spaced draws give each token its share of them."""
    expected = TemperatureLogitsWarper(float(temperature))(None, LOGITS)
    if top_p < 1:
        expected = TopPLogitsWarper(top_p)(None, expected)
    expected = expected.softmax(-1)
    n = 100_000
    draws = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    for row, probabilities in zip(LOGITS, expected, strict=True):
        tokens = pick(row.expand(n, -1), draws, temperature, top_p)
        shares = tokens.bincount(minlength=6) / n
        assert torch.allclose(shares, probabilities.float(), atol=2e-5)
        assert set(tokens.unique().tolist()) == set(probabilities.nonzero()[:, 0].tolist())


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_row_that_is_not_finite_is_seen_and_gives_a_token_of_the_vocabulary(value, dtype):
    one_wrong = LOGITS.to(dtype, copy=True)
    one_wrong[1, 2] = value
    all_wrong = torch.full_like(one_wrong, value)
    draws = torch.tensor([0.5, math.nextafter(1, 0)], dtype=torch.float64)
    assert finite(LOGITS.to(dtype)).tolist() == [True, True]
    assert finite(one_wrong).tolist() == [True, False]
    for rows in (one_wrong, all_wrong):
        for temperature, top_p in ((0.7, 0.9), (0.7, 1.0), (0, 1.0)):
            tokens = pick(rows, draws, temperature, top_p)
            assert tokens.max() < LOGITS.shape[1]
            assert tokens.min() >= 0


def test_the_largest_numbers_of_fp16_are_finite_however_many():
    assert finite(torch.full((1, 151_936), 65_504.0, dtype=torch.float16)).all()


def test_temperature_0_takes_the_likeliest():
    assert pick(LOGITS, None, 0, 1.0).tolist() == [5, 1]


@settings(deadline=None)
@given(
    st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=40),
    st.one_of(st.just(0.0), st.just(math.nextafter(1, 0)), st.floats(0, 1, exclude_max=True)),
    st.floats(0.05, 5),
    st.floats(0.01, 1),
)
def test_a_drawn_token_is_always_a_candidate(logits, draw, temperature, top_p):
    row = torch.tensor([logits])
    (token,) = pick(row, torch.tensor([draw], dtype=torch.float64), temperature, top_p)
    probabilities = (row / temperature).softmax(-1)
    assert nucleus(probabilities, top_p)[0, token] > 0


def test_equally_likely_tokens_stay_or_go_together():
    even = torch.full((1, 4), 0.25)
    assert nucleus(even, 0.3).tolist() == even.tolist()
    assert nucleus(torch.tensor([[0.5, 0.25, 0.25]]), 0.4).tolist() == [[0.5, 0.0, 0.0]]


def test_streams_are_of_the_seed_the_problem_and_the_sample_alone():
    a, b = (Problem(name, "How many?", "#### 1", "1") for name in "ab")
    rows = streams([a, b], 2, seed=3, length=5)
    assert streams([b, a], 2, seed=3, length=5) == rows[2:] + rows[:2]
    assert streams([a, b], 2, seed=3, length=4) == [row[:4] for row in rows]
    assert streams([replace(a, question="?")], 2, seed=3, length=5) == rows[:2]
    assert len({tuple(row) for row in [*rows, *streams([a, b], 2, 4, 5)]}) == 8
    assert all(0 <= number < 1 for row in rows for number in row)


def test_streams_are_the_same_on_every_machine():
    (row,) = streams([Problem("p", "How many?", "#### 1", "1")], 1, 0, 2)
    assert row == [0.9525802880752302, 0.7471930426281654]
