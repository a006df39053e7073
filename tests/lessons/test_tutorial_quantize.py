"""What the lesson on quantizing and scoring says, held against the engine."""

import re

import pytest
from pytest import approx

from engine.data.annotations import ANNOTATION, check_annotations, evaluate
from engine.data.word_problems import problem
from engine.evaluation.answers import judge
from engine.numerics.architecture import QWEN25
from engine.numerics.footprint import footprint
from lessons.kit.course.lesson import lesson
from lessons.kit.question import variant

SEEDS = range(60)


@pytest.fixture(scope="module")
def quantize():
    return lesson("tutorial/quantize")


def body(quantize, question, seed):
    return variant(quantize.questions()[question], seed).body


def text(quantize):
    return "\n".join(step.text for step in quantize.steps if step.kind == "reading")


def test_what_qwen_takes_by_the_text():
    model = QWEN25["1.5B"]
    small = footprint(model.weights, "nf4-dq", "bf16")
    assert small.quantized_params / 1e9 == approx(1.310, abs=5e-4)
    assert small.unquantized_params / 1e9 == approx(0.234, abs=5e-4)
    assert (small.codes + small.constants) / 1e9 == approx(0.68, abs=0.005)
    assert small.rest / 1e9 == approx(0.47, abs=0.005)
    assert small.total / 1e9 == approx(1.14, abs=0.005)
    assert footprint(model.weights, "bf16", "bf16").total / 1e9 == approx(3.09, abs=0.005)
    assert small.total > 3.09e9 / 3


@pytest.mark.parametrize("seed", range(14))
def test_the_size_asked_for_is_the_footprint(quantize, seed):
    asked = body(quantize, "quantized-size", seed)
    size, bits = re.search(r"Qwen2.5-(\S+) .* at ([\d.]+) bits", asked.ask).groups()
    precision = "nf4-dq" if bits == "4.127" else "nf4"
    whole = footprint(QWEN25[size].weights, precision, "bf16").total
    assert asked.answer == approx(whole / 1e9, rel=0.005)


def test_the_example_is_one_of_the_built_in_problems(quantize):
    shown = problem("train", 2, 0, 0)
    assert shown.question in " ".join(text(quantize).split())
    for line in shown.answer.splitlines():
        assert line in text(quantize)


def test_the_template_is_acorns(quantize):
    from transformers import AutoTokenizer

    from engine.models.registry import BUILTIN, messages

    tokenizer = AutoTokenizer.from_pretrained(BUILTIN["acorn"])
    made = tokenizer.apply_chat_template(
        messages("Q"), add_generation_prompt=True, tokenize=False
    ).splitlines()
    for line in made:
        assert f"    {line.replace('Q', '')}".rstrip() in text(quantize).replace(
            "Rosa has 54 red and 33 blue candles. [...]", ""
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_calculator_ends_at_the_answer(quantize, seed):
    asked = body(quantize, "annotation-check", seed)
    lines = [line.strip() for line in asked.ask.splitlines() if line.startswith("    ")]
    with pytest.raises(ValueError):
        check_annotations("\n".join(lines))
    before = now = None
    for expression, claimed in ANNOTATION.findall("\n".join(lines)):
        left, rest = re.match(r"(\d+)(.*)", expression).groups()
        now = evaluate(expression if before is None else f"{now}{rest}")
        assert before is None or left == before
        before = claimed
    assert now == asked.answer


@pytest.mark.parametrize("seed", SEEDS)
def test_the_scores_that_count_it_are_the_engines(quantize, seed):
    asked = body(quantize, "which-score", seed)
    gold = re.match(r"The right answer is (\d+)\.", asked.ask)[1]
    written = next(line for line in asked.ask.splitlines() if line.startswith("    ")).strip()
    judged = judge(written.replace("\\n", "\n"), gold)
    counts = {"strict": judged.strict, "flexible": judged.flexible, "robust": judged.correct}
    right = {option.text for option in asked.options if option.right}
    assert right == ({name for name, yes in counts.items() if yes} or {"none of them"})


def test_every_score_is_the_only_wrong_one_somewhere(quantize):
    seen = {
        frozenset(o.text for o in body(quantize, "which-score", seed).options if o.right)
        for seed in range(200)
    }
    assert {frozenset({"flexible", "robust"}), frozenset({"strict", "robust"})} <= seen
    assert frozenset({"none of them"}) in seen


def test_what_the_text_says_of_the_rules(quantize):
    lab = quantize.labs()["extraction"]

    def counts(answer, gold):
        values = lab.compute({"answer": answer, "gold": gold}).values
        return tuple(bool(values[name]) for name in ("strict", "flexible", "robust"))

    assert counts("#### $18", 18) == (False, True, True)
    assert counts("####18", 18) == (False, True, True)
    assert counts("#### 18.00", 18) == (False, False, True)
    assert counts("She has 18 left on day 2", 18) == (False, False, False)
    assert counts("#### 18", 18) == (True, True, True)
    assert counts("It is -2.5", -2.5) == (False, True, True)
    assert counts("It is $1,000.00", 1000) == (False, False, True)


def test_the_intervals_of_the_text(quantize):
    lab = quantize.labs()["interval"]
    assert lab.compute().values["half"] == approx(8.7, abs=0.05)
    assert lab.compute({"problems": 1319}).values["half"] == approx(2.4, abs=0.05)
    assert lab.compute({"wanted": 1}).values["needed"] == 7572
    assert lab.compute({"score": 67.5, "problems": 1319}).values["half"] < 2.6
    for score, ends in ((0, (0, 3.7)), (100, (96.3, 100))):
        figure = lab.compute({"score": score, "problems": 100})
        assert (figure.values["low"], figure.values["high"]) == approx(ends, abs=0.01)
        assert figure.values["half"] == 0
        assert "Wilson's interval knows better" in figure.caption


@pytest.mark.parametrize("seed", SEEDS)
def test_the_interval_asked_for_is_the_labs(quantize, seed):
    asked = body(quantize, "half-width", seed)
    score, problems = re.match(r"A model gets (\d+)% of ([\d,]+) ", asked.ask).groups()
    values = {"score": float(score), "problems": int(problems.replace(",", ""))}
    found = quantize.labs()["interval"].compute(values).values
    assert asked.answer == approx(found["half"], rel=1e-4)
    assert (found["high"] - found["low"]) / 2 == approx(asked.answer, rel=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_problems_needed_give_that_width(quantize, seed):
    asked = body(quantize, "problems-needed", seed)
    n, now, wanted = map(float, re.findall(r"[\d.]*\d", asked.ask.replace("95%", "")))
    assert now * (n / asked.answer) ** 0.5 == approx(wanted)


def test_the_speed_lab_weighs_and_times_each_precision(quantize):
    told = []
    figure = quantize.labs()["quantized-speed"].compute(
        {"model": "acorn", "problems": 4, "at_once": 10},
        lambda done, total, message: told.append((done, total)),
    )
    assert [row[0] for row in figure.figures[0].rows] == ["fp32", "bf16", "int8", "nf4-dq"]
    sizes = [row[1] for row in figure.figures[0].rows]
    assert sizes == sorted(sizes, reverse=True)
    assert figure.values["size"] == approx(sizes[0] / sizes[-1])
    speeds = [row[2] for row in figure.figures[0].rows]
    assert min(speeds) > 0
    assert figure.values["times"] == approx(speeds[-1] / speeds[0])
    assert told == sorted(told) and told[-1] == (4, 4)
