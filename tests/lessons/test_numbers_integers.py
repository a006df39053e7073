"""What the lesson on integers says, held against torch, and its labs at what learners may type."""

import pytest
import torch

from engine.errors import SpecError
from engine.numerics.integers import INT4, INT8, UINT8, Integer
from lessons.kit.course.lesson import lesson


@pytest.fixture(scope="module")
def labs():
    return lesson("numbers/integers").labs()


def test_worked_patterns():
    assert UINT8.decode(0b00010001) == 17
    assert INT8.decode(0b11011011) == -37
    assert UINT8.decode(0b11011011) == 219
    assert INT8.encode(-37) == 0b11011011


def test_ranges():
    assert [Integer(bits, signed=False).greatest for bits in (8, 16, 32)] == [
        255,
        65_535,
        4_294_967_295,
    ]
    assert (INT4.least, INT4.greatest, INT8.least, INT8.greatest) == (-8, 7, -128, 127)


def test_products_that_an_accumulator_holds():
    assert 3 * 127 * 127 > Integer(16).greatest > 2 * 127 * 127
    assert torch.iinfo(torch.int32).max // 127**2 == 133_144


@pytest.mark.parametrize(
    ("typed", "bits", "signed"),
    [("-37", 8, -37), ("0b11011011", 8, -37), ("0b1000", 4, -8), ("−1", 16, -1), ("200", 8, -56)],
)
def test_reads_integers_and_patterns(labs, typed, bits, signed):
    assert labs["pattern"].compute({"typed": typed, "bits": bits}).values["signed"] == signed


def test_says_what_does_not_fit(labs):
    layout, _ = labs["pattern"].compute({"typed": "200"}).figures
    assert "200 is out of INT8 (-128 to 127)" in layout.caption


def test_flips_from_the_left(labs):
    top = labs["pattern"].compute({"typed": "5", "flip": 1}).values
    assert top["signed"] == 5 - 128
    assert labs["pattern"].compute({"typed": "5", "flip": 8}).values["signed"] == 4


@pytest.mark.parametrize("typed", ["", "3.5", "0b", "0b12", "seven"])
def test_refuses_in_words(labs, typed):
    with pytest.raises(SpecError, match="no integer and no pattern"):
        labs["pattern"].compute({"typed": typed})


@pytest.mark.parametrize(
    ("a", "b", "wraps", "saturates"), [(100, 100, -56, 127), (-128, -1, 127, -128), (5, 6, 11, 11)]
)
def test_sums(labs, a, b, wraps, saturates):
    values = labs["sum"].compute({"a": a, "b": b}).values
    assert values == {"true": a + b, "wraps": wraps, "saturates": saturates}
