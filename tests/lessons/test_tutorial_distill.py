"""What the lesson on learning from a teacher says, held against the engine and torch."""

import re

import pytest
import torch
from pytest import approx

from engine.cascades.prices import Prices
from engine.data.word_problems import problem
from lessons.kit.course.lesson import lesson
from lessons.kit.question import variant

SEEDS = range(60)


@pytest.fixture(scope="module")
def distill():
    return lesson("tutorial/distill")


def body(distill, question, seed):
    return variant(distill.questions()[question], seed).body


def numbers(text):
    return [float(each.replace(",", "")) for each in re.findall(r"-?\d[\d,]*\.?\d*", text)]


def test_the_divergence_of_the_lecture(distill):
    """Lecture 002: mat 0.7 0.2 0.1 against 0.5 0.3 0.2."""
    divergence = distill.module("questions").divergence
    assert divergence([0.7, 0.2, 0.1], [0.5, 0.3, 0.2]) == approx(0.085, abs=0.0005)
    assert approx(0.085, abs=0.0005) == 0.2355 - 0.0811 - 0.0693


@pytest.mark.parametrize("seed", SEEDS)
def test_the_divergence_is_torchs(distill, seed):
    asked = body(distill, "kl-divergence", seed)
    pairs = re.findall(r"([\d.]+) against ([\d.]+)", asked.ask.split("What is")[0])
    p, q = (torch.tensor([float(pair[side].rstrip(".")) for pair in pairs]) for side in (0, 1))
    assert p.sum() == approx(1) and q.sum() == approx(1)
    wanted = torch.nn.functional.kl_div(q.log(), p, reduction="sum").item()
    assert asked.answer == approx(wanted, rel=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_soft_target_is_torchs(distill, seed):
    asked = body(distill, "soft-target", seed)
    listed, rest = asked.ask.split(". At temperature ")
    logits = torch.tensor(numbers(listed))
    soft = (logits / float(rest.split(",")[0])).softmax(0)
    assert asked.answer == approx(100 * soft[1].item(), rel=1e-4)


def test_gradients_of_soft_targets_shrink_about_as_the_square_of_t():
    """The lesson, after Hinton et al., section 2: from T to 2 T they become a quarter."""
    draw = torch.Generator().manual_seed(0)
    teacher, student = torch.randn(2, 50, generator=draw)
    student.requires_grad_()

    def size(heat):
        soft = (student / heat).log_softmax(0), (teacher / heat).softmax(0)
        loss = torch.nn.functional.kl_div(*soft, reduction="sum")
        return torch.autograd.grad(loss, student)[0].norm().item()

    assert size(16) / size(8) == approx(1 / 4, rel=0.05)
    assert size(4) / size(1) < 1 / 16 * 1.1


def test_what_the_text_says_of_oaks_soft_targets(distill):
    lab = distill.labs()["soft-targets"]
    sure, soft = (lab.compute({"temperature": t, "place": 18}) for t in (1, 4))
    assert sure.values["first"] > 99.9
    assert "75>>75'" in sure.caption
    assert soft.labels[0] == "' apples'"
    assert {"' cards'", "' peaches'", "' knives'"} <= set(soft.labels)
    assert soft.values["first"] == approx(28.6, abs=1)
    assert soft.values["bits"] > sure.values["bits"]
    written = problem("validation", 3, 0, 0).answer
    assert written.startswith("Noah packs 15*5=<<15*5=75>>75 apples")
    names = lab.compute({"temperature": 4, "place": 0}).labels
    assert {"'Ivan'", "'Ana'"} <= set(names)


def test_the_bill_of_the_text(distill):
    found = distill.labs()["asking"].compute().values
    assert found["dollars"] == approx(0.19 + 1.14, abs=0.01)
    assert (found["minutes"], found["requests a minute"]) == (approx(299, abs=0.5), approx(249.1))
    assert found["even"] == 500
    short = distill.labs()["asking"].compute({"tokens_out": 250}).values
    assert short["minutes"] == short["requests a minute"] > short["tokens a minute"]


def test_a_days_requests_hold_up_the_rest(distill):
    lab = distill.labs()["asking"]
    plenty = {"tokens_a_minute": 10**8, "requests_a_minute": 1000, "requests_a_day": 1000}
    assert lab.compute({**plenty, "questions": 1000}).values["minutes"] == 1
    assert lab.compute({**plenty, "questions": 2500}).values["minutes"] == 2 * 24 * 60


@pytest.mark.parametrize("seed", SEEDS)
def test_the_minutes_are_the_labs(distill, seed):
    asked = body(distill, "asking-minutes", seed)
    questions, requests, tokens, into, out = map(int, numbers(asked.ask)[:5])
    values = {"questions": questions, "requests_a_minute": requests, "tokens_a_minute": tokens}
    values |= {"tokens_in": into, "tokens_out": out, "requests_a_day": 10_000_000}
    lab = distill.labs()["asking"]
    assert lab.compute(values).values["minutes"] == approx(asked.answer)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_dollars_are_the_engines(distill, seed):
    asked = body(distill, "asking-dollars", seed)
    price_in, price_out, questions, into, out = numbers(asked.ask)[:5]
    cost = Prices(price_in, price_out).cost(questions * into, questions * out)
    assert asked.answer == approx(cost)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_steps_are_those_of_batches_in_a_row(distill, seed):
    asked = body(distill, "rows-kept", seed)
    count, failed, wrong, batch, epochs = map(int, numbers(asked.ask)[:5])
    rows = list(range(count))[: round(count * (1 - failed / 100))]
    rows = rows[: round(len(rows) * (1 - wrong / 100))]
    assert asked.answer == epochs * len([rows[at] for at in range(0, len(rows), batch)])


@pytest.mark.parametrize("seed", range(30))
def test_a_black_box_gives_no_logits(distill, seed):
    asked = body(distill, "what-a-service-gives", seed)
    box = "nothing more" in asked.ask
    inside = [o for o in asked.options if "probabilities" in o.text or "hidden" in o.text]
    assert len(inside) == 2
    assert all(option.right is not box for option in inside)


def test_the_rationale_lab_at_its_smallest(distill):
    told = []
    figure = distill.labs()["rationale"].compute(
        {"questions": 16, "judged_on": 10}, lambda done, total, message: told.append(done)
    )
    nothing, results, whole = figure.figures[0].rows
    assert nothing[1:3] == (0, 0.0)
    assert 0 < results[1] == whole[1] <= 16
    assert whole[2] > 5 * results[2] > 0
    assert told == sorted(told) and told[-1] == 6


def test_the_filter_lab_at_its_smallest(distill):
    figure = distill.labs()["filter"].compute(
        {"questions": 16, "judged_on": 10}, lambda done, total, message: None
    )
    kept = {row[0]: row[1] for row in figure.figures[0].rows}
    assert kept["all"] == kept["right"] + kept["wrong"] == 16
    assert figure.values["teacher wrong"] == 100 * kept["wrong"] / 16 > 0
    for name, count in kept.items():
        assert (f"loss {name}" in figure.values) == (count >= 8)


@pytest.mark.slow
def test_steps_are_worth_what_the_text_says(distill):
    """Here 16.5% as shipped, 16.0 from results alone, 46.0 from whole answers."""
    found = distill.labs()["rationale"].compute(None, lambda *told: None).values
    assert found["as shipped"] == approx(16, abs=3)
    assert found["results alone"] == approx(found["as shipped"], abs=8)
    assert found["gain"] == approx(30, abs=10)


@pytest.mark.slow
def test_the_loss_sees_what_filtering_brings(distill):
    """Here 0.826 from all, 0.776 from what is right, 0.862 from what is wrong."""
    found = distill.labs()["filter"].compute(None, lambda *told: None).values
    assert found["teacher wrong"] == approx(57, abs=8)
    assert found["loss right"] < found["loss all"] < found["loss wrong"]
    assert found["wrong"] > 25
