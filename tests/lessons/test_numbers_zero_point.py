"""What the lesson on zero-point says, held against the engine."""

import re
from pathlib import Path

import pytest
import torch
from pytest import approx
from torch import tensor

import lessons
from engine.numerics.affine import (
    Affine,
    absmax,
    asymmetric,
    dequantize,
    fake_quantize,
    mse,
    quantize,
)
from engine.numerics.affine import zero_point as fit
from lessons.kit.course.lesson import read_lesson
from lessons.kit.question import variant

FOLDER = Path(lessons.__file__).parent / "numbers" / "zero-point"


@pytest.fixture(scope="module")
def zero_point():
    return read_lesson(FOLDER, "numbers/zero-point")


def test_the_worked_example_of_the_text():
    fitted = fit(tensor([-0.4, 2.1]))
    assert fitted.scale.item() == approx(102)
    assert fitted.zero_point.item() == -87
    assert quantize(tensor([-0.4, 0.0, 1.0, 2.1]), fitted).tolist() == [-128, -87, 15, 127]
    assert quantize(tensor([-0.4]), absmax(tensor([-0.4, 2.1]))).item() == -24


def test_an_int8_minus_a_python_integer_wraps_around_in_torch():
    q = tensor([127], dtype=torch.int8)
    assert (q - (-87)).item() == -42
    fitted = fit(tensor([-0.4, 2.1]))
    assert dequantize(q, fitted).item() == approx(214 / 102)


def test_absmax_on_the_assignments_matrix(zero_point):
    matrix = zero_point.module("checks").MATRIX
    assert mse(matrix, fake_quantize(matrix, absmax(matrix))) == approx(3.9e-5, abs=5e-7)
    assert mse(matrix, fake_quantize(matrix, fit(matrix))) == approx(2.1e-5, abs=5e-7)


@pytest.mark.parametrize("seed", range(20))
def test_the_integers_asked_for_are_the_engines(zero_point, seed):
    body = variant(zero_point.questions()["zero-point-integers"], seed).body
    first, *rest = body.ask.splitlines()
    s = float(first.split("s = ")[1].split(",")[0])
    z = int(first.split("z = ")[1].split(".")[0])
    x = tensor([[float(cell) for cell in line.split()] for line in rest if line.strip()])
    affine = Affine(tensor(s), tensor(z, dtype=torch.int32), 8)
    assert quantize(x, affine).tolist() == [list(row) for row in body.answer]


@pytest.mark.parametrize("seed", range(40))
def test_what_clipping_costs_is_what_the_engines_map_costs(zero_point, seed):
    body = variant(zero_point.questions()["clip-or-round"], seed).body
    numbers = re.findall(r"-?[0-9][0-9,]*(?<!,)(?:\.[0-9]+)?", body.ask)
    count, end, far, bits = (float(numbers[at].replace(",", "")) for at in (0, 2, 3, 4))
    told = float(numbers[-2]), int(numbers[-1])
    affine = asymmetric(-end, end, int(bits))
    assert (affine.scale.item(), affine.zero_point.item()) == (approx(told[0], rel=1e-3), told[1])
    x = torch.cat([torch.linspace(-end, end, int(count) - 1), tensor([far])])
    assert mse(x, fake_quantize(x, affine)) == approx(float(body.answer), rel=0.005)


def test_what_the_first_lab_says(zero_point):
    lab = zero_point.labs()["zero-point"]
    values = {shift: lab.compute({"shift": shift}).values for shift in (0, 0.85, 1.25)}
    assert values[0.85]["times"] == approx(2.84, abs=0.01)
    assert values[0.85]["used by absmax"] == 255 - 103
    assert values[0]["times"] == approx(1, abs=0.02)
    assert values[1.25]["times"] == approx(4, abs=0.05)
    assert lab.compute({"shift": -1, "relu": True}).values["times"] == approx(4, abs=0.1)
    zeros = lab.compute({"shift": -2.5, "relu": True}).values
    assert (zeros["times"], zeros["zero-point mse"]) == (1, 0)


def test_what_the_clipping_lab_says(zero_point):
    lab = zero_point.labs()["clipping"]
    four, eight = (lab.compute({"bits": bits}).values for bits in (4, 8))
    assert four["best share"] == approx(0.3)
    assert four["gain"] == approx(7, abs=0.2)
    assert eight["best share"] == approx(0.9)
    assert eight["gain"] == approx(1.1, abs=0.03)
