from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.paired import Paired, mcnemar, newcombe, paired
from engine.evaluation.statistics import exact_match

counts = st.integers(0, 400)
tables = st.tuples(counts, counts, counts, counts).filter(any)


@pytest.mark.parametrize(
    ("lost", "gained", "p"),
    [
        (1, 7, 0.0703),  # Fagerland, Lydersen & Laake (2014): airway hyper-responsiveness
        (6, 16, 0.0525),  # the same: complete response
        (0, 5, 0.0625),  # the least that five flips can give
        (0, 6, 0.03125),
    ],
)
def test_mcnemar_gives_published_values(lost, gained, p):
    assert mcnemar(lost, gained) == pytest.approx(p, rel=5e-3)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((36, 12, 2, 0), 0.0569, 0.3404),  # Newcombe (1998), table II, method 10
        ((1, 1, 7, 12), -0.5069, -0.0256),  # Fagerland, Lydersen & Laake (2014)
        ((59, 6, 16, 80), -0.1186, -0.0046),  # the same
        ((14, 5, 0, 22), 0.0115, 0.2265),  # Altman et al., Statistics with Confidence (2000)
    ],
)
def test_newcombe_gives_published_values(table, low, high):
    """They publish the first share less the second; ours is the second less the first."""
    assert newcombe(*table) == pytest.approx((-high, -low), abs=5e-5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_chance_of_as_uneven_a_split_or_a_more_uneven_one(lost, gained):
    n = lost + gained
    as_uneven = [k for k in range(n + 1) if abs(2 * k - n) >= abs(lost - gained)]
    assert mcnemar(lost, gained) == pytest.approx(sum(comb(n, k) for k in as_uneven) / 2**n)


@given(st.integers(0, 1319), st.integers(0, 1319))
def test_mcnemar_knows_no_order_and_falls_as_the_split_grows(lost, gained):
    p = mcnemar(lost, gained)
    assert 0 <= p <= 1
    assert p == mcnemar(gained, lost)
    low, high = sorted((lost, gained))
    assert mcnemar(low, high + 1) <= p or low == high


@given(tables)
def test_the_interval_holds_the_difference_and_stays_within_minus_1_and_1(table):
    low, high = newcombe(*table)
    difference = Paired(*table).difference
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12


@given(tables)
def test_swapping_the_two_turns_everything_round(table):
    both, lost, gained, neither = table
    one, other = Paired(both, lost, gained, neither), Paired(both, gained, lost, neither)
    assert other.difference == -one.difference
    assert other.p == one.p
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]))
    assert (other.first, other.second) == (one.second, one.first)


@given(tables)
def test_right_for_wrong_turns_the_difference_round(table):
    both, lost, gained, neither = table
    one, other = Paired(*table), Paired(neither, gained, lost, both)
    assert other.difference == -one.difference
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_a_table_is_counted_from_judgements(pairs):
    first, second = zip(*pairs, strict=True)
    table = paired(first, second)
    assert table.n == len(pairs)
    assert (table.first, table.second) == (exact_match(first), exact_match(second))
    assert table.difference == pytest.approx(table.second.em - table.first.em)


@given(tables)
def test_within_noise_is_exactly_where_the_test_says_so(table):
    found = Paired(*table)
    assert found.within_noise == (found.p >= 0.05)
    assert found.as_dict()["within_noise"] is found.within_noise


def test_equal_answers_are_no_difference():
    found = paired([True, False, True], [True, False, True])
    assert (found.p, found.difference, found.within_noise) == (1.0, 0.0, True)
    low, high = found.interval
    assert low < 0 < high


def test_the_interval_covers_the_truth_as_often_as_it_says():
    """Exactly, over all tables of 20 problems: 95% is nominal, and 93% the least expected."""
    p = {"both": 0.45, "lost": 0.1, "gained": 0.2, "neither": 0.25}
    n, covered = 20, 0.0
    for both, lost, gained in product(range(n + 1), repeat=3):
        neither = n - both - lost - gained
        if neither < 0:
            continue
        ways = comb(n, both) * comb(n - both, lost) * comb(n - both - lost, gained)
        chance = ways * p["both"] ** both * p["lost"] ** lost
        chance *= p["gained"] ** gained * p["neither"] ** neither
        low, high = newcombe(both, lost, gained, neither)
        covered += chance * (low <= 0.1 <= high)
    assert 0.93 <= covered <= 0.99


def test_what_is_no_table():
    with pytest.raises(ValueError, match="no table"):
        Paired(0, 0, 0, 0)
    with pytest.raises(ValueError, match="no table"):
        Paired(1, -1, 0, 0)
    with pytest.raises(ValueError, match="is longer than"):
        paired([True], [True, False])
