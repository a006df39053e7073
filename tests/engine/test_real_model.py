"""What only a pretrained model shows: its tokenizer, template, vocabulary and layout.

    TUTOR_REAL_MODEL=FOLDER pytest -m real -n 0 tests/engine/test_real_model.py

FOLDER holds a small model of Llama's kind as save_pretrained writes it, such as SmolLM2-135M.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from datasets import Dataset

from engine import heap
from engine.data.problems import DataSpec
from engine.kinds.specs import SftSpec
from engine.machine_probe import resident, resident_peak, start_peaks
from engine.models.loading import load
from engine.models.outline import outline
from engine.models.sampling import generate_batch, plan_batches, prompt
from engine.numerics.budget import inference
from engine.training import room
from engine.training.sft import finetune
from tests.engine.training.small import recorder

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder():
    named = os.environ.get("TUTOR_REAL_MODEL", "")
    if not (Path(named) / "config.json").is_file() or not named:
        pytest.skip("TUTOR_REAL_MODEL names no folder with a model")
    return named


@pytest.mark.parametrize("precision", ["fp32", "bf16", "int8", "nf4", "nf4-dq", "fp4"])
def test_its_weights_take_the_bytes_that_are_foreseen(folder, precision):
    record = load(folder, precision, device="cpu").record
    known = inference(outline(folder).architecture, precision, dtype=record.dtype)
    assert record.bytes_parameters == record.predicted_bytes == known.weights


def test_greedy_answers_are_those_of_transformers(folder):
    loaded = load(folder, "fp32", device="cpu")
    problems = DataSpec(limit=3).problems()
    (batch,) = plan_batches(problems, loaded.tokenizer, loaded.source.instruction, 8)
    ours = {
        each.problem_id: each.text
        for each in generate_batch(loaded, batch, temperature=0, max_new_tokens=40)
    }
    for problem in problems:
        ids = torch.tensor([prompt(problem.question, loaded.tokenizer, loaded.source.instruction)])
        told = {"attention_mask": torch.ones_like(ids), "do_sample": False, "max_new_tokens": 40}
        alone = loaded.model.generate(ids, **told)[0, ids.shape[1] :]
        assert ours[problem.id] == loaded.tokenizer.decode(alone, skip_special_tokens=True)


@pytest.mark.parametrize("free", [4 * 10**9, None], ids=["short", "roomy"])
def test_a_training_at_the_defaults_takes_what_is_foreseen(folder, tmp_path, monkeypatch, free):
    """8 rows of 408 tokens, as GSM8K's longest: 8.0 GB where 1.4 had been foreseen."""
    if free:
        monkeypatch.setattr(room.machine_probe, "memory", lambda device: (free, free))
    answer = " one and" * 400
    rows = Dataset.from_dict(
        {"prompt": ["How many?"] * 8, "completion": [answer] * 8, "problem_id": list("abcdefgh")}
    )
    spec = replace(SftSpec(teach=1), student=folder, max_steps=1, max_length=408)
    record = recorder(tmp_path, spec=spec)
    heap.give_back()
    start_peaks()
    before = resident()
    loaded = load(folder, "nf4-dq", device="cpu")
    finetune(loaded, spec, rows, rows.select([]), record)
    took = resident_peak() - before
    told = record.store.run(record.run.id).environment["training"]
    assert told["rows_of"] == 408
    assert told["activations"] == ("computed again" if free else "kept")
    assert took == pytest.approx(told["bytes"], rel=0.3)
    assert took < 2e9 or not free
