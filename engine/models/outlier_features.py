"""Outlier features put into a model in a way that leaves its function unchanged.

Large models have a few channels whose activations are many times as large as all others'. Small
ones have none, but can be given some: where a norm writes channel i and linear layers read it,

    norm.weight[i] * factor          linear.weight[:, i] / factor

cancel out. With a power of two both are exact, so the logits are equal to the last bit, and all
that changes is what quantization meets.

The phenomenon: Dettmers et al., "LLM.int8()" (2022), section 4. The trick, the other way round:
Xiao et al., "SmoothQuant" (2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import frexp

import torch
from torch import nn

READERS = {
    "input_layernorm": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "post_attention_layernorm": ("mlp.gate_proj", "mlp.up_proj"),
}
"""In each layer of a Qwen2 model: a norm, and the linear layers that read what it writes."""


@torch.no_grad()
def put_in(model: nn.Module, channels: Sequence[int], factor: float) -> None:
    """Make channels of every norm `factor` times as large, in place; the logits stay equal.

    Args:
        model: A Qwen2ForCausalLM, not quantized.
        channels: The same in all layers, as in large models.
        factor: A power of two.

    Raises:
        ValueError: The factor is no power of two: rounding would change the model's function.
    """
    if frexp(factor)[0] != 0.5:
        raise ValueError(f"{factor:g} is no power of two")
    for layer in model.model.layers:
        for norm, readers in READERS.items():
            layer.get_submodule(norm).weight[list(channels)] *= factor
            for reader in readers:
                layer.get_submodule(reader).weight[:, list(channels)] /= factor
