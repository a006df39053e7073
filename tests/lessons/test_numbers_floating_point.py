"""What the lesson on floating point says, held against the formats, and learners' usual faults."""

import math

import pytest
import torch

from engine.errors import SpecError
from engine.numerics.formats import BF16, E4M3, E5M2, FLOATS, FP16, FP32
from lessons.kit.course.lesson import lesson
from lessons.kit.judging.grader import Grader


@pytest.fixture(scope="module")
def floats():
    return lesson("numbers/floating-point")


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def test_the_table_of_formats(floats):
    """Greatest and spacing at 1, as the table rounds them."""
    text = "\n".join(step.text for step in floats.steps if step.kind == "reading")
    named = {form.name: form for form in FLOATS.values()}
    lines = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    rows = [row for row in lines if row[0].strip() in named]
    assert len(rows) == len(FLOATS)
    for name, exponent, significand, bias, greatest, spacing in rows:
        form = named[name.strip()]
        assert (form.exponent_bits, form.significand_bits) == (int(exponent), int(significand))
        assert form.bias == int(bias)
        assert form.greatest == pytest.approx(float(greatest.replace(",", "")), rel=0.01)
        assert form.spacing(1) == pytest.approx(float(spacing), rel=0.01)


def test_worked_numbers():
    assert (1 + 1 / 2 + 1 / 8) * 8 == 13
    assert FP16.split(FP16.encode(-6.5)) == ("1", "10001", "1010000000")
    assert [BF16.nearest(x) for x in (1027, 1028, 1036)] == [1024, 1024, 1040]
    assert [FP16.nearest(x) for x in (65_519, 65_520)] == [65_504, math.inf]
    assert FP16.least_subnormal == 2**-24 == pytest.approx(6.0e-8, rel=0.01)
    assert BF16.least_subnormal == pytest.approx(9.2e-41, rel=0.01)
    assert (E4M3.split(E4M3.encode(448)), E4M3.greatest) == (("0", "1111", "110"), 448)
    assert (FP16.spacing(2048), BF16.spacing(1024), BF16.spacing(1000)) == (2, 8, 4)


def test_beyond_448_the_labs_do_what_torch_does(floats):
    """The lesson: type 500."""
    for typed in ("500", "1e9", "-500", "inf"):
        theirs = torch.tensor(float(typed)).to(torch.float8_e4m3fn).float().item()
        assert abs(theirs) == 448
        assert floats.labs()["formats"].compute({"number": typed}).values["e4m3"] == theirs
        shown = floats.labs()["bits"].compute({"typed": typed, "format": "e4m3"})
        assert shown.values["stored"] == theirs


def test_predictions_can_be_right(floats):
    asked = {step.name: step for step in floats.steps if step.kind == "predict"}
    for name, measured in (("pi", 3.25), ("spacing", 4)):
        settings = asked[name].settings
        figure = floats.labs()[settings["lab"]].compute(settings["set"])
        assert figure.values[settings["value"]] == measured


@pytest.mark.parametrize(
    ("typed", "form", "stored"),
    [
        ("3.2", FP32, 3.200000047683716),
        ("0 10000000 10011001100110011001101", FP32, 3.200000047683716),
        ("0b11000000", E5M2, -2.0),
        ("1,000", BF16, 1000),
        ("pi", E4M3, 3.25),
        ("-pi", E5M2, -3.0),
    ],
)
def test_bits_reads_numbers_and_patterns(floats, typed, form, stored):
    name = next(name for name, each in FLOATS.items() if each is form)
    figure = floats.labs()["bits"].compute({"typed": typed, "format": name})
    assert figure.values["stored"] == stored
    layout, _ = figure.figures
    assert "".join(field.bits for field in layout.fields) == f"{form.encode(stored):0{form.bits}b}"


@pytest.mark.parametrize(
    ("typed", "kind"), [("inf", "infinity"), ("nan", "nan"), ("1e9", "infinity")]
)
def test_bits_shows_what_is_no_number(floats, typed, kind):
    figure = floats.labs()["bits"].compute({"typed": typed, "format": "fp16"})
    _, table = figure.figures
    assert ("kind", kind) in table.rows
    assert not figure.values


def test_bits_flips_the_sign(floats):
    figure = floats.labs()["bits"].compute({"typed": "3.2", "flip": 1})
    assert figure.values["stored"] == -FP32.nearest(3.2)


@pytest.mark.parametrize("typed", ["", "three", "0b01"])
def test_bits_refuses_in_words(floats, typed):
    with pytest.raises(SpecError, match=r"no number|has 2 bits"):
        floats.labs()["bits"].compute({"typed": typed})


FAULTS = {
    "leading one forgotten": ("(1 + fraction)", "fraction", "decodes_normal_numbers"),
    "bias one too large": ("_bits - 1) - 1", "_bits - 1)", "decodes_normal_numbers"),
    "subnormals one exponent too low": ("** (1 - bias)", "** (0 - bias)", "decodes_the_least"),
    "no infinities": ('if "0" not in exponent:', "if False:", "decodes_what_is_no_number"),
    "cut off, not rounded": ("steps = round(", "steps = int(", "rounds_to_nearest"),
    "halfway always up": ("round(math.ldexp(abs(number), significand_bits - exponent))",
                          "int(math.ldexp(abs(number), significand_bits - exponent) + 0.5)",
                          "rounds_to_nearest"),
    "no carry": ("exponent, steps = exponent + 1, steps // 2", "steps -= 1", "carries"),
    "subnormals flushed to 0": ("if normal else steps", "if normal else 0", "encodes_the_least"),
    "infinity too late": ("if exponent > bias:", "if exponent > bias + 1:", "encodes_the_greatest"),
}  # fmt: skip
"""What learners write, as a change of the solution, and the check that it does not pass."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_usual_fault_fails_the_check_that_names_it(floats, grader, tmp_path, fault):
    right, wrong, check = FAULTS[fault]
    exercise = floats.exercise()
    source = exercise.solution.read_text(encoding="utf-8")
    assert right in source
    file = tmp_path / "exercise.py"
    file.write_text(source.replace(right, wrong), encoding="utf-8")
    results = {each.name: each for each in grader.check(exercise, file).results}
    assert results[check].outcome == "failed"
    assert "not judged" not in {each.outcome for each in results.values()}
