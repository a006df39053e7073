import pytest
import torch

from engine.errors import EngineError
from engine.models import whole_blocks
from engine.models.libraries import bitsandbytes as bnb
from engine.models.loading import load


@pytest.mark.parametrize("precision", ["nf4", "nf4-dq", "fp4"])
def test_outputs_are_the_formulas_whatever_the_number_of_inputs(random_model, tmp_path, precision):
    """80 and 96 inputs: off by a quarter on a CPU with AVX512, by bitsandbytes' own kernel."""
    shape = {"hidden_size": 80, "num_attention_heads": 5, "num_key_value_heads": 1}
    folder = random_model(tmp_path, intermediate_size=96, **shape)
    whole = load(str(folder), "fp32", device="cpu").model
    loaded = load(str(folder), precision, device="cpu")
    told = any("block by block" in each.what for each in loaded.record.fallbacks)
    assert told == (torch.backends.cpu.get_cpu_capability() == "AVX512"), "in each load's record"
    model = loaded.model
    layers = [each for each in model.modules() if isinstance(each, bnb.nn.Linear4bit)]
    assert {each.in_features for each in layers} == {80, 96}
    assert max(map(whole_blocks.off, layers)) < 1e-5
    ours, theirs = (each.model.layers[0].mlp.down_proj for each in (model, whole))
    noise = (whole_blocks.plain(ours.weight) - theirs.weight).norm() / theirs.weight.norm()
    assert noise < (0.16 if precision == "fp4" else 0.11), "what four bits cost, and no more"
    x = torch.randn(2, 96)
    x.requires_grad_()
    ours(x).sum().backward()
    assert torch.allclose(x.grad, whole_blocks.plain(ours.weight).sum(0).expand(2, -1), atol=1e-4)


def test_what_cannot_be_mended_is_refused(monkeypatch):
    model = load("acorn", "nf4", device="cpu").model
    monkeypatch.setattr(whole_blocks, "off", lambda layer: 0.25)
    monkeypatch.setattr(whole_blocks, "_take_whole_blocks", lambda: None)
    with pytest.raises(EngineError, match="128, 384 inputs wrongly") as told:
        whole_blocks.held_to_formula(model)
    assert "int8 or bf16" in told.value.way_out


def test_layers_that_are_right_are_left_alone():
    assert whole_blocks.held_to_formula(load("acorn", "nf4-dq", device="cpu").model) == []


def test_experts_that_are_not_quantized_are_told(tmp_path):
    from transformers import AutoConfig, AutoModelForCausalLM

    from tests.engine.conftest import TINY, tokenizer

    sizes = {**TINY, "num_experts": 4, "moe_intermediate_size": 128, "head_dim": 16}
    config = AutoConfig.for_model("qwen3_moe", **sizes)
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    tokenizer().save_pretrained(tmp_path)
    record = load(str(tmp_path), "nf4", device="cpu").record
    total = record.quantized_params + record.unquantized_params
    experts = 2 * 4 * 3 * 128 * 64
    (told,) = [each for each in record.fallbacks if "weights are in nf4" in each.what]
    assert told.what.startswith(f"{record.quantized_params:,} of {total:,} weights")
    assert f"{experts + 2 * 4 * 64:,}" in told.what, "the routers too"
    assert record.bytes_parameters == record.predicted_bytes
    assert not [e for e in load("acorn", "nf4").record.fallbacks if "weights are" in e.what]
