"""What the lesson on confidence says, held against the engine."""

from collections import Counter
from itertools import product
from pathlib import Path
from statistics import mean

import pytest
import torch
from pytest import approx
from torch import tensor

import lessons
from engine.cascades.consistency import share_error, vote_right
from engine.cascades.voting import vote
from engine.evaluation.answers import extract
from engine.evaluation.statistics import wilson
from engine.models.drawing import nucleus
from lessons.kit.course.lesson import read_lesson
from lessons.kit.question import variant

FOLDER = Path(lessons.__file__).parent / "tutorial" / "confidence"


@pytest.fixture(scope="module")
def confidence():
    return read_lesson(FOLDER, "tutorial/confidence")


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [(2, (0.506, 0.307, 0.186)), (1, (0.665, 0.245, 0.090)), (0.5, (0.867, 0.117, 0.016))],
)
def test_the_table_of_temperatures(temperature, shares):
    found = (tensor([2.0, 1.0, 0.0]) / temperature).softmax(-1)
    assert found.tolist() == approx(shares, abs=6e-4)


def test_top_p_of_the_text():
    kept = nucleus(tensor([[2.0, 1.0, 0.0]]).softmax(-1), 0.9)[0]
    assert (kept > 0).tolist() == [True, True, False]
    assert (kept / kept.sum())[0].item() == approx(0.731, abs=5e-4)


def test_votes_and_chances_of_the_text():
    assert share_error(0.6, 5) == approx(0.22, abs=0.005)
    assert share_error(0.6, 20) == approx(0.11, abs=0.005)
    chances = [vote_right(0.6, k) for k in (3, 5, 25)] + [vote_right(0.4, k) for k in (3, 5, 25)]
    assert chances == approx([0.648, 0.683, 0.846, 0.352, 0.317, 0.154], abs=6e-4)
    tie = vote(["18", "18", "20", "20", "7"])
    assert (tie.answer, tie.confidence) == ("18", 0.4)
    assert vote(["18", None, "18", "18", None]).confidence == 0.6


def test_what_the_quick_lab_says(confidence):
    lab = confidence.labs()["majority"]
    spread = lab.compute({"chance": 0.4, "k": 25, "wrong_answers": 8}).values
    assert spread["vote"] == approx(0.975, abs=6e-4)
    plain = lab.compute({}).values
    assert plain["pass"] == approx(1 - 0.4**5)


@pytest.mark.parametrize("seed", range(20))
def test_the_share_asked_for_is_the_engines(confidence, seed):
    body = variant(confidence.questions()["vote-share"], seed).body
    said = body.ask.split("end in: ")[1].split(". What")[0].split("; ")
    values = [extract(each).value for each in said]
    assert vote(values).confidence == approx(body.answer)
    strings = Counter(each for each in said if each != "no number").most_common(1)[0][1]
    slips = {slip.name: slip.value for slip in body.slips}
    assert slips["strings-counted"] == approx(strings / len(said))


@pytest.mark.parametrize("seed", range(20))
def test_the_token_asked_for_is_drawn_as_the_engine_draws(confidence, seed):
    body = variant(confidence.questions()["top-p-share"], seed).body
    shares, rest = body.ask.split("probabilities ")[1].split(". Top-p is ")
    x = tensor([[float(each) for each in shares.split(", ")]], dtype=torch.float64)
    kept = nucleus(x, float(rest.split(". With")[0]))[0]
    assert (kept / kept.sum())[0].item() == approx(body.answer, abs=1e-6)


@pytest.fixture(scope="module")
def drawn(confidence):
    seen = []
    told = confidence.labs()["samples"].compute(
        {"problems": 20}, lambda done, total, message="": seen.append(done / total)
    )
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] == 1 and len(seen) > 5
    return told


def test_sure_answers_of_acorn_are_right_more_often(drawn):
    values = drawn.values
    table, calibration, chart = drawn.figures
    assert calibration.lines[0].ys == tuple(row[4] for row in table.rows)
    assert sum(row[2] for row in table.rows) == 20
    assert values["sure right"] > values["vote"] + 0.2
    assert values["sample"] < values["pass"]
    voted, passed, _ = chart.lines
    assert passed.ys[-1] >= voted.ys[-1]
    assert list(passed.ys) == sorted(passed.ys)
    assert values["confidence"] == approx(sum(row[1] * row[2] for row in table.rows) / 20)


def test_greedy_samples_agree_on_everything(confidence, monkeypatch):
    monkeypatch.setattr(confidence.module("labs"), "TEMPERATURES", (0.0, 0.1, 0.4))
    lab = confidence.labs()["temperature"]
    values = lab.compute({"problems": 20, "k": 3}).values
    assert values["confidence at 0"] == 1
    assert values["sample at 0"] == values["vote at 0"] == values["pass at 0"] < 1
    assert 1 > values["confidence at 0.1"] > values["confidence at 0.4"]


def test_what_five_of_five_and_a_winner_say():
    """s = 1 of five: 0.57 to 1 by Wilson. The winner of five coins: 0.69 on average."""
    assert share_error(1.0, 5) == 0
    assert wilson(5, 5) == approx((0.57, 1), abs=0.005)
    drawn = product("ab", repeat=5)
    assert mean(vote(list(each)).confidence for each in drawn) == approx(0.69, abs=0.005)


@pytest.mark.slow
def test_the_numbers_of_the_text(confidence):
    values = confidence.labs()["samples"].compute({}).values
    assert values["sure"] == approx(0.27, abs=0.03)
    assert values["sure right"] > 0.95
    assert (values["sample"], values["vote"], values["pass"]) == approx(
        (0.37, 0.41, 0.66), abs=0.03
    )
    assert values["calibration error"] == approx(0.16, abs=0.03)
    assert values["agree 5"] > values["agree 1"] + 0.03
    greedy = confidence.labs()["temperature"].compute({}).values["vote at 0"]
    assert greedy == approx(0.58, abs=0.03)
