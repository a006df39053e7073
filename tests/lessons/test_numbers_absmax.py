"""What the lesson on absmax says, held against the engine."""

import importlib.util
from pathlib import Path
from random import Random

import pytest
import torch
from pytest import approx
from torch import tensor

import lessons
from engine.numerics.affine import absmax, dequantize, quantize
from lessons.kit.course.lesson import read_lesson
from lessons.kit.question import variant

FOLDER = Path(lessons.__file__).parent / "numbers" / "absmax"


@pytest.fixture(scope="module")
def absmax_lesson():
    return read_lesson(FOLDER, "numbers/absmax")


@pytest.mark.parametrize("seed", range(20))
def test_the_integers_asked_for_are_the_engines(absmax_lesson, seed):
    """Worked out from the displayed scale, they are those of the exact one too."""
    body = variant(absmax_lesson.questions()["absmax-integers"], seed).body
    grid = [line.split() for line in body.ask.splitlines() if line.startswith("    ")]
    x = tensor([[float(cell) for cell in row] for row in grid])
    assert quantize(x, absmax(x)).tolist() == [list(row) for row in body.answer]


def test_what_the_lab_says_of_an_outlier(absmax_lesson):
    lab = absmax_lesson.labs()["absmax"]
    plain, at_20, at_50 = (lab.compute({"outlier": outlier}) for outlier in (1, 20, 50))
    assert [row[2] for row in plain.rows] == [64, 36, -89, 0, -23, -54, 127]
    assert plain.values["scale"] == approx(11.76, abs=0.005)
    assert at_20.values["integer of 3.08"] == 2
    assert at_20.values["times"] > 500
    six = [row[2] for row in at_20.rows[:-1]]
    assert (min(six), max(six)) == (-4, 3)
    assert at_50.rows[0][2] == at_50.rows[1][2]


def test_torch_divides_by_what_is_the_step_here():
    """The lesson: 0.085 makes the same integers in torch, whose scale is 1 / 11.76."""
    row = tensor([5.47, 3.08, -7.59, 0, -1.95, -4.57, 10.8])
    theirs = torch.quantize_per_tensor(row, 0.085, 0, torch.qint8).int_repr()
    assert torch.equal(theirs, quantize(row, absmax(row)))
    assert absmax(row).step.item() == approx(0.085, abs=0.0005)
    upside_down = torch.quantize_per_tensor(row, 11.76, 0, torch.qint8).int_repr()
    assert upside_down.abs().max() <= 1


def test_the_largest_comes_back_but_for_its_last_digit(absmax_lesson):
    """The lesson; the lab shows -1.5e-5 at 216."""
    rows = absmax_lesson.labs()["absmax"].compute({"outlier": 20}).rows
    assert rows[3][4] == 0
    assert 0 < abs(rows[-1][4]) < 216 * torch.finfo(torch.float32).eps


def test_what_the_lab_says_of_acorns_weights(absmax_lesson):
    lab = absmax_lesson.labs()["weights"]
    four = lab.compute({"matrix": "q", "layer": 0, "bits": 4}).values
    assert four["weights"] == 16_384
    assert four["times"] == approx(330, abs=1)
    assert four["mse"] == approx(four["formula"], rel=0.02)
    down = lab.compute({"matrix": "down", "layer": 2, "bits": 3}).values
    assert down["alpha"] == approx(1.33, abs=0.005)
    assert down["mse"] < 0.6 * down["formula"]
    assert down["zeros"] > 0.9


def test_solution_is_within_half_a_step_of_anything():
    spec = importlib.util.spec_from_file_location("absmax_solution", FOLDER / "solution.py")
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)
    rng = Random(0)
    for _ in range(50):
        x = tensor([rng.uniform(-9, 9) for _ in range(rng.randint(1, 30))])
        s = solution.scale(x)
        q = solution.quantize(x, s)
        assert torch.equal(q, quantize(x, absmax(x)))
        assert torch.allclose(solution.dequantize(q, s), dequantize(q, absmax(x)))
