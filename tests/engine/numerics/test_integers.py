import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics.integers import INT4, INT8, UINT8, Integer

formats = st.builds(Integer, st.integers(2, 32), st.booleans())


@given(formats, st.data())
def test_a_pattern_comes_back(form, data):
    pattern = data.draw(st.integers(0, 2**form.bits - 1))
    number = form.decode(pattern)
    assert form.least <= number <= form.greatest
    assert form.encode(number) == pattern


@pytest.mark.parametrize(("form", "dtype"), [(INT8, torch.int8), (UINT8, torch.uint8)])
def test_every_pattern_is_what_torch_says(form, dtype):
    theirs = torch.arange(256, dtype=torch.int32).to(torch.uint8).view(dtype).tolist()
    assert [form.decode(pattern) for pattern in range(256)] == theirs
    info = torch.iinfo(dtype)
    assert (form.least, form.greatest) == (info.min, info.max)


@given(st.integers(-(2**31), 2**31 - 1))
def test_wraps_as_torch_does(number):
    assert INT8.wrap(number) == torch.tensor([number], dtype=torch.int32).to(torch.int8).item()


@given(formats, st.integers())
def test_saturates_to_the_nearest_end(form, number):
    stopped = form.saturate(number)
    assert form.least <= stopped <= form.greatest
    assert stopped == number or stopped in (form.least, form.greatest)


def test_four_bits_of_the_lecture():
    """The efficiency lecture's table of two's complement: 0111 is 7, 1111 is -1, 1000 is -8."""
    assert [INT4.decode(p) for p in (0b0111, 0b0001, 0b1111, 0b1001, 0b1000)] == [7, 1, -1, -7, -8]
    assert UINT8.decode(0b00010001) == 17


def test_what_is_out_of_range_is_said():
    with pytest.raises(ValueError, match="128 is out of INT8: -128 to 127"):
        INT8.encode(128)
    with pytest.raises(ValueError, match="no pattern of INT4"):
        INT4.decode(16)
