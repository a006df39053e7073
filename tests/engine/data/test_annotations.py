"""Annotations are read exactly, and nothing else is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.annotations import check_annotations, evaluate

NUMBERS = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("12*4", 48),
        ("16-3-4", 9),
        ("100/4/5", 5),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("-3+5", 2),
        ("80000*1.5", 120_000),
        (".5*8", 4),
        ("1/3", Fraction(1, 3)),
    ],
)
def test_expressions_have_their_exact_value(expression, value):
    assert evaluate(expression) == value


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_product_binds_tighter_than_a_sum(a, b, c):
    assert evaluate(f"{a}+{b}*{c}-{a}") == b * c


@pytest.mark.parametrize(
    "expression", ["", "2**3", "abs(1)", "__import__('os')", "1 2", "(1", "3+", "1e5", "x"]
)
def test_what_is_no_arithmetic_is_refused(expression):
    with pytest.raises(ValueError):
        evaluate(expression)


def test_division_by_zero_is_said():
    with pytest.raises(ZeroDivisionError):
        evaluate("1/0")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("3*4=<<3*4=13>>13\n#### 13", "3\\*4 is 12, not 13"),
        ("3*4=<<3*4=12>>12\n#### 13", "the steps end at 12"),
        ("#### 13", "no annotation"),
    ],
)
def test_a_wrong_answer_is_caught(answer, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_annotations(answer)


def test_a_right_answer_passes():
    check_annotations("3*4=<<3*4=12>>12 pens\n12/2=<<12/2=6>>6\n#### 6")
