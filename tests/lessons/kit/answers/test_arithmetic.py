import ast
import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.kit.answers.arithmetic import evaluate
from lessons.kit.answers.tokens import MOST_CHARACTERS, Unreadable, tokens


def value(typed: str) -> Fraction:
    return evaluate(tokens(typed)).value


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("127/10.8", Fraction(1270, 108)),
        ("1,319", 1319),
        ("18,000", 18000),
        ("18 000.5", Fraction(36001, 2)),
        ("1_000_000", 10**6),
        ("6.4e-2", Fraction(64, 1000)),
        ("3/4", Fraction(3, 4)),
        ("-1/3", Fraction(-1, 3)),
        ("−2 × 3", -6),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("2 - 3 - 4", -5),
        ("16 / 4 / 2", 2),
        ("-2**2", -4),
        ("2**-3", Fraction(1, 8)),
        ("2^3^2", 512),
        ("(2 - 2**-23) * 2**127", (2 - Fraction(1, 2**23)) * 2**127),
        ("--3", 3),
        ("0x1F", 31),
        ("0b1010", 10),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("3 x 4", 12),
        ("3.2 times", Fraction(16, 5)),
        ("3.2x", Fraction(16, 5)),
        ("70 billion", 70 * 10**9),
        ("70 billion / 2 million", 35000),
        ("round(-58.5)", -58),
        ("abs(-3) + floor(2.7) - ceil(0.2)", 4),
        ("1**99999999999", 1),
        ("10 GB / 2 GB", 5),
        ("12%", Fraction(12, 100)),
    ],
)
def test_numbers_are_exact(typed, wanted):
    assert value(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "bits"),
    [
        ("70e9 * 4 bit", 280 * 10**9),
        ("70e9 parameters * 4 bits per parameter", 280 * 10**9),
        ("4.5 GiB", 4.5 * 8 * 2**30),
        ("3/4 GB", 6 * 10**9),
        ("1 GiB + 512 MiB", 1.5 * 8 * 2**30),
        ("bits / 8 * 70e9", 70e9 / 8),
        ("2**3 bytes", 64),
        ("-2 kB", -16000),
    ],
)
def test_a_unit_goes_with_its_number(typed, bits):
    found = evaluate(tokens(typed))
    assert (found.value, found.dimension) == (bits, (("information", 1),))


def test_roots_and_pi_are_floats():
    assert float(value("sqrt(2)")) == float(value("√2")) == float(value("2**0.5")) == 2**0.5
    assert float(value("2 pi")) == pytest.approx(6.283185307179586)
    assert value("log2(8)") == 3
    assert float(value("ln(e)")) == float(value("exp(0)")) == 1
    assert float(value("cos(π)")) == -1
    assert value("C(16, 3)") == value("C(16,3)") == 560
    assert value("C(300,150)") == math.comb(300, 150)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Nothing is typed"),
        ("  \t ", "Nothing is typed"),
        ("abc", "abc is neither a number nor a unit"),
        ("1e", "lacks its power of ten, as in 1e9"),
        ("1e+", "lacks its power of ten"),
        ("1e999", "too large"),
        ("1e-999", "too small"),
        ("1e99999999999999999999", "too large"),
        ("9**9**9**9", "too large"),
        ("(9**99)**(9**99)", "too large"),
        ("2**8191 * 2**8191", "too large"),
        ("1,5", "commas stand between thousands"),
        ("12,34", "commas stand between thousands"),
        ("1.319,5", "commas stand between thousands, and a point before decimals"),
        ("nan", "nan is neither a number nor a unit"),
        ("1/inf", "inf is neither a number nor a unit"),
        ("NaN GB", "NaN is neither"),
        ("1 h 2 h", "each part has a smaller unit"),
        ("C(3)", "C takes two numbers"),
        ("C(1.5, 1)", "whole numbers from 0 on"),
        ("C(9e9, 4e9)", "too large"),
        ("ln(0)", "no value"),
        ("exp(1e9)", "too large"),
        ("log(2)", "log could be ln"),
        ("3 +", "missing at the end"),
        ("3 a", "missing at the end"),
        ("* 3", "missing before *"),
        ("3 4", "Between 3 and 4"),
        ("2(3)", "Between 2 and ("),
        ("(1", "not closed"),
        ("1)", "not opened"),
        ("1/0", "divides by zero"),
        ("0**-1", "divides by zero"),
        ("(-1)**0.5", "root"),
        ("sqrt(-1)", "no value"),
        ("log2(0)", "no value"),
        ("3 GB + 2", "not of one kind"),
        ("2 ** (1 GB)", "exponent has no unit"),
        ("sqrt(4 GB)", "plain numbers"),
        ("7 % 3", "operator is missing"),
        ("__import__('os')", "cannot be read"),
        ("lambda: 1", "cannot be read"),
        ("1 if 2 else 3", "neither"),
        ("[1, 2]", "cannot be read"),
        ("٣", "cannot be read"),
        ("\ud800", "cannot be read"),
        ("(" * 100, "within each other"),
        ("-" * 100 + "1", "within each other"),
        ("√" * 100 + "4", "within each other"),
        ("2**" * 90 + "1", "within each other"),
        ("1" * (MOST_CHARACTERS + 1), "301 characters"),
        ("9" * 10**6, "1,000,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why(typed, why):
    with pytest.raises(Unreadable) as caught:
        value(typed)
    assert why in caught.value.why


ALPHABET = "0123456789.,eE+-*/^() \n_%$xGiBbitykMpersqrtlog2√π−×²"


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from(ALPHABET), max_size=MOST_CHARACTERS) | st.text(max_size=400))
@example("9**9**9**9")
@example("*".join(["9**99"] * 60))
@example("/".join(["(9**99)"] * 40))
@example("**".join("9" * 90))
@example("(1 B)**9999999999999")
@example("(2 GB)**8000")
@example("1e400" + "*1e400" * 40)
@example("2**0.5**0.5**1e300")
@example("((PB/4e15)**8000/2**7999)**8000")
@example("(0 GB)**9999999999999")
@example("C(8192, 4096)**8000")
@example("e^e^e^e^e^e")
@example("GB" + "*GB" * 99)
def test_whatever_is_typed_is_read_or_refused(typed):
    """What is not bounded would not end: the examples alone ask for more digits than there are."""
    try:
        found = value(typed)
    except Unreadable as error:
        assert error.why
    else:
        assert isinstance(found, Fraction)
        assert max(found.numerator.bit_length(), found.denominator.bit_length()) <= 8192


expressions = st.recursive(
    st.integers(0, 999).map(str) | st.decimals(0, 99, places=2).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(" + | - | * | / ".split("|")), inner).map(
        lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(expressions)
def test_arithmetic_agrees_with_pythons(text):
    """Every number as a Fraction, by Python's own grammar."""

    def by_python(node):
        match node:
            case ast.Constant(value=number):
                return Fraction(str(number))
            case ast.BinOp(left=left, op=op, right=right):
                a, b = by_python(left), by_python(right)
                if isinstance(op, ast.Div):
                    return a / b
                return (
                    a + b
                    if isinstance(op, ast.Add)
                    else a - b
                    if isinstance(op, ast.Sub)
                    else a * b
                )

    try:
        wanted = by_python(ast.parse(text, mode="eval").body)
    except ZeroDivisionError:
        with pytest.raises(Unreadable, match="zero"):
            value(text)
    else:
        assert value(text) == wanted


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_thousands_may_be_grouped(number):
    for form in (f"{number}", f"{number:,}", f"{number:_}", f"{number:,}".replace(",", " ")):
        assert value(form) == number
