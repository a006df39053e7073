"""Acorn and oak as shipped: what they are, and what they score on the tutorial's test split."""

from itertools import islice

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from engine.data.corpus import ACORN, CHAT, OAK, rows, validation
from engine.data.problems import DataSpec
from engine.evaluation.answers import judge
from engine.models.loading import load
from engine.models.registry import messages, resolve
from engine.models.sampling import generate_batch, plan_batches

NAMES = ("acorn", "oak")


@pytest.fixture(scope="module", params=NAMES)
def shipped(request):
    folder = resolve(request.param).location
    model = AutoModelForCausalLM.from_pretrained(folder)
    return request.param, model, AutoTokenizer.from_pretrained(folder)


def test_they_are_small_qwen2_models_and_oak_is_several_times_larger():
    sizes = {}
    for name in NAMES:
        model = AutoModelForCausalLM.from_pretrained(resolve(name).location)
        assert model.config.model_type == "qwen2"
        sizes[name] = model.num_parameters()
    assert 500_000 <= sizes["acorn"] <= 3_000_000
    assert 3 * sizes["acorn"] <= sizes["oak"] <= 10_000_000


def test_all_their_files_are_under_24_megabytes():
    from pathlib import Path

    files = [f for name in NAMES for f in Path(resolve(name).location).iterdir()]
    assert sum(f.stat().st_size for f in files) < 24_000_000


def test_digits_are_split_one_by_one(shipped):
    _, _, tokenizer = shipped
    tokens = tokenizer.tokenize("1234 pens for $56.78")
    assert all(sum(c.isdigit() for c in token) <= 1 for token in tokens)


def test_the_chat_template_makes_the_prompt_that_they_were_trained_on(shipped):
    _, _, tokenizer = shipped
    question = "Tom has 3 pens. How many pens does Tom have?"
    made = tokenizer.apply_chat_template(
        messages(question, ""), tokenize=False, add_generation_prompt=True
    )
    assert made == CHAT.format(question=question)


def test_no_test_or_validation_question_is_in_their_corpus():
    held_out = {p.question for p in validation(200)}
    held_out |= {p.question for p in DataSpec(limit=200).problems()}
    for mix in (OAK, ACORN):
        for row in islice(rows(mix, seed=1), 500):
            assert not any(question in row.given for question in held_out)


def exact_match(name: str) -> float:
    """In NF4, in chat, greedy, on the 300 test problems of the tutorial's level."""
    loaded = load(name, "nf4-dq")
    problems = DataSpec(split="test", limit=300).problems()
    golds = {p.id: p.gold for p in problems}
    right = 0
    for batch in plan_batches(problems, loaded.tokenizer, "", 100):
        for sample in generate_batch(
            loaded, batch, k=1, temperature=0.0, max_new_tokens=200, seed=0
        ):
            right += judge(sample.text, golds[sample.problem_id]).correct
    return right / len(problems)


def test_acorn_as_shipped_blurts_out_numbers_that_are_mostly_wrong():
    assert 0.05 <= exact_match("acorn") <= 0.15


def test_oak_is_right_nine_times_in_ten():
    assert exact_match("oak") >= 0.90
