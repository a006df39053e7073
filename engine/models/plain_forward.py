"""A small Qwen2 in plain torch, for looking at what flows through it a moment after it is wanted.

    model = read(BUILTIN["acorn"])
    with inputs_of([model.layers[3].mlp.down_proj]) as (seen,):
        model(ids)

Importing transformers takes seconds; this takes none, and its logits equal transformers' own
(tests/engine/models/test_plain_forward.py). It has no cache and no padding, and computes in fp32.

Qwen2 Technical Report (2024), section 2.2; Su et al., "RoFormer" (2021), for the rotations.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Sizes:
    """What its config.json says."""

    hidden: int
    """Channels between layers."""
    inner: int
    """Channels within an MLP."""
    layers: int
    heads: int
    kv_heads: int
    """Keys and values that the heads share."""
    words: int
    """Tokens of the vocabulary."""
    epsilon: float
    """What keeps the norms from a division by zero."""
    theta: float
    """Base of the rotations' frequencies."""

    @property
    def head(self) -> int:
        """Channels of a head."""
        return self.hidden // self.heads


class Attention(nn.Module):
    """Causal attention, several heads to a key."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        shared = sizes.kv_heads * sizes.head
        self.q_proj = nn.Linear(sizes.hidden, sizes.hidden)
        self.k_proj = nn.Linear(sizes.hidden, shared)
        self.v_proj = nn.Linear(sizes.hidden, shared)
        self.o_proj = nn.Linear(sizes.hidden, sizes.hidden, bias=False)

    def forward(self, x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """Shape (batch, tokens, hidden), in and out."""
        q, k, v = (
            part(x).unflatten(-1, (-1, self.sizes.head)).transpose(1, 2)
            for part in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = functional.scaled_dot_product_attention(
            rotate(q, turns), rotate(k, turns), v, is_causal=True, enable_gqa=True
        )
        return self.o_proj(mixed.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    """down(silu(gate(x)) * up(x))."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(sizes.hidden, sizes.inner, bias=False)
        self.up_proj = nn.Linear(sizes.hidden, sizes.inner, bias=False)
        self.down_proj = nn.Linear(sizes.inner, sizes.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (batch, tokens, hidden), in and out."""
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """Attention and an MLP, each added to what it reads the norm of."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.input_layernorm = nn.RMSNorm(sizes.hidden, sizes.epsilon)
        self.self_attn = Attention(sizes)
        self.post_attention_layernorm = nn.RMSNorm(sizes.hidden, sizes.epsilon)
        self.mlp = Mlp(sizes)

    def forward(self, x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """Shape (batch, tokens, hidden), in and out."""
        x = x + self.self_attn(self.input_layernorm(x), turns)
        return x + self.mlp(self.post_attention_layernorm(x))


class PlainQwen2(nn.Module):
    """A Qwen2 whose output matrix is its table of words."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.embed_tokens = nn.Embedding(sizes.words, sizes.hidden)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.norm = nn.RMSNorm(sizes.hidden, sizes.epsilon)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits.

        Args:
            ids: Shape (batch, tokens).

        Returns:
            Shape (batch, tokens, words).
        """
        x, turns = self.embed_tokens(ids), rotations(ids.shape[1], self.sizes)
        for layer in self.layers:
            x = layer(x, turns)
        return functional.linear(self.norm(x), self.embed_tokens.weight)


def rotations(tokens: int, sizes: Sizes) -> tuple[Tensor, Tensor]:
    """Cosines and sines by which a head is turned, token by token; each (tokens, head)."""
    places = torch.arange(0, sizes.head, 2, dtype=torch.float32) / sizes.head
    angles = torch.outer(torch.arange(tokens, dtype=torch.float32), sizes.theta**-places)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    """x, shape (batch, heads, tokens, head), with channel i and i + head/2 turned together."""
    first, second = x.chunk(2, dim=-1)
    return x * turns[0] + torch.cat([-second, first], dim=-1) * turns[1]


def read(folder: Path) -> PlainQwen2:
    """A model from its folder, in fp32 on the CPU, for inference.

    Raises:
        ValueError: It is no Qwen2 that shares its tables and attends to all that came before.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    rope = config["rope_parameters"]
    plain = config["model_type"] == "qwen2" and config["hidden_act"] == "silu"
    if not plain or not config["tie_word_embeddings"] or config["use_sliding_window"]:
        raise ValueError(f"the model in {folder} is of another kind than acorn")
    if rope["rope_type"] != "default":
        raise ValueError(f"the model in {folder} turns its heads another way: {rope}")
    sizes = Sizes(
        hidden=config["hidden_size"],
        inner=config["intermediate_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        words=config["vocab_size"],
        epsilon=config["rms_norm_eps"],
        theta=rope["rope_theta"],
    )
    model = PlainQwen2(sizes)
    stored = load_file(folder / "model.safetensors")
    weights = {name.removeprefix("model."): each.float() for name, each in stored.items()}
    model.load_state_dict(weights, assign=True)
    return model.requires_grad_(False).eval()
