"""What the lesson on outliers says, held against the engine."""

import re

import pytest
import torch

from engine.numerics.affine import absmax, quantize
from engine.numerics.outliers import SCHEMES, THRESHOLD, outlier_features
from lessons.kit.course.lesson import lesson
from lessons.kit.question import variant

SEEDS = range(40)


@pytest.fixture(scope="module")
def outliers():
    return lesson("numbers/outliers")


def grid(text):
    """The numbers of the indented lines of a question."""
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    return torch.tensor([[float(each) for each in line.split()] for line in lines])


@pytest.mark.parametrize("seed", SEEDS)
def test_row_wise_integers_are_the_engines(outliers, seed):
    body = variant(outliers.questions()["row-wise-integers"], seed).body
    x = grid(body.ask).double()
    assert quantize(x, absmax(x, 8, 0)).tolist() == [list(row) for row in body.answer]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_outliers_integer_is_the_engines(outliers, seed):
    body = variant(outliers.questions()["outlier-integer"], seed).body
    row, asked = re.match(r".*?: (.*?)\. It .* stands for (.*)\?", body.ask).groups()
    x = torch.tensor([float(each) for each in row.split(", ")], dtype=torch.float64)
    integers = quantize(x, absmax(x)).tolist()
    assert integers[x.tolist().index(float(asked))] == body.answer


@pytest.mark.parametrize("seed", SEEDS)
def test_the_channels_are_those_that_the_engine_takes_out(outliers, seed):
    body = variant(outliers.questions()["which-channels"], seed).body
    kept = outlier_features(grid(body.ask), THRESHOLD).nonzero()[:, 0].tolist()
    right = {option.text for option in body.options if option.right}
    assert right == {f"channel {index + 1}" for index in kept}


@pytest.mark.parametrize("times", [5, 20, 80])
def test_the_error_grows_as_the_square(outliers, times):
    """Until the others round to nothing but zeros, it cannot grow faster or slower for long."""
    values = outliers.labs()["channels"].compute({"times": times}).values
    assert values["growth"] == pytest.approx(times**2, rel=0.2)


def test_only_a_scale_of_its_own_cures_the_other_channels(outliers):
    values = outliers.labs()["channels"].compute({"times": 20}).values
    assert values["one scale for all"] > values["one a token"] > 50 * values["one a channel"]
    assert values["the large one apart"] < values["one a token"] / 50


def test_the_labs_table_is_in_the_order_of_the_lectures(outliers):
    told = []
    figure = outliers.labs()["schemes"].compute(
        {"problems": 2}, lambda done, total, message: told.append((done, total))
    )
    assert [row[0] for row in figure.figures[0].rows] == [
        "32-bit float",
        *(each.name for each in SCHEMES),
    ]
    assert figure.values["logits"] == 0
    assert told == [(done, len(SCHEMES)) for done in range(len(SCHEMES) + 1)]
    assert figure.values["absmax"] > 10 * figure.values["absmax LLM.int8"]


def test_a_higher_threshold_keeps_fewer_channels_and_is_as_good(outliers):
    """The lesson: 36% at 6.0 and 8% at 40."""
    lab = outliers.labs()["schemes"]
    six, forty = (lab.compute({"problems": 2, "threshold": each}).values for each in (6, 40))
    assert 25 < six["absmax LLM.int8, kept"] < 45
    assert 2 < forty["absmax LLM.int8, kept"] < 15
    assert forty["absmax LLM.int8"] == pytest.approx(forty["float"], rel=0.01)


def test_groups_keep_an_outlier_from_the_others(outliers):
    """The lesson: with groups of 32 of 256 channels the error is some 5 to 6 times smaller."""
    lab = outliers.labs()["groups"]
    values = lab.compute({"group": 32, "times": 20}).values
    assert values["times smaller"] == pytest.approx(5.5, abs=0.1)
    errors = [values[f"mse {group}"] for group in (256, 128, 64, 32, 16)]
    assert errors == sorted(errors, reverse=True)
    assert 1 < lab.compute({"group": 32, "times": 1}).values["times smaller"] < 3
