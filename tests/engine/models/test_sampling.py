import math

import pytest
import torch

from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.models import sampling
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches

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


@pytest.mark.parametrize(
    ("precision", "way_out"),
    [("fp16", "computes in bf16 or fp32"), ("fp32", "its weights, or its adapter's")],
)
def test_numbers_that_are_not_finite_are_said(tiny, precision, way_out):
    loaded = load(str(tiny), precision, device="cpu")
    with torch.no_grad():
        loaded.model.model.norm.weight.fill_(math.inf)
    with pytest.raises(EngineError, match="not finite, after a question") as raised:
        generate_batch(loaded, one(loaded, PROBLEMS[0]))
    assert way_out in raised.value.way_out


@pytest.mark.parametrize("temperature", [0, 0.7])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_that_are_not_finite_later_on_are_said(tiny, temperature, value):
    """As in fp16 once an answer has grown: neither a token beyond the table, nor token 0."""
    loaded = load(str(tiny), "fp32", device="cpu")
    norm, steps = loaded.model.model.norm.weight, []

    def overflows(step):
        steps.append(step)
        if step == 3:  # what is drawn at 3 is fed to a model that overflows
            norm.data.fill_(value)

    loaded.model.generation_config.eos_token_id = loaded.tokenizer.eos_token_id = None
    (batch,) = plan_batches(PROBLEMS, loaded.tokenizer, "", len(PROBLEMS))
    with pytest.raises(EngineError, match="not finite, after 4 tokens of an answer"):
        generate_batch(loaded, batch, k=2, temperature=temperature, tick=overflows)
    assert steps == [0, 1, 2, 3, 4]


def test_a_row_that_has_ended_may_be_what_it_likes(loaded, batch, monkeypatch):
    usual = generate_batch(loaded, batch, temperature=0, max_new_tokens=40)
    shortest = min(range(len(usual)), key=lambda row: usual[row].tokens_out)
    forward, ended_at = sampling._forward, usual[shortest].tokens_out

    def spoilt(model, ids, mask, positions):
        logits = forward(model, ids, mask, positions)
        if ids.shape[1] == 1 and mask.shape[1] - first["length"] >= ended_at:
            logits[shortest] = math.nan
        else:
            first.setdefault("length", mask.shape[1])
        return logits

    first = {}
    monkeypatch.setattr(sampling, "_forward", spoilt)
    monkeypatch.setattr(sampling, "DROP_BELOW", 0)
    assert generate_batch(loaded, batch, temperature=0, max_new_tokens=40) == usual


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
