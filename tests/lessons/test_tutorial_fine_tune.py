"""What the lesson on LoRA says, held against the engine, torch and transformers."""

import re

import pytest
import torch
from pytest import approx
from torch.utils.data import DataLoader

from engine.chain.tuning import REFERENCE
from engine.numerics.architecture import QWEN25, Architecture
from engine.numerics.budget import full, lora, lora_params
from lessons.kit.course.lesson import every_lesson, lesson
from lessons.kit.question import variant

SEEDS = range(60)


@pytest.fixture(scope="module")
def fine_tune():
    return lesson("tutorial/fine-tune")


def body(fine_tune, question, seed):
    return variant(fine_tune.questions()[question], seed).body


def numbers(text):
    return [float(each.replace(",", "")) for each in re.findall(r"-?\d[\d,]*\.?\d*", text)]


def untold(*told):
    pass


def test_the_table_of_the_text():
    model = QWEN25["1.5B"]
    ways = (full(model, "mixed"), lora(model, "bf16", rank=32), lora(model, "nf4-dq", rank=32))
    trained = [way.adapter + way.gradients + way.optimizer for way in ways]
    assert [way.weights / 1e9 for way in ways] == approx([3.09, 3.09, 1.14], abs=0.005)
    assert [each / 1e9 for each in trained] == approx([21.61, 0.59, 0.59], abs=0.005)
    assert [way.total / 1e9 for way in ways] == approx([24.70, 3.68, 1.73], abs=0.005)
    assert 16 * model.params / 1e9 == approx(24.7, abs=0.005)


def test_no_lesson_prints_the_settings_that_earn_all_points():
    """They are to be found: the labs of this lesson tell which way to go."""
    texts = [step.text for each in every_lesson() for step in each.steps]
    rates = {f"{REFERENCE.learning_rate:g}", "5e-3", "5 * 10^-3"}
    assert not any(f"rate of {rate}" in text for text in texts for rate in rates)


def test_two_adapters_of_about_as_many_weights():
    acorn = Architecture(128, 4, 2, 1, 384, 786, tied=True)
    assert lora_params(acorn, 1) == 9_728
    assert lora_params(acorn, 4, ("q_proj", "k_proj", "v_proj")) == 10_240


def test_the_numbers_of_the_lora_paper():
    """GPT-3: 96 layers of width 12,288, rank 4 on two matrices, in 16 bits: 35 MB."""
    assert approx(35, abs=1.5) == 96 * 2 * 4 * 2 * 12_288 * 2 / 2**20
    assert 32 * (1536 + 1536) == 98_304


def test_what_the_text_says_of_the_layers(fine_tune):
    figure = fine_tune.labs()["adapter"].compute()
    assert figure.values["share q k v"] == approx(0.386, abs=0.001)
    weights = {row[0]: row[1] for row in figure.rows}
    assert weights["all linear"] / weights["q k v"] == approx(6, abs=0.3)
    assert weights["mlp"] > 3 * weights["attention"]
    eight = fine_tune.labs()["adapter"].compute({"eight_bit": True})
    for row, less in zip(figure.rows, eight.rows, strict=True):
        assert row[:4] == less[:4]
        assert (row[4], less[4]) == (approx(16 * row[1]), approx(10 * row[1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_weights_are_the_engines(fine_tune, seed):
    asked = body(fine_tune, "adapter-weights", seed)
    size, name = re.search(r"Qwen2.5-(\S+) has .* the (\w+) matrix", asked.ask).groups()
    rank = int(re.search(r"rank (\d+)", asked.ask)[1])
    module = {"query": "q_proj", "value": "v_proj", "down": "down_proj"}[name]
    assert asked.answer == lora_params(QWEN25[size], rank, [module])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_update_is_what_peft_adds(fine_tune, seed):
    asked = body(fine_tune, "scaled-update", seed)
    a, b = (
        torch.tensor([[float(x) for x in row.split()] for row in shown.split(";")])
        for shown in re.search(r"A = ([-\d ;]+?) {2,}B = ([-\d ;]+)", asked.ask).groups()
    )
    alpha = float(re.search(r"alpha = (\d+)", asked.ask)[1])
    assert torch.equal(torch.tensor(asked.answer, dtype=torch.float32), alpha / 2 * b @ a)


def test_pefts_adapter_begins_at_nothing_and_is_scaled_so():
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(0)
    base = torch.nn.Sequential(torch.nn.Linear(6, 4, bias=False))
    x, before = torch.randn(3, 6), base[0].weight.detach().clone()
    model = get_peft_model(base, LoraConfig(r=2, lora_alpha=6, target_modules=["0"]))
    layer = model.base_model.model[0]
    a, b = layer.lora_A["default"].weight, layer.lora_B["default"].weight
    assert (tuple(a.shape), tuple(b.shape)) == ((2, 6), (4, 2))
    assert torch.equal(model(x), x @ before.T)
    with torch.no_grad():
        b.normal_()
    assert torch.allclose(model(x), x @ (before + 6 / 2 * b @ a).T, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_bytes_a_trained_weight(fine_tune, seed):
    asked = body(fine_tune, "adapter-training", seed)
    millions = numbers(asked.ask)[0]
    assert asked.answer == millions * (10 if "8-bit" in asked.ask else 16)


def test_8_bit_moments_are_bitsandbytes():
    from engine.models.libraries import bitsandbytes as bnb

    weight = torch.nn.Parameter(torch.randn(64, 128))
    optimizer = bnb.optim.AdamW8bit([weight], lr=1e-3)
    weight.square().sum().backward()
    optimizer.step()
    state = optimizer.state[weight]
    assert {state["state1"].dtype, state["state2"].dtype} == {torch.uint8}
    assert state["absmax1"].numel() == weight.numel() / 256


@pytest.mark.parametrize(("steps", "warmup"), [(40, 4), (250, 10), (100, 0)])
def test_the_schedule_is_transformers(fine_tune, steps, warmup):
    from transformers import get_cosine_schedule_with_warmup

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=5e-4)
    schedule = get_cosine_schedule_with_warmup(optimizer, warmup, steps)
    drawn = fine_tune.labs()["schedule"].compute({"steps": steps, "warmup": warmup})
    for rate in drawn.lines[0].ys:
        assert rate == approx(optimizer.param_groups[0]["lr"], abs=1e-12)
        optimizer.step()
        schedule.step()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rate_asked_for_is_on_that_curve(fine_tune, seed):
    asked = body(fine_tune, "rate-at-step", seed)
    steps, peak, warmup, step = re.match(
        r"A training of (\d+) steps has a learning rate of (\S+), (\d+) steps .* after (\d+) ",
        asked.ask,
    ).groups()
    values = {"rate": float(peak), "steps": int(steps), "warmup": int(warmup)}
    drawn = fine_tune.labs()["schedule"].compute(values)
    assert asked.answer == approx(drawn.lines[0].ys[int(step)], rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_steps_are_those_of_a_data_loader(fine_tune, seed):
    asked = body(fine_tune, "training-steps", seed)
    rows, batch, gather, epochs = map(int, numbers(asked.ask)[:4])
    batches = len(DataLoader(range(rows), batch_size=batch))
    changes = len(DataLoader(range(batches), batch_size=gather))
    assert asked.answer == changes * epochs


@pytest.mark.parametrize("seed", SEEDS)
def test_the_labels_are_those_of_a_row_that_is_cut(fine_tune, seed):
    asked = body(fine_tune, "labels-counted", seed)
    prompt, completion, length = map(int, numbers(asked.ask)[:3])
    row = ([-100] * prompt + [1] * completion)[:length]
    assert asked.answer == row.count(1)


def test_the_rank_lab_at_its_smallest(fine_tune):
    told = []
    figure = fine_tune.labs()["rank"].compute(
        {"steps": 2}, lambda done, total, message: told.append(done / total)
    )
    table, chart = figure.figures
    ranks = [row[0] for row in table.rows]
    assert ranks == [1, 4, 16, 64]
    assert [row[1] for row in table.rows] == [rank * table.rows[0][1] for rank in ranks]
    assert [line.xs for line in chart.lines] == [(1.0, 2.0)] * 4
    assert told == sorted(told) and told[-1] == 1


def test_a_rate_that_makes_no_numbers_is_told(fine_tune):
    values = {"rate": 1, "steps": 2, "judged_on": 10}
    figure = fine_tune.labs()["learning-rate"].compute(values, untold)
    assert [row[0] for row in figure.figures[0].rows] == ["0.0002", "0.002", "0.02", "1"]
    assert figure.values["right"] == figure.values["right 1"] == 0


def test_the_epochs_lab_at_its_smallest(fine_tune):
    chart = fine_tune.labs()["epochs"].compute({"answers": 16, "epochs": 1}, untold)
    learnt, new = chart.lines
    assert new.xs == (0.5, 1.0)
    assert chart.values["best"] == min(new.ys)
    assert chart.values["learnt"] == learnt.ys[-1]


@pytest.mark.slow
def test_a_higher_rank_ends_lower(fine_tune):
    found = fine_tune.labs()["rank"].compute(None, untold).values
    assert found["loss 1"] > found["loss 4"] > found["loss 16"] > found["loss 64"]


@pytest.mark.slow
def test_what_the_text_says_of_learning_rates(fine_tune):
    """Here 2.07, 1.11, 0.74 and 3.40; 17, 12, 32 and 0% right."""
    found = fine_tune.labs()["learning-rate"].compute(None, untold).values
    assert found["loss 0.0002"] > 1.9 > 1.3 > found["loss 0.002"] > found["loss 0.02"]
    assert found["loss"] > 2.5
    assert found["right"] == 0 < found["right 0.002"] < found["right 0.02"]
