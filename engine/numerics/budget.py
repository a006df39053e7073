"""Memory to use a model and to train it, part by part, before anything is loaded.

    inference      weights + keys and values + drawing the next token of each row
    full           weights + gradients + optimizer states + activations
    LoRA, QLoRA    frozen weights + the same three for the adapter alone + activations

Bytes a trained weight, by how it is trained:

    fp32           4 weight + 4 gradient + 8 AdamW's two moments                      16
    mixed          2 weight + 2 gradient + 4 master copy in fp32 + 8 moments          16
    bf16           2 weight + 2 gradient + 4 moments in bf16 as well                   8

Weights, gradients, states and keys and values are exact. Activations are an estimate, for attention
that keeps no score matrix. To train in full: gradient checkpointing, with the input of each layer,
what one layer keeps while it is computed again, and the logits with their gradient. To train an
adapter: what autograd keeps beside frozen layers (`kept_a_token`), of all layers, or with
checkpointing of one and the inputs of the others; and the head's loss, computed in pieces and never
for all tokens at once. What a process needs before it holds any model (about 0.5 GB), and memory
that is free but in pieces, come on top.

Rajbhandari et al., "ZeRO" (2020), section 3, on 16 bytes; Hu et al., "LoRA" (2021).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from engine.numerics.architecture import LINEAR, Architecture
from engine.numerics.footprint import DTYPE_BYTES, footprint

TRAINED = {"fp32": (4, 4, 8), "mixed": (2, 2, 12), "bf16": (2, 2, 4)}
"""Bytes of weight, gradient and optimizer states a trained weight."""
PIECE = 256 * 32_768
"""Logits that the loss of an adapter's training holds at once. The whole vocabulary of a batch
would be gigabytes; in pieces of this size SmolLM2 takes no longer."""
PIECE_BYTES = 36
"""Bytes a logit of a piece: the logit itself and eight more of its size, in fp32, on the way back.
TRL's kernel for cards holds one in bf16 and takes pieces of 16 times the tokens: as much."""
DRAW_BYTES = 20
"""Bytes a logit to draw a token: the logits in fp32, their sorted copy, what is summed up of it,
and the sort's own room."""
ROOMY = 0.5
"""Share of the memory up to which a training keeps its activations. Beyond it they are computed
again, a quarter slower: an estimate may be off, and other programs need memory as well."""


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
    logits: int = 0
    """Of a step of drawing, or of a piece of the loss."""
    recomputed: bool = False
    """Whether activations are computed again on the way back: gradient checkpointing."""

    @property
    def total(self) -> int:
        """All bytes."""
        parts = (self.weights, self.adapter, self.kv_cache, self.gradients, self.optimizer)
        return sum(parts) + self.activations + self.logits


def inference(
    model: Architecture, precision: str, *, tokens: int = 0, rows: int = 0, dtype: str = "bf16"
) -> Budget:
    """To generate.

    Args:
        model: What is loaded.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        tokens: Prompt and answer together, of all sequences in the batch.
        rows: Sequences that draw their next token together.
        dtype: Of keys and values, and of what is not quantized, where `precision` quantizes.
    """
    kept = precision if precision in DTYPE_BYTES else dtype
    return Budget(
        weights=weight_bytes(model, precision, kept),
        kv_cache=model.kv_bytes(tokens, kept),
        logits=DRAW_BYTES * rows * model.vocabulary,
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
    modules: Collection[str] = LINEAR,
    recomputed: bool = True,
) -> Budget:
    """To train adapters, in fp32 with AdamW, beside frozen weights.

    Args:
        model: What is frozen.
        precision: How; with `nf4` and `nf4-dq` this is QLoRA.
        rank: Of the adapters.
        tokens: Of all sequences in a step, padding included.
        dtype: What is computed in, and what is not quantized is held in, where `precision`
            quantizes.
        modules: Layers with an adapter.
        recomputed: Whether activations are computed again on the way back.
    """
    weight, gradient, states = TRAINED["fp32"]
    trained = lora_params(model, rank, modules)
    kept = inference(model, precision, dtype=dtype)
    width = DTYPE_BYTES[precision if precision in DTYPE_BYTES else dtype]
    a_layer = kept_a_token(model, width, rank, modules)
    input_of_a_layer = model.hidden * width
    held = a_layer + model.layers * input_of_a_layer if recomputed else model.layers * a_layer
    return Budget(
        weights=kept.weights,
        adapter=weight * trained,
        gradients=gradient * trained,
        optimizer=states * trained,
        activations=tokens * held,
        logits=PIECE_BYTES * min(PIECE, tokens * model.vocabulary),
        recomputed=recomputed,
    )


def lora_in(
    model: Architecture, precision: str, *, room: int, scattered: float = 1.0, **asked: Any
) -> Budget:
    """As `lora`, with the activations kept where the memory is roomy.

    The one place that says which: a forecast and the training itself both ask here.

    Args:
        model: What is frozen.
        precision: How.
        room: Bytes of memory that can be had.
        scattered: Bytes of memory for each byte of kept activations.
        **asked: As `lora` takes it.
    """
    kept = lora(model, precision, recomputed=False, **asked)
    kept = replace(kept, activations=round(scattered * kept.activations))
    return kept if kept.total <= ROOMY * room else lora(model, precision, **asked)


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


def kept_a_token(
    model: Architecture, width: int, rank: int, modules: Collection[str] = LINEAR
) -> int:
    """Bytes that one layer keeps a token for the backward pass, its weights frozen.

    A frozen matrix keeps nothing. The two norms keep their input, attention its queries, its result
    and its keys and values for each head, the MLP the three that it is multiplied of; and an
    adapter its input, the noise that dropped parts of it, and its `rank` numbers.

    Args:
        model: What is trained.
        width: Bytes of a number in what is computed.
        rank: Of the adapters.
        modules: Layers with one.
    """
    heads = model.heads * model.head_size
    beside = 2 * model.hidden + 4 * heads + 3 * model.intermediate
    adapters = sum(
        2 * into + rank
        for name, (_, into) in zip(LINEAR, model.linear, strict=True)
        if name in modules
    )
    return width * beside + 4 * adapters


def activation_bytes(model: Architecture, tokens: int, width: int) -> int:
    """An estimate of what training in full keeps, with gradient checkpointing and all logits.

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
