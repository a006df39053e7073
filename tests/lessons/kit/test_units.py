import subprocess
import sys
from fractions import Fraction

import pytest

from lessons.kit.units import UnknownUnit, loosely, many, named

BITS = (("information", 1),)


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("bit", 1),
        ("bits", 1),
        ("b", 1),
        ("byte", 8),
        ("B", 8),
        ("Bytes", 8),
        ("kB", 8e3),
        ("KB", 8e3),
        ("KiB", 8 * 1024),
        ("MB", 8e6),
        ("GB", 8e9),
        ("GBytes", 8e9),
        ("gigabytes", 8e9),
        ("Gb", 1e9),
        ("Gbit", 1e9),
        ("GiB", 8 * 2**30),
        ("gibibyte", 8 * 2**30),
        ("TiB", 8 * 2**40),
    ],
)
def test_bits_and_bytes_in_thousands_and_in_1024s(name, bits):
    unit = named(name)
    assert (unit.factor, unit.dimension) == (Fraction(bits), BITS)
    assert unit.informs


@pytest.mark.parametrize("name", ["gb", "kb", "mb", "gib"])
def test_a_name_that_could_mean_bits_or_bytes_is_refused_and_says_both(name):
    with pytest.raises(UnknownUnit, match=r"could be \w+B \(bytes\) or \w+bit \(bits\)"):
        named(name)


def test_counts_and_percent_are_plain_numbers():
    assert named("parameters").dimension == named("%").dimension == ()
    assert named("percent").factor == Fraction(1, 100)


@pytest.mark.parametrize("name", ["abc", "M", "k", "G", "m", "J"])
def test_an_unknown_unit_is_named(name):
    with pytest.raises(UnknownUnit, match=f"^{name} is neither"):
        named(name)


def test_a_letter_is_read_loosely_only_where_it_can_mean_one_thing():
    assert loosely("G", named("GB")) == named("GB")
    assert loosely("M", named("GiB")) == named("MB")
    assert loosely("m", named("hour")) == named("min")
    assert loosely("B", named("vote")).factor == 10**9
    assert loosely("q", named("vote")) is None


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("byte", "bytes"),
        ("GB", "GB"),
        ("percent", "percent"),
        ("policy", "policies"),
        ("day", "days"),
        ("batch", "batches"),
        ("standard error", "standard errors"),
        ("token/second", "tokens/second"),
        ("", ""),
    ],
)
def test_several_of_a_unit(name, several):
    assert many(name) == several


def test_reading_needs_nobodys_parser():
    code = """
import sys
import lessons.kit.course.lesson, lessons.kit.linting.lint
from lessons.kit.answers.grading import grade
from lessons.kit.question import Numeric, Variant
asked = Variant("a", 0, Numeric(ask="", answer=11.76, unit="GB", worked=""))
assert grade(asked, "127/10.8 GB").outcome == "right"
assert not {"numpy", "torch", "textual"} & set(sys.modules), sorted(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
