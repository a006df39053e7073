"""What the lesson on cascades says, held against the engine."""

import re
from math import sqrt
from pathlib import Path

import pytest
from pytest import approx

import lessons
from engine.cascades.prices import Prices, read
from engine.cascades.replay import Answered, Case, Policy, policies, replay
from engine.evaluation.statistics import wilson
from lessons.kit.course.lesson import read_lesson
from lessons.kit.question import variant

FOLDER = Path(lessons.__file__).parent / "tutorial" / "cascade"


@pytest.fixture(scope="module")
def cascade():
    return read_lesson(FOLDER, "tutorial/cascade")


def test_prices_and_savings_of_the_text(cascade):
    price = read().of("gemma-3-27b-it")
    assert (price.input, price.output) == (0.08, 0.16)
    assert price.cost(100, 200) == approx(0.00004)
    lab = cascade.labs()["costs"]
    plain, many = lab.compute({}).values, lab.compute({"k": 40}).values
    assert (plain["strong cost"], plain["cost"], plain["saving"]) == approx((0.04, 0.012, 0.7))
    assert plain["compute saving"] == approx(0.5, abs=0.005)
    assert (many["saving"], many["compute saving"]) == approx((0.7, -0.8))
    hosted = lab.compute({"k": 2, "student_in": 0.02, "student_out": 0.04}).values
    assert hosted["break-even"] == approx(0.55)
    even = {"k": 2, "student_in": 0.02, "student_out": 0.04, "share_sent": 0.55}
    assert lab.compute(even).values["saving"] == approx(0, abs=1e-9)


def test_thresholds_between_two_shares_are_one_policy():
    one, none = Answered("1", 9, 9), Answered(None, 9, 9)
    cases = [
        Case(f"{votes}", "1", (one,) * votes + (none,) * (5 - votes), one) for votes in range(6)
    ]

    def sent(threshold):
        sizes = {"student_parameters": 1, "strong_parameters": 1}
        return replay(cases, Policy(5, threshold), Prices(), **sizes).sent

    assert sent(0.45) == sent(0.5) == sent(0.6) == 3
    assert (sent(0), sent(1.01)) == (0, 6)


def test_there_are_as_many_policies_as_the_text_says(cascade):
    assert len(policies(10)) == 55
    for seed in range(10):
        body = variant(cascade.questions()["how-many-policies"], seed).body
        assert body.answer == len(policies(int(re.search(r"Once (\d+)", body.ask)[1])))


def test_intervals_of_the_text():
    for em, n, half in ((0.95, 100, 0.043), (0.6, 100, 0.096), (0.6, 300, 0.055)):
        assert 1.96 * sqrt(em * (1 - em) / n) == approx(half, abs=0.001)
        low, high = wilson(round(em * n), n)
        assert (high - low) / 2 == approx(half, abs=0.004)


@pytest.mark.parametrize("seed", range(20))
def test_the_compute_asked_for_is_the_engines(cascade, seed):
    body = variant(cascade.questions()["compute-saving"], seed).body
    student = float(re.search(r"student has ([\d.]+)B", body.ask)[1])
    strong = float(re.search(r"strong model has (\d+)B", body.ask)[1])
    tokens_in, k, tokens_out = (
        int(re.search(pattern, body.ask)[1])
        for pattern in (r"prompt of (\d+)", r"K = (\d+)", r"answers of (\d+)")
    )
    sent = int(re.search(r"for the (\d+)% that", body.ask)[1])
    sample, answer = Answered("1", tokens_in, tokens_out), Answered("1", tokens_in, tokens_out)
    empty = Answered(None, tokens_in, tokens_out)
    cases = [Case(str(at), "1", (empty if at < sent else sample,) * k, answer) for at in range(100)]
    outcome = replay(
        cases, Policy(k, 0.5), Prices(), student_parameters=student, strong_parameters=strong
    )
    assert 100 * outcome.compute_saving == approx(body.answer)
    assert outcome.cost_saving == approx(1 - sent / 100)


@pytest.mark.parametrize("seed", range(20))
def test_as_many_votes_are_needed_as_the_replay_asks_for(cascade, seed):
    body = variant(cascade.questions()["votes-needed"], seed).body
    k = int(re.search(r"K = (\d+)", body.ask)[1])
    threshold = float(re.search(r"at least ([\d.]+\d)", body.ask)[1])
    kept = [votes for votes in range(k + 1) if votes / k >= threshold]
    assert kept[0] == body.answer


@pytest.mark.parametrize("seed", range(20))
def test_just_the_front_is_right(cascade, seed):
    options = variant(cascade.questions()["pareto"], seed).body.options
    points = {each: tuple(map(float, re.findall(r"[\d.]+", each.text))) for each in options}
    for each, (em, saved) in points.items():
        beaten = any(
            other != (em, saved) and other[0] >= em and other[1] >= saved
            for other in points.values()
        )
        assert each.right == (not beaten)
    assert sum(not each.right for each in options) == 3


@pytest.fixture(scope="module")
def swept(cascade):
    with pytest.MonkeyPatch.context() as patch:  # fewer samples, or this would take long
        patch.setattr(cascade.module("labs"), "DRAWN", 5)
        yield cascade.labs()["threshold"].compute({"problems": 20})


def test_a_threshold_trades_money_for_exact_match(swept):
    table, chart = swept.figures
    sent = [row[1] for row in table.rows]
    assert sent == sorted(sent) and (sent[0], sent[-1]) == (0, 1)
    assert table.rows[-1][3] == approx(0) and table.rows[0][3] == 1
    assert {line.name for line in chart.lines} == {"validation", "test"}
    values = swept.values
    assert values["student"] < values["em"] < values["strong"] + 0.1
    assert values["kept em"] > values["student"]
    assert values["best em"] >= max(row[2] for row in table.rows if row[3] >= 0.3)


def test_another_policy_replays_what_was_drawn(cascade, swept):
    def never(done, total, message=""):
        assert message == "done", f"drawn again: {message}"

    again = cascade.labs()["threshold"].compute({"problems": 20, "k": 3, "threshold": 1}, never)
    assert [row[0] for row in again.figures[0].rows] == ["0", "0.333", "0.667", "1", "over 1"]
    assert again.values["strong"] == swept.values["strong"]


@pytest.mark.slow
def test_the_numbers_of_the_text(cascade):
    figure = cascade.labs()["threshold"].compute({})
    ems = [row[2] for row in figure.figures[0].rows]
    savings = [row[3] for row in figure.figures[0].rows]
    assert ems == approx([0.38, 0.38, 0.60, 0.79, 0.94, 0.97, 0.96], abs=0.03)
    assert savings == approx([1, 1, 0.76, 0.53, 0.32, 0.19, 0], abs=0.03)
    assert figure.values["compute saving"] == approx(-0.37, abs=0.05)
    assert figure.values["best em"] >= 0.94
