"""Measured bytes of a 4-bit model's weights against the formula.

formula = 4 bits a quantized weight + its constants + the rest in the compute dtype

pytest tests/benchmarks/test_footprint.py -m bench -s
"""

import pytest
import torch
from transformers import AutoTokenizer, Qwen2Config, Qwen2ForCausalLM

from engine.models.loading import load
from engine.models.registry import BUILTIN

MID = Qwen2Config(
    vocab_size=4096,
    hidden_size=768,
    intermediate_size=2048,
    num_hidden_layers=8,
    num_attention_heads=12,
    num_key_value_heads=2,
    tie_word_embeddings=True,
)
"""Large enough that 4-bit layers, and not the embedding, are most of it."""


@pytest.fixture(scope="module")
def mid(tmp_path_factory):
    """A model of random weights with acorn's tokenizer."""
    folder = tmp_path_factory.mktemp("mid")
    torch.manual_seed(0)
    Qwen2ForCausalLM(MID).half().save_pretrained(folder)
    AutoTokenizer.from_pretrained(BUILTIN["acorn"]).save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize("precision", ["nf4", "nf4-dq", "fp4", "fp4-dq"])
def test_footprint(precision, mid, capsys):
    with capsys.disabled():
        print(f"\nbytes of the weights in {precision}")
        print(f"  {'model':<8}{'measured':>12}{'formula':>12}  ratio   bits a quantized weight")
        for name, model in (("acorn", "acorn"), ("oak", "oak"), ("mid", mid)):
            record = load(model, precision, device="cpu").record
            ratio = record.bytes_parameters / record.predicted_bytes
            rest = 4 * record.unquantized_params  # fp32 on the CPU
            bits = 8 * (record.bytes_parameters - rest) / record.quantized_params
            print(
                f"  {name:<8}{record.bytes_parameters:>12,}{record.predicted_bytes:>12,}"
                f"  {ratio:.4f}  {bits:.3f}"
            )
            assert ratio == pytest.approx(1, abs=0.01)
