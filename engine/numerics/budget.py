"""Memory to use a model and to train it, part by part, before anything is loaded.

    inference      weights + keys and values
    full           weights + gradients + optimizer states + activations
    LoRA, QLoRA    frozen weights + the same three for the adapter alone + activations

Bytes a trained weight, by how it is trained:

    fp32           4 weight + 4 gradient + 8 AdamW's two moments                      16
    mixed          2 weight + 2 gradient + 4 master copy in fp32 + 8 moments          16
    bf16           2 weight + 2 gradient + 4 moments in bf16 as well                   8

Weights, gradients, states and keys and values are exact. Activations are an estimate, for gradient
checkpointing and attention that keeps no score matrix: the input of each layer, what one layer
keeps while it is computed again (autograd keeps about a tenth more), and the logits with their
gradient. What a process needs before it holds any model (about 0.5 GB on a card), and memory that
is free but in pieces, come on top.

Rajbhandari et al., "ZeRO" (2020), section 3, on 16 bytes; Hu et al., "LoRA" (2021).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from engine.numerics.architecture import LINEAR, Architecture
from engine.numerics.footprint import DTYPE_BYTES, footprint

TRAINED = {"fp32": (4, 4, 8), "mixed": (2, 2, 12), "bf16": (2, 2, 4)}
"""Bytes of weight, gradient and optimizer states a trained weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bytes, by what they are for."""

    weights: int
    """The model's, with quantization constants."""
    adapter: int = 0
    kv_cache: int = 0
    gradients: int = 0
    optimizer: int = 0
    """AdamW's two moments, and the master copy where there is one."""
    activations: int = 0

    @property
    def total(self) -> int:
        """All bytes."""
        parts = (self.weights, self.adapter, self.kv_cache, self.gradients, self.optimizer)
        return sum(parts) + self.activations


def inference(
    model: Architecture, precision: str, *, tokens: int = 0, dtype: str = "bf16"
) -> Budget:
    """To generate.

    Args:
        model: What is loaded.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        tokens: Prompt and answer together, of all sequences in the batch.
        dtype: Of keys and values, and of what is not quantized, where `precision` quantizes.
    """
    kept = precision if precision in DTYPE_BYTES else dtype
    return Budget(
        weights=weight_bytes(model, precision, kept), kv_cache=model.kv_bytes(tokens, kept)
    )


def full(model: Architecture, how: str = "fp32", *, tokens: int = 0) -> Budget:
    """To train every weight with AdamW.

    Args:
        model: What is trained.
        how: One of `TRAINED`.
        tokens: Of all sequences in a step.
    """
    weight, gradient, states = TRAINED[how]
    trained = model.params
    return Budget(
        weights=weight * trained,
        gradients=gradient * trained,
        optimizer=states * trained,
        activations=activation_bytes(model, tokens, weight),
    )


def lora(
    model: Architecture,
    precision: str = "bf16",
    *,
    rank: int = 16,
    tokens: int = 0,
    dtype: str = "bf16",
) -> Budget:
    """To train adapters on all linear layers, in fp32 with AdamW, beside frozen weights.

    Args:
        model: What is frozen.
        precision: How; with `nf4` and `nf4-dq` this is QLoRA.
        rank: Of the adapters.
        tokens: Of all sequences in a step.
        dtype: What is computed in, and what is not quantized is held in, where `precision`
            quantizes.
    """
    weight, gradient, states = TRAINED["fp32"]
    trained = lora_params(model, rank)
    kept = inference(model, precision, dtype=dtype)
    width = DTYPE_BYTES[precision if precision in DTYPE_BYTES else dtype]
    return Budget(
        weights=kept.weights,
        adapter=weight * trained,
        gradients=gradient * trained,
        optimizer=states * trained,
        activations=activation_bytes(model, tokens, width),
    )


@cache  # a model has hundreds of tensors, and a slider asks again at each step
def weight_bytes(model: Architecture, precision: str, dtype: str) -> int:
    """Bytes of a model's weights; as :func:`engine.numerics.footprint.footprint` counts them."""
    return footprint(model.weights, precision, dtype).total


def lora_params(model: Architecture, rank: int, modules: Collection[str] = LINEAR) -> int:
    """Weights of adapters on the linear layers of these names: rank * (in + out) each."""
    return model.layers * sum(
        rank * (out + into)
        for name, (out, into) in zip(LINEAR, model.linear, strict=True)
        if name in modules
    )


def activation_bytes(model: Architecture, tokens: int, width: int) -> int:
    """An estimate of what is kept for the backward pass, with gradient checkpointing.

    Args:
        model: What is trained.
        tokens: Of all sequences in a step.
        width: Bytes of a number in what is computed.
    """
    between_layers = model.layers * model.hidden * width
    in_and_out = sum(out + into for out, into in model.linear)
    one_layer = in_and_out * width
    logits = model.vocabulary * (width + 8)  # and once more in fp32, with a gradient in fp32
    return tokens * (between_layers + one_layer + logits)
