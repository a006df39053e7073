"""K = 5 sampling of 200 problems by the student in NF4, against one `generate` call a sample.

Ours does all of it each round. The loop would take many minutes, so it is timed on the first
sample of every 20th problem, and its time for all 1,000 is these calls' mean times 1,000: the
printed number says "extrapolated". Both draw at temperature 0.7 and top-p 0.9.

acorn as shipped answers in a few tokens. oak writes worked answers, as long as a student's that has
learnt from it.

    pytest tests/benchmarks/test_sampling.py -m bench -s
"""

import time

import pytest
import torch

from engine.data.problems import DataSpec
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches, prompt
from tests.benchmarks.measuring import side_by_side

PROBLEMS, K, ROUNDS, EVERY = 200, 5, 3, 20
DRAW = {"temperature": 0.7, "top_p": 0.9, "max_new_tokens": 200}


def ours(loaded, problems):
    """Seconds for all samples, and their tokens on average."""
    began = time.perf_counter()
    drawn = [
        sample
        for batch in plan_batches(problems, loaded.tokenizer, loaded.source.instruction)
        for sample in generate_batch(loaded, batch, k=K, seed=0, **DRAW)
    ]
    spent = time.perf_counter() - began
    assert len(drawn) == PROBLEMS * K
    return spent, sum(sample.tokens_out for sample in drawn) / len(drawn)


def one_call_a_sample(loaded, problems):
    """Seconds for all samples and their tokens on average, from a part of them."""
    part, tokens = problems[::EVERY], 0
    began = time.perf_counter()
    for problem in part:
        ids = torch.tensor([prompt(problem.question, loaded.tokenizer)], device=loaded.device)
        written = loaded.model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, **DRAW
        )
        tokens += written.shape[1] - ids.shape[1]
    spent = time.perf_counter() - began
    return spent / len(part) * PROBLEMS * K, tokens / len(part)


@pytest.mark.parametrize("model", ["acorn", "oak"])
def test_sampling(model, capsys):
    problems = DataSpec(limit=PROBLEMS).problems()
    loaded = load(model, "nf4")
    torch.manual_seed(0)
    sides = {"one call a sample (extrapolated)": [], "batches that share a prefill": []}
    lengths = dict.fromkeys(sides, 0.0)
    for turn in range(ROUNDS + 1):
        for name, measure in zip(sides, (one_call_a_sample, ours), strict=True):
            spent, lengths[name] = measure(loaded, problems)
            if turn:  # the first round warms up
                sides[name].append(spent)
    title = f"{model} in NF4, {PROBLEMS} problems x {K} samples, {loaded.record.device}"
    with capsys.disabled():
        ratios = side_by_side(title, sides, "s", "times as fast")
        tokens = ", ".join(f"{each:.0f}" for each in lengths.values())
        print(f"  {'tokens a sample':<34} {tokens}")
    assert all(ratio > 0 for ratio in ratios)
