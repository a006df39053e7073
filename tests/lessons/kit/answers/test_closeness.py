from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit.answers.closeness import close, near_miss, to_its_digits, usual_slip
from lessons.kit.answers.reading import read_number, unit_of


@pytest.mark.parametrize(
    ("value", "wanted", "tolerance", "is_close"),
    [
        (Fraction(10049, 10000), 1, 0.005, True),
        (Fraction(10051, 10000), 1, 0.005, False),
        (Fraction(3, 10), 0.1 + 0.2, 0, True),
        (Fraction(1, 3), 1 / 3, 0, True),
        (Fraction(333333, 10**6), Fraction(1, 3), 0, False),
        (Fraction(10**18 + 1), 10**18, 0, False),
        (Fraction(0), 0.0, 0.005, True),
        (Fraction(1, 10**20), 0.0, 0.005, False),
        (Fraction(-1), 1, 0.9, False),
    ],
)
def test_close(value, wanted, tolerance, is_close):
    assert close(value, wanted, tolerance) == is_close


@pytest.mark.parametrize(
    ("typed", "wanted", "is_right"),
    [
        ("11.8", 11.759, True),
        ("11.7", 11.759, True),  # cut
        ("11.6", 11.759, False),
        ("11.9", 11.759, False),
        ("1.2e1", 11.759, True),
        ("1", 1.4, False),  # off by more than a tenth
        ("0", 0.04, False),
        ("4,800,000,000", 4831838208, True),
        ("23.5/2", 11.759, False),  # arithmetic has no last digit
        ("0.18", 0.175, True),  # a tie: 0.175 is a little below it as a float
        ("0.17", 0.175, True),  # cut
        ("0.17", 0.18, False),
        ("0.17", 0.1 + 0.08, False),
    ],
)
def test_right_to_the_digits_that_are_typed(typed, wanted, is_right):
    assert to_its_digits(read_number(typed), wanted, 0.005) == is_right


@pytest.mark.parametrize(
    ("typed", "wanted", "unit", "name"),
    [
        ("16 bytes", 2, "byte", "bits-for-bytes"),
        ("2 bytes", 16, "bit", None),
        ("2", 16, "bit", "bytes-for-bits"),
        ("1.024 kB", 1, "kB", "gib-for-gb"),
        ("8", 1, "", None),
        ("1.024", 1, "", None),
        ("8 s", 1, "s", None),
        ("0", 1, "GB", None),
        ("8", 0, "GB", None),
    ],
)
def test_usual_slips(typed, wanted, unit, name):
    slip = usual_slip(read_number(typed, unit), wanted, unit_of(unit))
    assert (slip and slip.name) == name


@pytest.mark.parametrize(
    ("typed", "wanted", "unit", "name"),
    [
        ("6.22", 6.2228, "point", None),
        ("0.0622", 6.2228, "point", "share-for-percent"),
        ("1.96*sqrt(0.72*0.28/200)", 6.222807, "point", "share-for-percent"),
        ("0.0622 points", 6.2228, "point", None),
    ],
)
def test_a_share_for_points_has_a_word(typed, wanted, unit, name):
    slip = usual_slip(read_number(typed, unit), wanted, unit_of(unit))
    assert (slip and slip.name) == name


@pytest.mark.parametrize(
    ("typed", "wanted", "tolerance", "name"),
    [
        ("32.5059", 33, 0, "not-whole"),
        ("2.7", 3, 0, "not-whole"),
        ("160.6", 162, 0, "not-whole"),
        ("0.02", 0.0245161, 0.002, "too-coarse"),
        ("0.03", 0.0245161, 0.002, None),
        ("0.020", 0.0245161, 0.002, None),  # its two digits are wrong ones
        ("6", 5.898, 0.005, "too-coarse"),
        ("5", 5.898, 0.005, None),
        ("214", 215, 0, "off-by-one"),
        ("216", 215, 0, "off-by-one"),
        ("213", 215, 0, None),
        ("214", 215.0, 0.001, None),
        ("-215", 215, 0, "other-sign"),
        ("2150", 215, 0, "power-of-ten"),
        ("0.00215", 215, 0, "power-of-ten"),
        ("30", 3, 0, None),  # of one digit most numbers have the digits
        ("12", 1.2345, 0.005, None),
        ("12.345", 1.2345, 0.005, "power-of-ten"),
        ("0", 215, 0, None),
        ("215", 0, 0, None),
        ("1e300", 1e-30, 0.005, "power-of-ten"),
        ("1e-300", 1e30, 0.005, "power-of-ten"),
    ],
)
def test_near_misses(typed, wanted, tolerance, name):
    slip = near_miss(read_number(typed), wanted, tolerance)
    assert (slip and slip.name) == name


@given(st.integers(10, 97).filter(lambda half: half % 10 < 8), st.integers(-6, 6))
def test_a_number_may_be_rounded_either_way_at_a_tie(half, power):
    """Half a digit more, and as a float it lies on either side of the tie."""
    wanted = (half + 0.5) * 10**power
    up, down = f"{half + 1}e{power}", f"{half}e{power}"
    assert to_its_digits(read_number(up), wanted, 0.0001)
    assert to_its_digits(read_number(down), wanted, 0.0001)
    assert not to_its_digits(read_number(f"{half + 2}.e{power}"), wanted, 0.0001)
