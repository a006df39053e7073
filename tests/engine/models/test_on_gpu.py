"""A model of Qwen2.5-1.5B's shape with random weights, on a card."""

import pytest
import torch

from engine import machine_probe
from engine.data.problems import DataSpec
from engine.errors import EngineError, NotEnoughMemory
from engine.machine import machine
from engine.models import fourbit
from engine.models.loading import load
from engine.models.pieces import in_pieces
from engine.models.sampling import generate_batch, plan_batches

pytestmark = pytest.mark.gpu

QWEN_1_5B = {
    "vocab_size": 151936,
    "hidden_size": 1536,
    "num_hidden_layers": 28,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "intermediate_size": 8960,
    "tie_word_embeddings": True,
    "dtype": "bfloat16",
}


@pytest.fixture(scope="module")
def large(random_model, tmp_path_factory):
    return random_model(tmp_path_factory.mktemp("large") / "qwen", **QWEN_1_5B)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def loaded(large, cache):
    return load(str(large), "nf4-dq", cache=cache)


def test_it_takes_what_the_formula_says(loaded):
    record = loaded.record
    assert record.device.startswith("cuda")
    assert record.bytes_parameters == pytest.approx(record.predicted_bytes, rel=0.01)
    assert record.gpu_allocated >= record.bytes_parameters
    assert record.gpu_reserved >= record.gpu_allocated
    assert record.peak_bytes >= record.bytes_parameters
    assert record.peak_bytes < 2 * 1_543_714_304, "it never lay there in 16 bits"
    assert record.dtype == "bf16" or record.fallbacks


def test_the_second_load_reads_the_small_files(loaded, large, cache):
    (kept,) = cache.iterdir()
    assert fourbit.is_kept(kept)
    again = load(str(large), "nf4-dq", cache=cache)
    assert again.record.from_cache
    ids = torch.arange(5, 60, device=again.device)[None]
    with torch.no_grad():
        assert torch.equal(again.model(input_ids=ids).logits, loaded.model(input_ids=ids).logits)


@pytest.mark.parametrize("precision", ["nf4", "fp4-dq", "int8", "bf16"])
def test_other_precisions(large, precision):
    record = load(str(large), precision).record
    assert record.bytes_parameters == pytest.approx(record.predicted_bytes, rel=0.01)


def test_greedy_is_transformers_generate(loaded):
    (batch,) = plan_batches(DataSpec(limit=1).problems(), loaded.tokenizer, "", 1)
    (sample,) = generate_batch(loaded, batch, temperature=0, max_new_tokens=24)
    ids = torch.tensor(batch.prompts, device=loaded.device)
    with torch.no_grad():
        out = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24
        )
    assert sample.text == loaded.tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True)


def test_k_samples_a_problem_are_the_same_again_and_not_one_another(loaded):
    (batch,) = plan_batches(DataSpec(limit=20).problems(), loaded.tokenizer, "", 20)
    draw = {"k": 5, "temperature": 0.7, "top_p": 0.9, "max_new_tokens": 32}
    samples = generate_batch(loaded, batch, **draw)
    assert generate_batch(loaded, batch, **draw) == samples
    assert len(samples) == 100
    assert len({sample.text for sample in samples}) > 90


def test_more_than_the_card_has_is_said_before(random_model, tmp_path, monkeypatch):
    small = random_model(tmp_path / "small")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (10_000, 80_000_000_000))
    with pytest.raises(NotEnoughMemory, match="the card has"):
        load(str(small), "fp32")


@pytest.mark.parametrize("temperature", [0, 0.7])
def test_an_overflow_within_an_answer_is_told_and_costs_no_card(loaded, temperature):
    """An index beyond the embedding's table would be an assert on the device."""
    head = loaded.model.get_output_embeddings()
    (batch,) = plan_batches(DataSpec(limit=4).problems(), loaded.tokenizer, "", 4)

    def overflows(module, inputs, logits):
        return logits.fill_(torch.nan) if seen.append(1) or len(seen) > 3 else logits

    seen = []
    hook = head.register_forward_hook(overflows)
    try:
        with pytest.raises(EngineError, match="not finite, after 3 tokens"):
            generate_batch(loaded, batch, k=2, temperature=temperature, max_new_tokens=9)
    finally:
        hook.remove()
    assert torch.ones(3, device=loaded.device).sum().item() == 3


def test_a_batch_without_room_is_halved(loaded):
    (batch,) = plan_batches(DataSpec(limit=16).problems(), loaded.tokenizer, "", 16)
    card = torch.device(loaded.record.device)
    settled = []

    def generate(piece):
        return generate_batch(loaded, piece, k=64, temperature=0.7, max_new_tokens=8)

    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(card).total_memory
    room = torch.cuda.memory_reserved(card) + 1_500_000_000  # 1,024 rows of logits take 3 GB
    torch.cuda.set_per_process_memory_fraction(room / total, card)
    try:
        samples = in_pieces(generate, batch, 16, lambda size, told: settled.append(size))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, card)
    assert len(samples) == 16 * 64
    assert settled and settled[-1] < 16


def test_what_a_worker_writes_down_is_this_card(tmp_path):
    machine_probe.write_down(tmp_path / "cards.json")
    here = machine(tmp_path / "cards.json")
    assert not here.untried
    found = machine_probe.card(torch.device("cuda", 0))
    assert here.card("auto").name == found["name"]
    assert found["capability"] and found["cuda"] and found["total"] == here.card().total
