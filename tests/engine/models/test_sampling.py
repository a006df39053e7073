import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.generation import TemperatureLogitsWarper, TopPLogitsWarper

from engine.data.problems import DataSpec, Problem
from engine.errors import EngineError
from engine.models import sampling
from engine.models.loading import load
from engine.models.sampling import generate_batch, nucleus, pick, plan_batches

PROBLEMS = DataSpec(limit=9).problems()


@pytest.fixture(scope="module")
def loaded(tiny):
    """A random model that ends an answer at any of 30 tokens, so that lengths differ."""
    model = load(str(tiny), "fp32", device="cpu")
    model.model.generation_config.eos_token_id = [2, *range(40, 69)]
    return model


@pytest.fixture(scope="module")
def batch(loaded):
    (batch,) = plan_batches(PROBLEMS, loaded.tokenizer, "", len(PROBLEMS))
    return batch


def one(loaded, problem):
    (batch,) = plan_batches([problem], loaded.tokenizer, "", 1)
    return batch


def by_generate(loaded, prompt, new):
    """What transformers' own loop writes, greedily, one prompt at a time."""
    ids = torch.tensor([prompt])
    with torch.no_grad():
        out = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=new
        )
    return out[0, len(prompt) :]


@pytest.mark.parametrize("precision", ["fp32", "nf4-dq"])
def test_greedy_is_transformers_generate_token_by_token(tiny, precision):
    loaded = load(str(tiny), precision, device="cpu")
    loaded.model.generation_config.eos_token_id = [2, *range(40, 69)]
    (batch,) = plan_batches(PROBLEMS, loaded.tokenizer, "", len(PROBLEMS))
    samples = generate_batch(loaded, batch, temperature=0, max_new_tokens=40)
    ends = torch.tensor(sorted(sampling.end_tokens(loaded)))
    lengths = set()
    for sample, prompt in zip(samples, batch.prompts, strict=True):
        tokens = by_generate(loaded, prompt, 40)
        ended = bool(torch.isin(tokens[-1], ends))
        said = loaded.tokenizer.decode(tokens[:-1] if ended else tokens, skip_special_tokens=True)
        assert (sample.text, sample.tokens_out, sample.cut_off) == (said, len(tokens), not ended)
        lengths.add(len(tokens))
    assert len(lengths) > 2, "answers of one length would not show that rows end apart"


def test_acorn_answers_as_transformers_makes_it():
    loaded = load("acorn", "nf4-dq", device="cpu")
    (batch,) = plan_batches(PROBLEMS, loaded.tokenizer, loaded.source.instruction, 9)
    for sample, prompt in zip(
        generate_batch(loaded, batch, temperature=0, max_new_tokens=60), batch.prompts, strict=True
    ):
        tokens = by_generate(loaded, prompt, 60)
        assert sample.text == loaded.tokenizer.decode(tokens, skip_special_tokens=True)
        assert sample.tokens_out == len(tokens)


def test_the_same_batch_gives_the_same_samples_and_another_seed_others(loaded, batch):
    draw = {"k": 3, "temperature": 1.0, "top_p": 0.9, "max_new_tokens": 20}
    first = generate_batch(loaded, batch, **draw, seed=1)
    assert generate_batch(loaded, batch, **draw, seed=1) == first
    assert generate_batch(loaded, batch, **draw, seed=2) != first


def test_samples_come_problem_by_problem_each_with_a_stream_of_its_own(loaded, batch):
    samples = generate_batch(loaded, batch, k=4, temperature=1.0, max_new_tokens=20)
    assert [(s.problem_id, s.sample) for s in samples] == [
        (problem.id, sample) for problem in batch.problems for sample in range(4)
    ]
    long = [s.text for s in samples if s.tokens_out > 5]
    assert len(long) > 20
    assert len(set(long)) == len(long)


def test_a_sample_depends_neither_on_its_batch_nor_on_k(loaded, batch):
    draw = {"temperature": 1.0, "top_p": 0.9, "max_new_tokens": 20, "seed": 5}
    together = {
        (s.problem_id, s.sample): s.text for s in generate_batch(loaded, batch, k=3, **draw)
    }
    for problem in batch.problems[::4]:
        alone = generate_batch(loaded, one(loaded, problem), k=2, **draw)
        assert [together[s.problem_id, s.sample] for s in alone] == [s.text for s in alone]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_dropping_ended_rows_changes_nothing(loaded, batch, monkeypatch, share):
    draw = {"k": 3, "temperature": 1.0, "max_new_tokens": 40}
    usual = generate_batch(loaded, batch, **draw)
    monkeypatch.setattr(sampling, "DROP_BELOW", share)  # never, and at every end
    assert generate_batch(loaded, batch, **draw) == usual


def test_an_answer_that_does_not_end_is_cut_off(tiny):
    loaded = load(str(tiny), "fp32", device="cpu")
    loaded.model.generation_config.eos_token_id = None
    loaded.tokenizer.eos_token = None
    (sample,) = generate_batch(loaded, one(loaded, PROBLEMS[0]), max_new_tokens=7)
    assert (sample.tokens_out, sample.cut_off) == (7, True)


def test_the_end_marker_counts_and_is_not_in_the_text(loaded, batch):
    ended = [s for s in generate_batch(loaded, batch, max_new_tokens=200) if not s.cut_off]
    assert ended
    assert all("<|im_end|>" not in s.text and s.tokens_out >= 1 for s in ended)


def test_leaving_within_a_batch(loaded, batch):
    def tick(step):
        if step == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        generate_batch(loaded, batch, max_new_tokens=20, tick=tick)


def test_numbers_that_are_not_finite_are_said(tiny):
    loaded = load(str(tiny), "fp32", device="cpu")
    with torch.no_grad():
        loaded.model.model.norm.weight.fill_(math.inf)
    with pytest.raises(EngineError, match="not finite") as raised:
        generate_batch(loaded, one(loaded, PROBLEMS[0]))
    assert "bf16" in raised.value.way_out


def test_sampling_leaves_4_bit_weights_as_they_were_and_trainable(tiny):
    """On some CPUs bitsandbytes repacks weights in a forward, at a loss, unless told not to."""
    loaded = load(str(tiny), "nf4-dq", device="cpu")
    layer = loaded.model.model.layers[0].self_attn.q_proj
    codes, absmax = layer.weight.data.clone(), layer.weight.quant_state.absmax.clone()
    generate_batch(loaded, one(loaded, PROBLEMS[0]), k=2, max_new_tokens=3)
    assert torch.equal(layer.weight.data, codes)
    assert torch.equal(layer.weight.quant_state.absmax, absmax)
    assert layer.weight.quant_state.nested
    x = torch.randn(1, 64, requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.abs().sum() > 0


# Batches


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
    ids = sampling.prompt("How many?", loaded.tokenizer, "Think.")
    assert loaded.tokenizer.decode(ids) == (
        "<|im_start|>user\nHow many?\n\nThink.<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_model_without_a_chat_template_is_asked_plainly(tiny):
    loaded = load(str(tiny), "fp32", device="cpu")
    loaded.tokenizer.chat_template = None
    ids = sampling.prompt("How many?", loaded.tokenizer)
    assert loaded.tokenizer.decode(ids) == "Question: How many?\nAnswer:"


# Drawing a token

LOGITS = torch.tensor([[2.0, 1.0, 0.0, -1.0, 0.5, 3.0], [0.0, 5.0, 4.5, -3.0, 4.9, 0.1]])


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.7, 0.9), (1.5, 0.5), (1, 0.01)])
def test_tokens_come_as_often_as_transformers_says(temperature, top_p):
    """Exactly: 100,000 evenly spaced draws give each token its share of them."""
    expected = TemperatureLogitsWarper(float(temperature))(None, LOGITS)
    if top_p < 1:
        expected = TopPLogitsWarper(top_p)(None, expected)
    expected = expected.softmax(-1)
    n = 100_000
    draws = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    for row, probabilities in zip(LOGITS, expected, strict=True):
        tokens = pick(row.expand(n, -1), draws, temperature, top_p)
        shares = tokens.bincount(minlength=6) / n
        assert torch.allclose(shares, probabilities.float(), atol=2e-5)
        assert set(tokens.unique().tolist()) == set(probabilities.nonzero()[:, 0].tolist())


def test_temperature_0_takes_the_likeliest():
    assert pick(LOGITS, None, 0, 1.0).tolist() == [5, 1]


@settings(deadline=None)
@given(
    st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=40),
    st.one_of(st.just(0.0), st.just(math.nextafter(1, 0)), st.floats(0, 1, exclude_max=True)),
    st.floats(0.05, 5),
    st.floats(0.01, 1),
)
def test_a_drawn_token_is_always_a_candidate(logits, draw, temperature, top_p):
    row = torch.tensor([logits])
    (token,) = pick(row, torch.tensor([draw], dtype=torch.float64), temperature, top_p)
    probabilities = (row / temperature).softmax(-1)
    assert nucleus(probabilities, top_p)[0, token] > 0


def test_equally_likely_tokens_stay_or_go_together():
    even = torch.full((1, 4), 0.25)
    assert nucleus(even, 0.3).tolist() == even.tolist()
    assert nucleus(torch.tensor([[0.5, 0.25, 0.25]]), 0.4).tolist() == [[0.5, 0.0, 0.0]]


def test_streams_are_of_the_seed_the_problem_and_the_sample_alone():
    a, b = PROBLEMS[:2]
    rows = sampling.streams([a, b], 2, seed=3, length=5)
    assert sampling.streams([b, a], 2, seed=3, length=5) == rows[2:] + rows[:2]
    assert sampling.streams([a, b], 2, seed=3, length=4) == [row[:4] for row in rows]
    assert sampling.streams([replace(a, question="?")], 2, seed=3, length=5) == rows[:2]
    assert len({tuple(row) for row in [*rows, *sampling.streams([a, b], 2, 4, 5)]}) == 8
    assert all(0 <= number < 1 for row in rows for number in row)


def test_streams_are_the_same_on_every_machine():
    (row,) = sampling.streams([Problem("p", "How many?", "#### 1", "1")], 1, 0, 2)
    assert row == [0.9525802880752302, 0.7471930426281654]
