"""What the lesson on memory says, held against the formulas and against models that are loaded."""

import pytest

from engine.models.registry import PRECISIONS
from engine.numerics.architecture import QWEN25
from engine.numerics.budget import full, inference, lora
from engine.numerics.footprint import Weight, footprint
from lessons.kit.course.lesson import lesson

SEVEN = QWEN25["7B"]


@pytest.fixture(scope="module")
def labs():
    return lesson("numbers/model-weights").labs()


@pytest.mark.parametrize(("bits", "gb"), [(64, 560), (32, 280), (16, 140), (8, 70), (4, 35)])
def test_seventy_billion(bits, gb):
    assert 70e9 * bits / 8 == gb * 1e9


def test_the_formula_of_the_lesson_agrees_with_footprint():
    """70B of nothing but linear layers in 16 bits."""
    seventy = Weight((70_000, 1_000_000), True)
    assert footprint([seventy], "bf16", "bf16").total == 140e9


def test_what_the_text_says_of_qwen():
    assert SEVEN.kv_bytes(1) == 57_344
    assert SEVEN.kv_bytes(4000) == pytest.approx(0.23e9, rel=0.01)
    assert SEVEN.kv_bytes(32 * 4000) == pytest.approx(7.3e9, rel=0.01)
    assert full(SEVEN).total == pytest.approx(122e9, rel=0.01)
    outside = 2 * SEVEN.vocabulary * SEVEN.hidden
    assert (outside, 2 * outside) == pytest.approx((1.09e9, 2.2e9), rel=0.01)
    assert inference(SEVEN, "nf4").total == pytest.approx(5.9e9, rel=0.01)
    assert inference(SEVEN, "bf16").total == pytest.approx(15.2e9, rel=0.01)
    assert 1024 * SEVEN.vocabulary * 8 == pytest.approx(1.2e9, rel=0.05)


def test_what_fits_in_sixteen_gb():
    """The lesson's last words: 0.5B in full, 3B with LoRA, 14B with QLoRA, and no size larger."""
    for use, largest in ((full, "0.5B"), (lora, "3B"), (qlora, "14B")):
        fits = [size for size, model in QWEN25.items() if use(model, tokens=1024).total <= 16e9]
        assert fits[-1] == largest


def test_oak_is_as_the_lesson_reckons(labs):
    """Every precision that the lab loads weighs what the formula says, to the byte."""
    told = []
    figure = labs["load"].compute({"model": "oak"}, progress=lambda *each: told.append(each))
    assert figure.values["nf4"] == 1_507_328 + 188_416 + 64 + 820_224 == 2_516_032
    assert [row[0] for row in figure.rows] == list(PRECISIONS)
    for _, predicted, measured, *_ in figure.rows:
        assert predicted == measured
    assert "3,219,712 parameters" in figure.caption
    assert told[-1][:2] == (len(PRECISIONS), len(PRECISIONS))


def test_fits_says_yes_and_no(labs):
    figure = labs["fits"].compute({"place": "12 GB of RAM", "tokens": 256})
    fp32 = {row[0]: row[1] for row in figure.rows}
    assert fp32["1.5B"] == "6.2 yes"
    assert fp32["3B"] == "12.4 no"
    assert labs["fits"].compute({"place": "this machine"}).values == labs["fits"].compute().values


def test_parts_add_up(labs):
    figure = labs["parts"].compute()
    for at, label in enumerate(figure.labels):
        together = sum(series.heights[at] for series in figure.series)
        assert together == pytest.approx(figure.values[label])


def qlora(model, tokens):
    return lora(model, "nf4-dq", tokens=tokens)
