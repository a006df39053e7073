import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.problems import Problem
from engine.models.batches import padded, plan_batches, prompt
from engine.models.loading import load


@pytest.fixture(scope="module")
def loaded(tiny):
    return load(str(tiny), "fp32", device="cpu")


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(1, 12))
def test_batches_hold_every_problem_once_longest_first(loaded, lengths, size):
    problems = [Problem(f"p{i}", "x" * n, "#### 1", "1") for i, n in enumerate(lengths)]
    batches = plan_batches(problems, loaded.tokenizer, "", size)
    asked = [problem for batch in batches for problem in batch.problems]
    assert sorted(asked, key=lambda p: int(p.id[1:])) == problems
    assert [batch.index for batch in batches] == list(range(math.ceil(len(problems) / size)))
    assert all(len(batch.problems) <= size for batch in batches)
    long = [len(prompt) for batch in batches for prompt in batch.prompts]
    assert long == sorted(long, reverse=True)
    assert plan_batches(problems, loaded.tokenizer, "", size) == batches


def test_a_prompt_is_the_chat_template_up_to_the_answer(loaded):
    ids = prompt("How many?", loaded.tokenizer, "Think.")
    assert loaded.tokenizer.decode(ids) == (
        "<|im_start|>user\nHow many?\n\nThink.<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_model_without_a_chat_template_is_asked_plainly(tiny):
    loaded = load(str(tiny), "fp32", device="cpu")
    loaded.tokenizer.chat_template = None
    ids = prompt("How many?", loaded.tokenizer)
    assert loaded.tokenizer.decode(ids) == "Question: How many?\nAnswer:"


def test_prompts_are_padded_on_the_left():
    ids, mask = padded([[5, 6, 7], [8]], 0, "cpu")
    assert ids.tolist() == [[5, 6, 7], [0, 0, 8]]
    assert mask.tolist() == [[1, 1, 1], [0, 0, 1]]
