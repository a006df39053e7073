"""What is said of a model before it is loaded is what it has once it is loaded."""

import json
from dataclasses import replace

import pytest
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM

from engine.models.loading import load
from engine.models.memory import shape_of
from engine.models.outline import OF_THAT_KIND, PROJECTIONS, outline
from engine.numerics.budget import inference


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_the_layers_of_a_built_in_are_those_of_the_loaded_model(name):
    model = load(name, "fp32", device="cpu").model
    head = model.get_output_embeddings()
    linear = {
        layer for layer, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not head
    }  # fmt: skip
    told = outline(name)
    assert told.layers == linear
    assert told.architecture.params == sum(each.numel() for each in model.parameters())


def test_names_that_no_layer_has():
    acorn = outline("acorn")
    assert acorn.lacks(("q_proj", "self_attn.v_proj", "mlp.down_proj")) == ()
    assert acorn.lacks(("q_proj", "query", "proj")) == ("query", "proj")
    assert acorn.lacks(("all-linear",)) == ()
    assert set(acorn.kinds) == PROJECTIONS


def test_a_hub_model_of_a_known_family_is_known_by_its_name():
    qwen = outline("Qwen/Qwen2.5-1.5B-Instruct")
    assert qwen.lacks(("q_proj", "c_attn")) == ("c_attn",)
    assert qwen.architecture.hidden == 1536


@pytest.mark.parametrize(
    "name", ["someone/something", "nothing-like-it", "./no/such/folder", "gemini:gemma-4-31b-it"]
)
def test_of_other_models_nothing_is_claimed(name):
    told = outline(name)
    assert (told.layers, told.architecture) == (None, None)
    assert told.lacks(("anything",)) == ()


def test_a_folder_of_another_kind_without_safetensors(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    told = outline(str(tmp_path))
    assert (told.layers, told.architecture) == (None, None)


SMALL = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 200,
    "num_key_value_heads": 2, "intermediate_size": 48, "tie_word_embeddings": False,
    "pad_token_id": 0,
}  # fmt: skip
KINDS = {
    "llama": {}, "mistral": {"head_dim": 16}, "qwen3": {"head_dim": 32}, "gemma2": {"head_dim": 16},
    "phi3": {}, "olmo2": {}, "granite": {}, "gpt_neox": {}, "gpt2": {"n_embd": 32, "n_head": 4,
    "n_layer": 2}, "smollm3": {}, "qwen3_moe": {"num_experts": 4, "moe_intermediate_size": 16},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("precision", ["bf16", "nf4"])
def test_what_a_folder_of_any_kind_weighs_is_known_before_it_is_loaded(kind, precision, tmp_path):
    """By its files: Qwen3's heads have a size of their own, Llama's and others' have no biases."""
    config = AutoConfig.for_model(kind, **{**SMALL, **KINDS[kind]})
    AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    known = outline(str(tmp_path)).architecture
    shape = shape_of(config)
    assert known.params == sum(weight.size for weight in shape.weights)
    assert inference(known, precision).weights == shape.bytes(precision, "bf16").total
    if KINDS[kind].keys() <= {"head_dim"} and kind in OF_THAT_KIND:
        assert replace(known, counted=None).params == known.params, "and by its numbers alone"
