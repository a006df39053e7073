import subprocess
import sys

import pytest

from engine.errors import ModelNotFound
from engine.models.registry import BUILTIN, INSTRUCTION, hosted, messages, resolve


def a_model(folder):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_a_builtin_knows_the_format_and_needs_no_instruction(name):
    source = resolve(name)
    assert (source.kind, source.location, source.instruction) == ("builtin", str(BUILTIN[name]), "")


def test_a_folder(tmp_path):
    folder = a_model(tmp_path / "mine")
    source = resolve(str(folder))
    assert (source.kind, source.location) == ("folder", str(folder))
    assert "#### " in source.instruction


def test_a_relative_folder_is_one_from_here(tmp_path, monkeypatch):
    folder = a_model(tmp_path / "owner" / "model")
    monkeypatch.chdir(tmp_path)
    assert resolve("owner/model").location == str(folder)
    assert resolve("./owner/model").kind == "folder"


def test_a_builtins_name_wins_over_a_folder_that_is_called_so(tmp_path, monkeypatch):
    a_model(tmp_path / "acorn")
    monkeypatch.chdir(tmp_path)
    assert resolve("acorn").kind == "builtin"
    assert resolve("./acorn").kind == "folder"


def test_a_hub_id():
    source = resolve("Qwen/Qwen2.5-1.5B-Instruct")
    assert (source.kind, source.location) == ("hub", "Qwen/Qwen2.5-1.5B-Instruct")
    assert "#### " in source.instruction


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("gemini:gemma-4-31b-it", "gemma-4-31b-it"),
        ("openai:llama3.2:3b", "llama3.2:3b"),
        ("openai:Qwen/Qwen2.5-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct"),
    ],
)
def test_a_hosted_model(name, model):
    source = resolve(name)
    assert (source.kind, source.location, source.instruction) == ("hosted", model, INSTRUCTION)
    assert hosted(name) == (name.partition(":")[0], model)


def test_names_of_other_models_name_no_provider():
    for name in ("acorn", "Qwen/Qwen2.5-1.5B-Instruct", "./gemini", "mistral:7b", "file:/a.jsonl"):
        assert hosted(name) is None
    with pytest.raises(ModelNotFound, match="'openai: ' names no model"):
        hosted("openai: ")


@pytest.mark.parametrize(
    ("name", "what", "way_out"),
    [
        ("acrn", "no model 'acrn'", "Did you mean acorn?"),
        ("gpt2", "no model 'gpt2'", "a hub id such as Qwen/Qwen2.5-1.5B-Instruct"),
        ("./nowhere", "no folder ./nowhere", "config.json"),
        ("~/nowhere", "no folder ~/nowhere", "config.json"),
        ("a/b/c", "no folder a/b/c", "config.json"),
        ("", "no model ''", "Built in are acorn and oak"),
    ],
)
def test_what_is_no_model_is_said_with_the_way_out(name, what, way_out):
    with pytest.raises(ModelNotFound) as raised:
        resolve(name)
    assert what in raised.value.what
    assert way_out in raised.value.way_out


def test_a_folder_without_a_config(tmp_path):
    with pytest.raises(ModelNotFound, match=r"has no config\.json"):
        resolve(str(tmp_path))


def test_an_adapters_folder_is_told_from_a_models(tmp_path):
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelNotFound, match="an adapter, not a model"):
        resolve(str(tmp_path))


def test_the_question_is_one_turn_of_the_user():
    assert messages("How many?") == [{"role": "user", "content": "How many?"}]
    assert messages("How many?", "Think.")[0]["content"] == "How many?\n\nThink."


def test_a_name_is_resolved_without_loading_anything_that_computes():
    code = (
        "import sys; from engine.models import registry; registry.resolve('owner/name');"
        "print([m for m in ('torch', 'transformers', 'huggingface_hub') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("named", ["model.Q4_1.gguf", "."])
def test_a_gguf_file_or_its_folder_is_refused_at_once_with_the_way_out(tmp_path, named):
    (tmp_path / "model.Q4_1.gguf").write_bytes(b"GGUF")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelNotFound, match=r"model\.Q4_1\.gguf is a GGUF file") as told:
        resolve(str(tmp_path / named))
    assert "openai:MODEL" in told.value.way_out
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert resolve(str(tmp_path)).kind == "folder"
