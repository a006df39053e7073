from fractions import Fraction

import pytest

from lessons.kit.closeness import close, to_its_digits, usual_slip
from lessons.kit.reading import read_number, unit_of


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
