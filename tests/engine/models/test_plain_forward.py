"""The plain model against transformers', and what it refuses."""

import json
import subprocess
import sys

import pytest
import torch

from engine.data.word_problems import problem
from engine.models.loading import load
from engine.models.plain_forward import read
from engine.models.registry import BUILTIN


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_its_logits_are_transformers(name):
    loaded, plain = load(name, "fp32", device="cpu"), read(BUILTIN[name])
    each = problem("test", 2, 0, 0)
    ids = torch.tensor([loaded.tokenizer(each.question + each.answer)["input_ids"]])
    assert ids.shape[1] > 50
    with torch.inference_mode():
        wanted, got = loaded.model(input_ids=ids).logits, plain(ids)
    assert torch.allclose(got, wanted, rtol=1e-4, atol=1e-4)
    assert wanted.std() > 0.5


def test_it_needs_no_transformers():
    looks = (
        "import sys; from engine.models.plain_forward import read;"
        "from engine.models.registry import BUILTIN; read(BUILTIN['acorn']);"
        "sys.exit('transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", looks], check=False).returncode == 0


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "llama"},
        {"tie_word_embeddings": False},
        {"use_sliding_window": True},
        {"rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_refuses_what_it_would_compute_wrong(change, tmp_path):
    config = json.loads((BUILTIN["acorn"] / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps(config | change), encoding="utf-8")
    with pytest.raises(ValueError, match="the model in"):
        read(tmp_path)
