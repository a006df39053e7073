"""Formats against torch's own dtypes, bit for bit, and against the lectures' examples."""

import math

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from engine.numerics.formats import BF16, E4M3, E5M2, FLOATS, FP16, FP32, Float

DTYPES = {
    "fp32": (torch.float32, torch.int32),
    "fp16": (torch.float16, torch.int16),
    "bf16": (torch.bfloat16, torch.int16),
    "e4m3": (torch.float8_e4m3fn, torch.uint8),
    "e5m2": (torch.float8_e5m2, torch.uint8),
}
NAMES = sorted(FLOATS)
formats = st.sampled_from(list(FLOATS.values()))


def torch_patterns(numbers: torch.Tensor, name: str) -> list[int]:
    """Torch's bits of FP32 numbers in a format, as unsigned integers."""
    dtype, as_integer = DTYPES[name]
    bits = numbers.to(dtype).view(as_integer).tolist()
    return [each % 2 ** FLOATS[name].bits for each in bits]


def assert_same(numbers: torch.Tensor, name: str) -> None:
    """Our patterns are torch's; of NaNs only that both are NaN, since payloads are no standard.

    Since 2.13 torch saturates where a format has no infinity; it gave NaN before.
    """
    form = FLOATS[name]
    for number, theirs in zip(numbers.tolist(), torch_patterns(numbers, name), strict=True):
        ours = form.encode(number)
        if form.kind(theirs) == "nan":
            assert form.kind(ours) == "nan", number
        else:
            assert ours == theirs, f"{number}: {ours:b} is not torch's {theirs:b}"


@pytest.mark.parametrize("name", NAMES)
def test_encodes_random_bit_patterns_as_torch_does(name):
    """Random FP32 patterns reach every exponent; NaNs and infinities are among them."""
    draw = torch.Generator().manual_seed(3)
    bits = torch.randint(-(2**31), 2**31, (20_000,), generator=draw, dtype=torch.int64)
    assert_same(bits.to(torch.int32).view(torch.float32), name)


@pytest.mark.parametrize("name", NAMES)
def test_encodes_what_lies_on_and_beside_halfway_as_torch_does(name):
    """Between any two neighbours: the halfway point, and FP32's numbers on either side of it."""
    form = FLOATS[name]
    count = min(2 ** (form.bits - 1), form.encode(math.inf))
    patterns = range(0, count - 1, max(1, count // 3000))
    halfway = [(form.decode(p) + form.decode(p + 1)) / 2 for p in patterns]
    middle = torch.tensor([each for each in halfway if math.isfinite(each)])
    assert middle.numel() > 100
    beside = [middle.nextafter(torch.tensor(to)) for to in (-math.inf, math.inf)]
    both_signs = torch.cat([middle, *beside])
    assert_same(torch.cat([both_signs, -both_signs]), name)


@pytest.mark.parametrize("name", ["fp16", "bf16", "e4m3", "e5m2"])
def test_decodes_every_pattern_as_torch_does(name):
    form, (dtype, as_integer) = FLOATS[name], DTYPES[name]
    signed = as_integer != torch.uint8
    everything = torch.arange(2**form.bits, dtype=torch.int32).to(as_integer)
    values = everything.view(dtype).double().tolist()
    assert signed == (everything.min() < 0).item()
    for pattern, theirs in enumerate(values):
        ours = form.decode(pattern)
        assert math.isnan(ours) if math.isnan(theirs) else ours == theirs
        if not math.isnan(ours):
            assert math.copysign(1, ours) == math.copysign(1, theirs)


@given(formats, st.data())
def test_a_pattern_comes_back(form: Float, data):
    pattern = data.draw(st.integers(0, 2**form.bits - 1))
    if form.kind(pattern) != "nan":
        assert form.encode(form.decode(pattern)) == pattern
    assert int("".join(form.split(pattern)), 2) == pattern


@given(formats, st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_rounding_keeps_order(form: Float, a, b):
    low, high = sorted((a, b))
    assert form.nearest(low, saturate=True) <= form.nearest(high, saturate=True)


@given(formats, st.floats(allow_nan=False, allow_infinity=False))
@example(FP16, 65519.99)
@example(E4M3, 464.0)
def test_off_by_half_a_step_at_most(form: Float, number):
    if abs(number) <= form.greatest:
        assert abs(form.nearest(number) - number) <= form.spacing(number) / 2


@given(formats, st.floats())
def test_never_saturates_beyond_its_greatest(form: Float, number):
    stored = form.nearest(number, saturate=True)
    assert math.isnan(stored) == math.isnan(number)
    assert math.isnan(stored) or abs(stored) <= form.greatest


@pytest.mark.parametrize("name", NAMES)
def test_ranges_are_those_that_torch_gives(name):
    form, info = FLOATS[name], torch.finfo(DTYPES[name][0])
    assert (form.bits, form.greatest, form.epsilon) == (info.bits, info.max, info.eps)
    assert form.least_normal == info.smallest_normal
    assert form.kind(form.encode(form.least_subnormal)) == "subnormal"
    assert form.encode(form.least_subnormal) == 1


@pytest.mark.parametrize(
    ("form", "greatest"),
    [(FP16, 65504), (BF16, 3.3895e38), (FP32, 3.4028e38), (E4M3, 448), (E5M2, 57344)],
)
def test_greatest(form, greatest):
    assert form.greatest == pytest.approx(greatest, rel=1e-4)


@pytest.mark.parametrize(
    ("form", "pi"),
    [(FP32, 3.1415927410125732), (FP16, 3.140625), (BF16, 3.140625), (E4M3, 3.25), (E5M2, 3.0)],
)
def test_pi(form, pi):
    """The quantization lecture shows pi in FP32, FP16 and BF16; FP8 is reckoned by hand."""
    assert form.nearest(math.pi) == pi


def test_the_lecture_example():
    """The efficiency lecture: 0 10000000 10011001100110011001101 is about 3.2."""
    pattern = 0b01000000010011001100110011001101
    assert FP32.split(pattern) == ("0", "10000000", "10011001100110011001101")
    assert FP32.fields(pattern).exponent - FP32.bias == 1
    assert FP32.decode(pattern) == pytest.approx(3.2000000477, abs=1e-10)
    assert FP32.encode(3.2) == pattern


def test_what_is_too_great():
    assert FP16.nearest(70_000) == math.inf
    assert math.isnan(E4M3.nearest(500, saturate=False))
    assert (E4M3.nearest(500), E4M3.nearest(-500), E4M3.nearest(math.inf)) == (448, -448, 448)
    assert (E5M2.nearest(1e6), E5M2.nearest(1e6, saturate=True)) == (math.inf, 57_344)
    assert (FP16.kind(FP16.encode(-math.inf)), FP16.nearest(65_519)) == ("infinity", 65_504)


def test_spacing():
    assert [FP16.spacing(x) for x in (1, 1.99, 2, 2048, 0)] == [2**-10, 2**-10, 2**-9, 2, 2**-24]
    with pytest.raises(ValueError, match="70000 is beyond FP16"):
        FP16.spacing(70_000)
    with pytest.raises(ValueError, match="nan"):
        FP16.spacing(math.nan)


def test_a_pattern_that_is_too_wide():
    with pytest.raises(ValueError, match="E4M3's 8 bits"):
        E4M3.decode(256)
    with pytest.raises(ValueError, match="is no pattern"):
        E4M3.kind(-1)
