import pytest
from transformers import AutoConfig, Qwen2Config

from engine.errors import NotEnoughMemory
from engine.models import memory
from engine.models.loading import load
from engine.models.precision import plan
from engine.models.registry import PRECISIONS

QWEN_1_5B = {
    "vocab_size": 151936,
    "hidden_size": 1536,
    "num_hidden_layers": 28,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "intermediate_size": 8960,
    "tie_word_embeddings": True,
}


@pytest.fixture(scope="module")
def bigger(random_model, tmp_path_factory):
    """Several shapes that a block of 64 does not divide, and a head of its own."""
    return random_model(
        tmp_path_factory.mktemp("bigger"),
        vocab_size=1100,
        hidden_size=320,
        num_hidden_layers=3,
        num_attention_heads=5,
        num_key_value_heads=1,
        intermediate_size=1000,
        tie_word_embeddings=False,
    )


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("which", ["acorn", "bigger"])
def test_measured_bytes_are_the_formulas(which, bigger, precision):
    loaded = load("acorn" if which == "acorn" else str(bigger), precision, device="cpu")
    record = loaded.record
    assert record.bytes_parameters == pytest.approx(record.predicted_bytes, rel=0.01)
    parameters = record.quantized_params + record.unquantized_params
    assert parameters == load("acorn" if which == "acorn" else str(bigger), "fp32", device="cpu"
    ).record.unquantized_params  # fmt: skip


def test_the_shape_of_qwen_is_known_without_its_weights():
    """1.54 billion parameters, 1.31 of them not in the embedding, says its model card."""
    shape = memory.shape_of(Qwen2Config(**QWEN_1_5B))
    parts = shape.bytes("nf4-dq", "bf16")
    assert parts.quantized_params + parts.unquantized_params == 1_543_714_304
    assert parts.quantized_params == pytest.approx(1.31e9, rel=0.001)
    assert parts.total == pytest.approx(1.143e9, rel=0.001)
    assert shape.bytes("fp32", "fp32").total == 4 * 1_543_714_304


def test_a_tied_head_counts_once(tiny):
    config = AutoConfig.from_pretrained(tiny)
    tied = memory.shape_of(config).bytes("fp32", "fp32").unquantized_params
    config.tie_word_embeddings = False
    untied = memory.shape_of(config).bytes("fp32", "fp32").unquantized_params
    assert untied - tied == config.vocab_size * config.hidden_size


def test_too_little_memory_is_said_with_the_figures_and_what_would_fit():
    shape = memory.shape_of(Qwen2Config(**QWEN_1_5B))
    with pytest.raises(NotEnoughMemory) as raised:
        memory.check("Qwen", shape, plan("fp32", "cpu"), (16_000_000_000, 4_000_000_000))
    assert raised.value.what == (
        "Qwen in fp32 needs 7.1 GB to load; this machine has 4.0 GB free of 16.0 GB."
    )
    assert "bf16 needs 3.6 GB" in raised.value.way_out

    with pytest.raises(NotEnoughMemory) as raised:
        memory.check("Qwen", shape, plan("nf4-dq", "cpu"), (16_000_000_000, 100_000_000))
    assert raised.value.way_out == "Free memory, or choose a smaller model."


def test_enough_memory_is_not_worth_a_word():
    shape = memory.shape_of(Qwen2Config(**QWEN_1_5B))
    memory.check("Qwen", shape, plan("bf16", "cpu"), (16_000_000_000, 8_000_000_000))


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (1_285_456, "1.29 MB"),
        (840e6, "840 MB"),
        (999.9e6, "1.0 GB"),
        (3.14e9, "3.1 GB"),
        (9, "0.1 MB"),
    ],
)
def test_bytes_for_people(size, said):
    assert memory.spoken(size) == said


def test_what_tensors_share_counts_once():
    import torch

    model = torch.nn.ModuleList(
        [torch.nn.Linear(8, 8, bias=False), torch.nn.Linear(8, 8, bias=False)]
    )
    assert memory.count(model).bytes_parameters == 2 * 8 * 8 * 4
    model[1].weight = torch.nn.Parameter(model[0].weight.data)
    assert memory.count(model).bytes_parameters == 8 * 8 * 4
