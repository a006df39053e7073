import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.statistics import exact_match, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_published_values(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("n", "half"), [(100, 0.087), (1319, 0.024)])
def test_the_half_width_at_73_percent(n, half):
    """What a GSM8K score of 73% is worth with 100 and with all 1,319 problems."""
    low, high = wilson(round(0.73 * n), n)
    assert (high - low) / 2 == pytest.approx(half, abs=1.5e-3)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_score_and_stays_between_0_and_1(k_n):
    k, n = k_n
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert low < high
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


def test_a_score():
    score = exact_match([True] * 3 + [False])
    assert (score.em, score.n) == (0.75, 4)
    assert (score.low, score.high) == wilson(3, 4)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (5, 4), (-1, 4)])
def test_no_share(k, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(k, n)


def test_no_problem_no_score():
    with pytest.raises(ValueError, match="0 of 0"):
        exact_match([])
