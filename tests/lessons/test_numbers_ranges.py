"""What the lesson on ranges says of acorn, measured again; and its questions against the engine."""

from pathlib import Path

import pytest
from pytest import approx
from torch import tensor

import lessons
from engine.numerics.calibration import percentile
from lessons.kit.course.lesson import read_lesson
from lessons.kit.question import variant

FOLDER = Path(lessons.__file__).parent / "numbers" / "ranges"


@pytest.fixture(scope="module")
def ranges():
    return read_lesson(FOLDER, "numbers/ranges")


@pytest.fixture(scope="module")
def measured(ranges):
    return lambda **given: ranges.labs()["ranges"].compute(given).values


@pytest.mark.parametrize("seed", range(20))
def test_the_scale_of_a_percentile_is_the_engines(ranges, seed):
    body = variant(ranges.questions()["percentile-scale"], seed).body
    seen = body.ask.split("seen: ")[1].split(". The")[0]
    fitted = percentile(tensor([float(each) for each in seen.split(", ")]), 0.8).affine()
    assert fitted.scale.item() == approx(body.answer, rel=1e-5)


def test_more_problems_widen_the_range_and_cost_rounding(measured):
    one, four, sixteen = (measured(texts=texts) for texts in (1, 4, 16))
    assert one["high"] == approx(92.3, abs=0.2)
    assert sixteen["high"] == four["high"] == approx(126.3, abs=0.2)
    assert one["mse"] < sixteen["mse"]
    assert sixteen["times dynamic"] == approx(11, abs=0.5)


def test_other_texts_than_the_tests_clip(measured):
    question = measured(calibrated_on="questions", texts=1)
    assert question["times worked"] == approx(10.4, abs=0.3)
    assert question["high"] == approx(37, abs=0.2)
    assert question["clipping"] > 20 * question["rounding"]
    times = {name: measured(calibrated_on=name)["times worked"] for name in ("questions", "chat")}
    assert times == {"questions": approx(3.6, abs=0.1), "chat": approx(2.3, abs=0.1)}
    assert measured(calibrated_on="drills")["times worked"] < 1.3


@pytest.mark.parametrize(
    ("method", "in_8_bits", "in_4_bits"),
    [
        ("min-max", 0.049, 1.84),
        ("99.99%", 0.041, 1.28),
        ("99.9%", 0.513, 1.10),
        ("least error", 0.041, 1.07),
    ],
)
def test_the_table_of_methods(measured, method, in_8_bits, in_4_bits):
    assert measured(method=method, bits=8)["mse"] == approx(in_8_bits, rel=0.02)
    assert measured(method=method, bits=4)["mse"] == approx(in_4_bits, rel=0.02)


def test_what_the_methods_do_to_acorns_tokens(ranges):
    told = []
    lab = ranges.labs()["tokens"]
    four = lab.compute({"bits": 4}, lambda done, total, message: told.append((done, total))).values
    eight = lab.compute({"bits": 8}).values
    assert told == [(done, 7) for done in range(8)]
    assert four["other tokens, min-max"] == approx(11.7, abs=1)
    assert four["other tokens, 99.9%"] < 3
    assert four["other tokens, each token's own"] < 3
    assert max(share for name, share in eight.items() if name.startswith("other")) < 1
    assert eight["divergence, 99.9%"] > 4 * eight["divergence, min-max"]
