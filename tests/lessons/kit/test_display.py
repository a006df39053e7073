from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit.display import answer_text, grid, in_rows, rounded, show, signed
from lessons.kit.question import Bits, Choice, Essay, Matrix, Numeric, Option


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (11.7592, "11.76"),
        (4831838208, "4,831,838,208"),
        (1319.25, "1,319"),
        (0.064, "0.064"),
        (0.000123, "0.000123"),
        (0.0000123456, "1.235e-5"),
        (-0.0, "0"),
        (3.4028234e38, "3.403e38"),
        (2e10, "20,000,000,000"),
        (1e15, "1e15"),
        (9999.96, "10,000"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(6, 3), "2"),
        (float("inf"), "inf"),
        ([1.5, -0.25, 3], "1.5, -0.25, 3"),
    ],
)
def test_show(value, shown):
    assert show(value) == shown


def test_show_without_commas_between_thousands():
    assert show(12345, group=False) == "12345"


@given(st.floats(-1e30, 1e30, allow_subnormal=False), st.integers(3, 12))
def test_what_is_shown_is_off_by_at_most_half_of_its_last_digit(value, digits):
    shown = float(show(value, digits).replace(",", ""))
    assert abs(shown - value) <= abs(value) * 0.5000001 * 10 ** (1 - digits)


@given(st.floats(-1e30, 1e30))
def test_a_rounded_number_is_shown_in_full(value):
    assert float(show(rounded(value, 4)).replace(",", "")) == rounded(value, 4)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (Numeric(ask="", answer=127 / 10.8, worked=""), "11.76"),
        (Numeric(ask="", answer=127 / 10.8, tolerance=1e-6, worked=""), "11.75926"),
        (Numeric(ask="", answer=2**32, unit="byte", tolerance=0, worked=""), "4,294,967,296 bytes"),
        (Numeric(ask="", answer=Fraction(3, 4), tolerance=0, worked=""), "3/4"),
        (Numeric(ask="", answer=0.1, tolerance=0, unit="percent", worked=""), "0.1 %"),
        (Bits(ask="", answer="01000001", fields=[("s", 1), ("e", 7)], worked=""), "0 1000001"),
        (Matrix(ask="", answer=[[1, 2000], [-0.5, 3]], worked=""), "1 2000; -0.5 3"),
        (Essay(ask="", rubric=["it"], sample="This."), ""),
        (
            Choice(
                ask="",
                options=[Option("x", "", True), Option("y", ""), Option("z", "", True)],
                several=True,
                worked="",
            ),
            "a c",
        ),
    ],
)
def test_an_answer_as_it_could_be_typed(body, text):
    assert answer_text(body) == text


def test_numbers_stand_in_brackets_behind_an_operator_only_if_negative():
    assert [signed(each) for each in (-4, 0, 3, -0.25)] == ["(-4)", "0", "3", "(-0.25)"]


def test_a_row_is_cut_into_rows_and_typed_as_a_grid():
    assert grid((1, 2, 3, 4, 5), 2) == [[1, 2], [3, 4], [5]]
    assert in_rows([[1, -2], [0.5, 1319]]) == "1 -2; 0.5 1319"
