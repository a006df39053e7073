"""K = 5 sampling of 200 problems by the student in NF4, against one `generate` call a sample.

Ours does all of it each round. The loop would take many minutes, so it is timed on the first
sample of every 20th problem, and its time for all 1,000 is these calls' mean times 1,000: the
printed number says "extrapolated". Both draw at temperature 0.7 and top-p 0.9.

    pytest tests/benchmarks/test_sampling.py -m bench -s
"""

import time

import torch

from engine.data.problems import DataSpec
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches, prompt
from tests.benchmarks.measuring import side_by_side

PROBLEMS, K, ROUNDS, EVERY = 200, 5, 3, 20
DRAW = {"temperature": 0.7, "top_p": 0.9, "max_new_tokens": 200}


def ours(loaded, problems):
    """Seconds for all samples."""
    began = time.perf_counter()
    drawn = [
        sample
        for batch in plan_batches(problems, loaded.tokenizer, loaded.source.instruction)
        for sample in generate_batch(loaded, batch, k=K, seed=0, **DRAW)
    ]
    spent = time.perf_counter() - began
    assert len(drawn) == PROBLEMS * K
    return spent


def one_call_a_sample(loaded, problems):
    """Seconds for all samples, from a part of them."""
    part = problems[::EVERY]
    began = time.perf_counter()
    for problem in part:
        ids = torch.tensor([prompt(problem.question, loaded.tokenizer)], device=loaded.device)
        loaded.model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, **DRAW
        )
    return (time.perf_counter() - began) / len(part) * PROBLEMS * K


def test_sampling(capsys):
    problems = DataSpec(limit=PROBLEMS).problems()
    loaded = load("acorn", "nf4")
    torch.manual_seed(0)
    sides = {"one call a sample (extrapolated)": [], "batches that share a prefill": []}
    for turn in range(ROUNDS + 1):
        for name, measure in zip(sides, (one_call_a_sample, ours), strict=True):
            spent = measure(loaded, problems)
            if turn:  # the first round warms up
                sides[name].append(spent)
    with capsys.disabled():
        ratios = side_by_side(
            f"{PROBLEMS} problems x {K} samples, {loaded.record.device}",
            sides,
            "s",
            "times as fast",
        )
    assert all(ratio > 0 for ratio in ratios)
