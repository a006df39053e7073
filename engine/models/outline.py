"""What can be known of a model before it is loaded: its layers' names and its shape.

From a folder's `config.json` and the headers of its safetensors files; of a hub model, from its
name where that is a known family's. No library is needed, and no weight is read.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine import hub
from engine.errors import ModelNotFound
from engine.models.registry import resolve
from engine.numerics.architecture import QWEN25, Architecture
from engine.numerics.footprint import Weight

PROJECTIONS = frozenset(
    ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
)
"""The linear layers of Llama's kind, which Qwen and Mistral are of too."""
OF_THAT_KIND = ("llama", "qwen2", "qwen3", "mistral")
"""Values of `model_type` in a config."""
_HUB_FAMILY = re.compile(r"qwen-?[23]|llama|mistral", re.IGNORECASE)
_QWEN25 = re.compile(r"qwen2\.5-(\d+(?:\.\d+)?B)", re.IGNORECASE)
_NOT_LINEAR = re.compile(
    r"(^|\.)(embed_tokens|embed_in|word_embeddings|wte|wpe|lm_head|embed_out|router|gate)$"
    r"|(^|\.)experts\."
)
"""Layers whose two dimensions are no linear layer's: tables, heads, routers, and experts, whose
matrices are held as one tensor of all of them."""

_SPELLED = {
    "hidden": ("hidden_size", "n_embd", "d_model"),
    "layers": ("num_hidden_layers", "n_layer"),
    "heads": ("num_attention_heads", "n_head"),
    "vocabulary": ("vocab_size",),
}
"""How configurations call what an architecture is made of."""


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
        return _of_the_hub(name)
    try:
        return _of_a_folder(Path(source.location))
    except (OSError, ValueError, struct.error):  # damaged: whoever loads it says so
        return Outline(None, None)


def _of_the_hub(name: str) -> Outline:
    """By its name, where that says it; else by its files, where they are on this machine."""
    size = _QWEN25.search(name)
    if known := QWEN25.get(size[1].upper()) if size else None:
        return Outline(PROJECTIONS, known)
    if folder := hub.cached(name):
        return _of_a_folder(folder)
    return Outline(PROJECTIONS if _HUB_FAMILY.search(name) else None, None)


def _of_a_folder(folder: Path) -> Outline:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = {**config, **config.get("text_config", {})}  # of a model that also sees
    tensors = _tensors(folder)
    linear = frozenset(name for name, weight in tensors.items() if weight.quantizable)
    that_kind = config.get("model_type") in OF_THAT_KIND
    layers = linear or (PROJECTIONS if that_kind else None)
    counted = tuple(tensors.values()) or None
    return Outline(layers, _architecture(config, counted) if that_kind or counted else None)


def _tensors(folder: Path) -> dict[str, Weight]:
    """A model's tensors by their layers' names, as its files hold them; a tied head has none."""
    found = {}
    for file in sorted(folder.glob("*.safetensors")):
        for name, tensor in _header(file).items():
            layer, _, last = name.rpartition(".")
            shape = tuple(tensor.get("shape", ()))
            linear = last == "weight" and len(shape) == 2 and not _NOT_LINEAR.search(layer)
            found[layer if linear else name] = Weight(shape, linear)
    return found


def _header(file: Path) -> dict[str, dict]:
    """A safetensors file's table: eight bytes of length, then JSON."""
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        table = json.loads(opened.read(length))
    return {name: tensor for name, tensor in table.items() if name != "__metadata__"}


def _architecture(config: dict, counted: tuple[Weight, ...] | None) -> Architecture | None:
    kind = config.get("model_type")
    told = {name: _first(config, spelled) for name, spelled in _SPELLED.items()}
    if None in told.values():
        return None
    return Architecture(
        **told,
        kv_heads=config.get("num_key_value_heads") or told["heads"],
        intermediate=_first(config, ("intermediate_size", "n_inner")) or 4 * told["hidden"],
        tied=bool(config.get("tie_word_embeddings", False)),
        head_dim=config.get("head_dim"),
        biases=bool(config.get("attention_bias", kind == "qwen2")),
        head_norms=kind == "qwen3",
        counted=counted,
    )


def _first(config: dict, names: Sequence[str]) -> int | None:
    return next((config[name] for name in names if config.get(name)), None)
