"""The tutorial's bands: student 20 from 0.30 and 10 from 0.15; cascade 15 from 0.6 and 7.5 from
0.3; saving 15 from 0.3 and 7.5 from 0.15."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cascades.score import BANDS, MOST, points


@pytest.mark.parametrize(
    ("measure", "value", "worth"),
    [
        ("student_em", 0.30, 20),
        ("student_em", 0.2999, 10),
        ("student_em", 0.15, 10),
        ("student_em", 0.1499, 0),
        ("cascade_em", 0.60, 15),
        ("cascade_em", 0.5999, 7.5),
        ("cascade_em", 0.30, 7.5),
        ("cascade_em", 0.2999, 0),
        ("cost_saving", 0.30, 15),
        ("cost_saving", 0.2999, 7.5),
        ("cost_saving", 0.15, 7.5),
        ("cost_saving", 0.1499, 0),
    ],
)
def test_a_band_begins_at_its_number(measure, value, worth):
    assert getattr(points(**{measure: value}), measure) == worth


def test_all_of_it():
    assert points(student_em=1, cascade_em=1, cost_saving=1).total == MOST == 50


def test_what_is_not_known_yet_is_not_zero():
    graded = points(student_em=0.2)
    assert graded.cascade_em is None
    assert graded.as_dict() == {
        "student_em": 10,
        "cascade_em": None,
        "cost_saving": None,
        "total": 10,
        "of": 50,
    }


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_better_is_never_worth_less(one, other):
    low, high = sorted((one, other))
    for band in BANDS:
        assert band.points(low) <= band.points(high)
