"""What votes are worth, held against counting every possible vote."""

from collections import Counter
from itertools import combinations, product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from engine.cascades.consistency import (
    Bin,
    calibration_error,
    pass_at,
    reliability,
    share_error,
    vote_right,
)


def test_a_vote_of_three_by_hand():
    assert vote_right(0.6, 3) == approx(3 * 0.36 * 0.4 + 0.216)
    assert vote_right(0.4, 3) == approx(0.352)


def test_two_samples_that_disagree_are_decided_by_lot():
    assert vote_right(0.3, 2) == approx(0.3)


def by_counting(p, k, rivals):
    """Every vote of k samples, with its chance; answer 0 is right."""
    chance = 0.0
    for votes in product(range(rivals + 1), repeat=k):
        counts = Counter(votes)
        most = max(counts.values())
        winners = [answer for answer, count in counts.items() if count == most]
        each = [p if answer == 0 else (1 - p) / rivals for answer in votes]
        weight = 1.0
        for factor in each:
            weight *= factor
        chance += weight * (0 in winners) / len(winners)
    return chance


@given(st.floats(0, 1), st.integers(1, 5), st.integers(1, 3))
def test_it_is_what_counting_all_votes_gives(p, k, rivals):
    assert vote_right(p, k, rivals) == approx(by_counting(p, k, rivals), abs=1e-12)


@given(st.floats(0.05, 0.95), st.integers(1, 12), st.integers(1, 7))
def test_more_rivals_never_hurt(p, k, rivals):
    assert vote_right(p, k, rivals + 1) >= vote_right(p, k, rivals) - 1e-12


@given(st.data())
def test_pass_at_k_is_the_share_of_choices_with_a_right_one(data):
    n = data.draw(st.integers(1, 8))
    right, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    choices = list(combinations([True] * right + [False] * (n - right), k))
    assert pass_at(n, right, k) == approx(sum(map(any, choices)) / len(choices))


def test_the_error_of_a_share():
    assert share_error(0.6, 5) == approx(sqrt(0.24 / 5))
    assert share_error(1, 5) == 0


def test_reliability_counts_by_confidence_and_the_error_weighs_by_problems():
    bins = reliability([(0.4, False), (1.0, True), (0.4, True), (1.0, True), (0.4, False)])
    assert bins == [Bin(1.0, 2, 2), Bin(0.4, 3, 1)]
    assert calibration_error(bins) == approx(3 / 5 * (0.4 - 1 / 3))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: vote_right(1.1, 3),
        lambda: vote_right(0.5, 0),
        lambda: vote_right(0.5, 3, 0),
        lambda: pass_at(5, 6, 1),
        lambda: pass_at(5, 2, 6),
        lambda: share_error(1.2, 5),
        lambda: share_error(0.5, 0),
        lambda: calibration_error([]),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        wrong()
