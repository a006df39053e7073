"""4-bit layers held to the plain formula once they are loaded, and mended where they are off.

bitsandbytes 0.50.2's kernel for CPUs with AVX512 takes a block of 64 numbers for each row's own:
where a layer's inputs are no multiple of 64, such as 80 or 96, the constants of other blocks are
used, and outputs are off by a quarter where NF4 itself costs a tenth. The same kernel is right for
rows of one block each, so there it is given those, and the numbers take their shape afterwards.
"""

from __future__ import annotations

import warnings
from math import prod

import torch
from torch import Tensor, nn

from engine.errors import EngineError
from engine.models.libraries import bitsandbytes as bnb
from engine.models.precision import Fallback
from engine.numerics.footprint import BLOCK

FURTHEST = 0.02
"""How far outputs may be from the formula's, relative to their size: bf16 rounds to 0.3%."""

_overriding: torch.library.Library | None = None


def held_to_formula(model: nn.Module) -> list[Fallback]:
    """See that 4-bit layers compute what their codes and constants say.

    One layer of each number of inputs is looked at.

    Returns:
        What was done about it, if anything.

    Raises:
        EngineError: They do not, and no way is known to have them do so.
    """
    layers: dict[int, bnb.nn.Linear4bit] = {}
    for each in model.modules():
        if isinstance(each, bnb.nn.Linear4bit) and each.weight.quant_state is not None:
            least = layers.setdefault(each.in_features, each)  # the one that is looked at soonest
            if each.out_features < least.out_features:
                layers[each.in_features] = each
    uneven = [inputs for inputs in layers if inputs % BLOCK]
    wrong = [inputs for inputs, layer in layers.items() if off(layer) > FURTHEST]
    if wrong and next(model.parameters()).device.type == "cpu":
        _take_whole_blocks()
        wrong = [inputs for inputs in wrong if off(layers[inputs]) > FURTHEST]
    told = ", ".join(map(str, wrong or uneven))
    if not wrong:
        why = f"bitsandbytes' kernel for this CPU is wrong for layers of {told} inputs"
        what = "4-bit weights are read block by block"
        return [Fallback(what, why)] if uneven and _overriding is not None else []
    raise EngineError(
        f"bitsandbytes computes 4-bit layers of {told} inputs wrongly on this device.",
        "Take int8 or bf16, or another version of bitsandbytes.",
    )


@torch.no_grad()
def off(layer: bnb.nn.Linear4bit) -> float:
    """How far a layer's outputs are from those of its weights by the formula, relative to these."""
    weights = plain(layer.weight)
    inputs = torch.linspace(-1, 1, 3 * layer.in_features, device=weights.device).sin()
    x = inputs.reshape(3, -1).to(layer.compute_dtype or torch.float32)
    bias = 0.0 if layer.bias is None else layer.bias.float()
    right = x.float() @ weights.T + bias
    got = layer(x).float(), layer(x[:1]).float()  # a single row may take another kernel
    return max(
        float((each - right[: len(each)]).norm() / right[: len(each)].norm()) for each in got
    )


def plain(weight: bnb.nn.Params4bit) -> Tensor:
    """A 4-bit weight's numbers, in fp32: each block's constant times what its codes stand for."""
    state = weight.quant_state
    absmax = state.absmax
    if state.nested:
        second = state.state2
        per_block = second.absmax.repeat_interleave(second.blocksize)[: absmax.numel()]
        absmax = second.code[absmax.long()] * per_block + state.offset
    packed = weight.data.reshape(-1).view(torch.uint8)
    codes = torch.stack([packed >> 4, packed & 15], -1).reshape(-1)[: state.shape.numel()]
    scales = absmax.float().repeat_interleave(state.blocksize)[: codes.numel()]
    return (state.code[codes.long()].float() * scales).reshape(state.shape)


def _take_whole_blocks() -> None:
    """From now on, in this process, have the CPU's kernel read rows of one block each."""
    global _overriding
    if _overriding is not None:
        return
    kernel = torch.library.get_kernel("bitsandbytes::dequantize_4bit", "CPU")

    def dequantize(keys, codes, absmax, blocksize, kind, shape, dtype):
        rows, numbers = shape, prod(shape)
        if shape[-1] % blocksize:
            whole = numbers % blocksize == 0
            rows = [numbers // blocksize, blocksize] if whole else [numbers, 1]  # 1: torch's way
        found = kernel.call_boxed(keys, codes, absmax, blocksize, kind, rows, dtype)
        return found.reshape(shape)

    _overriding = torch.library.Library("bitsandbytes", "IMPL")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a kernel is overridden: that is the purpose
        _overriding.impl(
            "dequantize_4bit", dequantize, "CPU", with_keyset=True, allow_override=True
        )
