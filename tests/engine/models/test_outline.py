"""What is said of a model before it is loaded is what it has once it is loaded."""

import json

import pytest
from torch import nn

from engine.models.loading import load
from engine.models.outline import PROJECTIONS, outline


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
