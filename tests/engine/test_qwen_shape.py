"""Everything once at the shape of Qwen2.5-1.5B, with random weights, on the CPU.

    python -m pytest -m slow tests/engine/test_qwen_shape.py -s

Takes about 4 GB of disk. It prints the seconds of each part, and the most memory that was used
since the model was last loaded (`machine_probe.Peak` begins to count anew there).
"""

import resource
import time
from contextlib import contextmanager

import pytest
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from engine.data.problems import DataSpec
from engine.kinds import compute
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec
from engine.models.loading import load
from engine.numerics.architecture import QWEN25
from engine.runs.home import Home
from engine.runs.record import Recorder
from engine.runs.store import Store
from engine.runs.warm import Warm
from engine.training.dataset import conversations
from engine.training.sft import finetune
from tests.engine.conftest import tokenizer
from tests.engine.training.small import answers, recorder, spec

pytestmark = pytest.mark.slow

SHAPE = QWEN25["1.5B"]
TWO = DataSpec(level=1, limit=2)


@contextmanager
def timed(what):
    began = time.monotonic()
    yield
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{what}: {time.monotonic() - began:.0f} s, at most {most / 1e9:.1f} GB since the last load"
    )


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The folder of the model: random weights in bf16, with a chat template."""
    folder = tmp_path_factory.mktemp("large") / "qwen"
    config = Qwen2Config(
        vocab_size=SHAPE.vocabulary,
        hidden_size=SHAPE.hidden,
        num_hidden_layers=SHAPE.layers,
        num_attention_heads=SHAPE.heads,
        num_key_value_heads=SHAPE.kv_heads,
        intermediate_size=SHAPE.intermediate,
        tie_word_embeddings=SHAPE.tied,
        eos_token_id=2,
        pad_token_id=0,
        bos_token_id=None,
    )
    before = torch.get_default_dtype()
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)  # made in 16 bits, it takes 3 GB and not 9
    try:
        with timed("random weights"):
            Qwen2ForCausalLM(config).save_pretrained(folder)
    finally:
        torch.set_default_dtype(before)
    tokenizer().save_pretrained(folder)
    return folder


def run(store, warm, what):
    """One run of a kind, computed here as a worker does; gives back its number and result."""
    number = store.submit(what.kind, what.title(), what.to_dict())
    store.claim()
    record = Recorder(store, store.run(number), warm=warm)
    with timed(what.kind):
        result = compute(what.kind)(what, record)
    store.end(number, "finished", result=result)
    return number, result


def test_it_loads_answers_is_sampled_cascades_and_learns(large, tmp_path):
    store, warm = Store(Home(tmp_path / "home")), Warm()
    same = {"device": "cpu", "batch_size": 2, "max_new_tokens": 6}

    _, result = run(store, warm, EvaluateSpec(model=str(large), data=TWO, **same))
    how = result["load"]
    assert how["quantized_params"] + how["unquantized_params"] == SHAPE.params
    assert how["bytes_parameters"] == pytest.approx(how["predicted_bytes"], rel=0.01)
    assert result["n"] == 2

    sample, result = run(store, warm, SampleSpec(model=str(large), data=TWO, k=2, **same))
    assert result["tokens_out"] >= 4

    cascade = CascadeSpec(
        sample=sample, strong=None, strong_model=str(large), k=2, threshold=1.0, **same
    )
    _, result = run(store, warm, cascade)
    assert result["n"] == 2 and result["missing"] == 0
    assert result["sent"] == 2, "random weights agree on no number"
    assert result["strong_parameters"] == SHAPE.params

    warm.clear()
    record = recorder(tmp_path / "tuned")
    with timed("load once more"):
        loaded = load(str(large), "nf4-dq", device="cpu", cache=store.home.models)
    assert loaded.record.from_cache
    rows = conversations(answers(2))
    chosen = spec(student=str(large), max_steps=1, batch_size=1, validation=0, logging_steps=1)
    with timed("a step of QLoRA"):
        tuned = finetune(loaded, chosen, rows.select([0]), rows.select([]), record)
    assert tuned["steps"] == 1
    assert tuned["loss"] > 0
    assert (record.folder / "adapter" / "adapter_model.safetensors").is_file()
