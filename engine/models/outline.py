"""What can be known of a model before it is loaded: its layers' names and its shape.

From a folder's `config.json` and the headers of its safetensors files; of a hub model, from its
name where that is a known family's. No library is needed, and no weight is read.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.errors import ModelNotFound
from engine.models.registry import resolve
from engine.numerics.architecture import QWEN25, Architecture

PROJECTIONS = frozenset(
    ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
)
"""The linear layers of Llama's kind, which Qwen and Mistral are of too."""
OF_THAT_KIND = ("llama", "qwen2", "qwen3", "mistral")
"""Values of `model_type` in a config."""
_HUB_FAMILY = re.compile(r"qwen-?[23]|llama|mistral", re.IGNORECASE)
_QWEN25 = re.compile(r"qwen2\.5-(\d+(?:\.\d+)?B)", re.IGNORECASE)
_NOT_LINEAR = ("embed_tokens", "lm_head", "wte", "wpe")


@dataclass(frozen=True, slots=True)
class Outline:
    """A model from the outside; None for what is not known."""

    layers: frozenset[str] | None
    """Full names of its linear layers, such as `model.layers.0.self_attn.q_proj`, or only their
    last parts."""
    architecture: Architecture | None

    def lacks(self, target_modules: tuple[str, ...]) -> tuple[str, ...]:
        """Of layers that are to get an adapter, the names that no layer has."""
        if self.layers is None or target_modules == ("all-linear",):
            return ()
        return tuple(
            name
            for name in target_modules
            if not any(layer == name or layer.endswith(f".{name}") for layer in self.layers)
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """The last parts of its layers' names, each once."""
        return tuple(sorted({layer.rpartition(".")[2] for layer in self.layers or ()}))


@cache
def outline(name: str) -> Outline:
    """The outline of a model by its name; all unknown where there is no such model yet."""
    try:
        source = resolve(name)
    except ModelNotFound:
        return Outline(None, None)
    if source.kind == "hosted":
        return Outline(None, None)
    if source.kind == "hub":
        size = _QWEN25.search(name)
        known = QWEN25.get(size[1].upper()) if size else None
        return Outline(PROJECTIONS if _HUB_FAMILY.search(name) else None, known)
    folder = Path(source.location)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    that_kind = config.get("model_type") in OF_THAT_KIND
    layers = _linear(folder) or (PROJECTIONS if that_kind else None)
    return Outline(layers, _architecture(config) if that_kind else None)


def _linear(folder: Path) -> frozenset[str] | None:
    """Names of the weights with two dimensions, without embeddings and the head."""
    found = set()
    for file in sorted(folder.glob("*.safetensors")):
        for name, tensor in _header(file).items():
            layer, _, last = name.rpartition(".")
            two = len(tensor.get("shape", ())) == 2
            if last == "weight" and two and layer.rpartition(".")[2] not in _NOT_LINEAR:
                found.add(layer)
    return frozenset(found) or None


def _header(file: Path) -> dict[str, dict]:
    """A safetensors file's table: eight bytes of length, then JSON."""
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        table = json.loads(opened.read(length))
    return {name: tensor for name, tensor in table.items() if name != "__metadata__"}


def _architecture(config: dict) -> Architecture | None:
    try:
        return Architecture(
            hidden=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            kv_heads=config.get("num_key_value_heads", config["num_attention_heads"]),
            intermediate=config["intermediate_size"],
            vocabulary=config["vocab_size"],
            tied=bool(config.get("tie_word_embeddings", False)),
        )
    except KeyError:
        return None
