import pytest
from transformers import AutoConfig, Qwen2Config

from engine.models.memory import shape_of
from engine.models.registry import BUILTIN
from engine.numerics.architecture import QWEN25, Architecture


def of(config):
    return Architecture(
        config.hidden_size,
        config.num_hidden_layers,
        config.num_attention_heads,
        config.num_key_value_heads,
        config.intermediate_size,
        config.vocab_size,
        config.tie_word_embeddings,
    )


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_tensors_are_those_of_the_built_in_models(name):
    config = AutoConfig.from_pretrained(BUILTIN[name])
    ours, theirs = of(config).weights, shape_of(config).weights
    key = str  # the order is not the same
    assert sorted(ours, key=key) == sorted(theirs, key=key)


@pytest.mark.parametrize("size", ["0.5B", "7B"])
def test_tensors_of_tied_and_untied_qwen(size):
    arch = QWEN25[size]
    config = Qwen2Config(
        hidden_size=arch.hidden,
        num_hidden_layers=arch.layers,
        num_attention_heads=arch.heads,
        num_key_value_heads=arch.kv_heads,
        intermediate_size=arch.intermediate,
        vocab_size=arch.vocabulary,
        tie_word_embeddings=arch.tied,
    )
    assert sorted(shape_of(config).weights, key=str) == sorted(arch.weights, key=str)


@pytest.mark.parametrize(
    ("size", "params"),
    [
        ("0.5B", 494_032_768),
        ("1.5B", 1_543_714_304),
        ("3B", 3_085_938_688),
        ("7B", 7_615_616_512),
        ("14B", 14_770_033_664),
        ("32B", 32_763_876_352),
        ("72B", 72_706_203_648),
    ],
)
def test_parameters_are_those_of_the_published_checkpoints(size, params):
    assert QWEN25[size].params == params


def test_keys_and_values():
    """Qwen2.5 7B: 2 * 28 layers * 4 heads * 128 numbers * 2 bytes = 57,344 bytes a token."""
    assert QWEN25["7B"].kv_bytes(1) == 57_344
    assert QWEN25["7B"].kv_bytes(1000, "fp32") == 2 * 57_344 * 1000
