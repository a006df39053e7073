import pytest

from engine.data.problems import DataSpec
from engine.kinds import asking_here as asking
from engine.kinds import sample
from engine.kinds.specs import SampleSpec


def a_spec(model, **changes):
    settings = {"k": 3, "data": DataSpec(limit=5), "batch_size": 2, "max_new_tokens": 10}
    return SampleSpec(model=str(model), device="cpu", **{**settings, **changes})


def test_every_problem_is_sampled_k_times(recorder, tiny):
    spec = a_spec(tiny)
    record = recorder("sample", spec)
    result = sample.compute(spec, record)
    rows = record.done_predictions()
    assert sorted((row["problem_id"], row["sample"]) for row in rows) == sorted(
        (problem.id, k) for problem in spec.data.problems() for k in range(3)
    )
    assert (result["k"], result["n"]) == (3, 15)
    assert result["vote"]["n"] == sum(line["problems"] for line in result["agreement"]) == 5
    run = record.other(record.run.id)
    assert (run.done, run.total, run.unit) == (15, 15, "samples")


def test_a_prompt_that_k_samples_share_counts_once(recorder, tiny):
    spec = a_spec(tiny)
    record = recorder("sample", spec)
    result = sample.compute(spec, record)
    once = {row["problem_id"]: row["tokens_in"] for row in record.done_predictions()}
    assert result["tokens_in"] == sum(once.values())


def test_a_run_that_was_stopped_draws_the_very_same_samples(recorder, monkeypatch, tiny):
    spec = a_spec(tiny)
    whole = recorder("sample", spec)
    expected = sample.compute(spec, whole)
    usual, calls = asking.generate_batch, []

    def dies_once(*args, **options):
        calls.append(args[1].index)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return usual(*args, **options)

    monkeypatch.setattr(asking, "generate_batch", dies_once)
    stopped = recorder("sample", spec)
    with pytest.raises(KeyboardInterrupt):
        sample.compute(spec, stopped)
    result = sample.compute(spec, recorder("sample", spec, stopped.run.id))
    assert calls == [0, 1, 1, 2]
    drawn = [
        {(row["problem_id"], row["sample"]): row["text"] for row in record.done_predictions()}
        for record in (whole, stopped)
    ]
    assert drawn[0] == drawn[1]
    assert result["agreement"] == expected["agreement"]


def row(problem, k, value, gold="7"):
    return {
        "problem_id": problem, "sample": k, "extracted": value, "gold": gold,
        "correct": value == gold,
    }  # fmt: skip


def test_agreement():
    rows = [
        *(row("sure", k, "7") for k in range(3)),
        row("torn", 0, "8"), row("torn", 1, "7"), row("torn", 2, None),
        *(row("wrong", k, "9") for k in range(3)),
        *(row("mute", k, None) for k in range(3)),
    ]  # fmt: skip
    told = sample.agreement(rows)
    assert told["agreement"] == [
        {"votes": 3, "problems": 2, "correct": 1},
        {"votes": 1, "problems": 1, "correct": 0},  # 8 was seen first
        {"votes": 0, "problems": 1, "correct": 0},
    ]
    assert told["vote"]["em"] == 0.25
    assert told["any"] == 0.5
