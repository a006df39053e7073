import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.report.drawing.axes import beside, under
from tutor.report.drawing.grid import plain
from tutor.report.drawing.ticks import Scale, scale, ticks, written

numbers = st.floats(-1e12, 1e12, allow_nan=False) | st.floats(-1, 1) | st.integers(-500, 500)
positive = st.floats(1e-12, 1e12) | st.integers(1, 100_000)


def is_round(value, factors=(1, 2, 5)):
    """Whether it is one of these times a power of ten."""
    return f"{abs(value):.9e}".partition("e")[0].rstrip("0").rstrip(".") in map(str, factors)


def evenly_round(at):
    """Whether numbers are neighbouring multiples of a round step."""
    step = (at[-1] - at[0]) / (len(at) - 1)
    return is_round(step) and all(
        math.isclose(each / step, round(each / step), abs_tol=1e-6) for each in at
    )


def chosen(axis, most=8):
    return ticks(axis, lambda at, _: True, most)


@given(st.lists(numbers, min_size=1, max_size=30), st.booleans(), st.integers(2, 12))
def test_numbers_along_an_axis_are_round_and_on_it(values, grows, most):
    axis = scale(values, grows=grows)
    assert axis.low <= min(values) and max(values) <= axis.high
    at = list(chosen(axis, most))
    assert len(at) <= most
    assert all(map(axis.holds, at))
    if len(at) > 1:
        assert evenly_round(at)


@given(st.lists(positive, min_size=1, max_size=30), st.integers(2, 12))
def test_along_a_logarithmic_axis_they_are_1_2_and_5_or_decades(values, most):
    axis = scale(values, log=True)
    at = list(chosen(axis, most))
    assert len(at) <= most and all(map(axis.holds, at))
    if len(at) > 1 and not axis.doubling:
        assert all(map(is_round, at)) or evenly_round(at)
    if axis.doubling:
        assert all(math.log2(each).is_integer() for each in at)


@given(st.lists(numbers, min_size=1, max_size=5), st.booleans(), st.integers(2, 12))
def test_no_two_are_written_alike_and_each_is_read_as_it_is(values, log, most):
    axis = scale([abs(each) + 1e-9 for each in values] if log else values, log)
    told = chosen(axis, most)
    assert len(set(told.values())) == len(told)
    for at, text in told.items():
        assert math.isclose(float(text.replace(",", "")), at, rel_tol=1e-9, abs_tol=1e-12)


@given(st.lists(positive, min_size=2, max_size=9), st.booleans(), st.integers(8, 160))
def test_numbers_under_an_axis_never_touch(values, log, across):
    line, *below = plain(under(scale(values, log), across, 4, ""))
    assert len(line) <= across + 6
    if below:
        (row,) = below
        assert len(row) <= across + 6
        assert len(row.split("  ")) >= len(row.split()) == line.count("┬")


@given(st.lists(numbers, min_size=1, max_size=9), st.integers(5, 60))
def test_numbers_beside_an_axis_have_a_row_between_them(values, height):
    rows = sorted(beside(scale(values, grows=True), height))
    assert all(0 <= row < height for row in rows)
    assert all(b - a >= 2 for a, b in pairwise(rows))


@given(st.lists(numbers, min_size=2, max_size=9, unique=True))
def test_there_are_at_least_two_where_there_is_room(values):
    assert len(chosen(scale(values, grows=True))) >= 2


@pytest.mark.parametrize(
    ("axis", "texts"),
    [
        (Scale(0, 1), "0 0.2 0.4 0.6 0.8 1.0"),
        (Scale(-2.5, 2.5), "-2 -1 0 1 2"),
        (Scale(0, 8e-5), "0 1e-5 2e-5 3e-5 4e-5 5e-5 6e-5 7e-5 8e-5"),
        (Scale(0, 1.1e-4), "0 2e-5 4e-5 6e-5 8e-5 1e-4"),
        (Scale(0, 250_000), "0 50,000 100,000 150,000 200,000 250,000"),
        (Scale(0, 3e9), "0 5e8 1e9 1.5e9 2e9 2.5e9 3e9"),
        (Scale(25, 8792, log=True), "50 100 200 500 1,000 2,000 5,000"),
        (Scale(2.9e-11, 4, log=True), "1e-10 1e-8 1e-6 1e-4 0.01 1"),
        (Scale(16, 4096, log=True, doubling=True), "16 32 64 128 256 512 1,024 2,048 4,096"),
        (Scale(1, 4, whole=True), "1 2 3 4"),
        (Scale(0.97, 1.02), "0.97 0.98 0.99 1.00 1.01 1.02"),
    ],
)
def test_they_are_written_short(axis, texts):
    assert " ".join(chosen(axis, 9).values()) == texts


def test_a_number_alone_and_a_zero():
    assert written([12.34]) == ["12.34"]
    assert written([-0.5, 0.0, 0.5]) == ["-0.5", "0", "0.5"]


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ((0.2, 1.0), (0.0, 1.0)),  # 0 is near
        ((0.9, 1.0), (0.9, 1.0)),
        ((-1.0, -0.1), (-1.0, 0.0)),
        ((0.0, 0.97), (0.0, 1.0)),  # a round number is near
        ((-0.43, 0.43), (-0.43, 0.43)),
    ],
)
def test_an_axis_begins_at_0_and_ends_at_a_round_number_if_those_are_near(values, ends):
    axis = scale(values, grows=True)
    assert (axis.low, axis.high) == pytest.approx(ends)
