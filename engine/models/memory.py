"""What a model takes: foreseen from its shape before it is loaded, and counted afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from engine.errors import NotEnoughMemory
from engine.models.libraries import bitsandbytes as bnb
from engine.models.libraries import transformers
from engine.models.precision import Plan
from engine.models.precision import plan as planned
from engine.numerics.footprint import DTYPE_BYTES, Footprint, Weight, footprint

QUANTIZED = (nn.Linear, transformers.pytorch_utils.Conv1D)
"""What bitsandbytes quantizes: linear layers, and GPT-2's, which hold the same the other way up."""
ADVISED = ("bf16", "int8", "nf4-dq")
"""Precisions to advise where one does not fit, the largest first."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's tensors, without their values."""

    weights: tuple[Weight, ...]
    """Every parameter once."""
    buffer_bytes: int

    def bytes(self, precision: str, dtype: str) -> Footprint:
        """The bytes of its weights by the formula."""
        return footprint(self.weights, precision, dtype)

    def needed(self, precision: str, dtype: str) -> int:
        """Bytes to load it: all of it, and the largest tensor once more on its way in."""
        largest = max(weight.size for weight in self.weights) * DTYPE_BYTES[dtype]
        return self.bytes(precision, dtype).total + self.buffer_bytes + largest


@dataclass(frozen=True, slots=True)
class Counted:
    """What a model has, counted in its tensors; memory that two of them share counts once."""

    quantized_params: int
    """Weights held in 4 or 8 bits."""
    unquantized_params: int
    """The others, a tied one once."""
    bytes_parameters: int
    """All weights, with the constants of the quantized ones."""
    bytes_buffers: int
    """What a model keeps beside its weights, such as rotary frequencies."""


def shape_of(config: transformers.PretrainedConfig) -> Shape:
    """The shape of the model that a config describes. Reserves no memory for weights."""
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(config)
    model.tie_weights()
    kept = model.get_output_embeddings()
    linear = {
        id(module.weight)
        for module in model.modules()
        if type(module) in QUANTIZED and module is not kept
    }
    return Shape(
        weights=tuple(Weight(tuple(p.shape), id(p) in linear) for p in model.parameters()),
        # rotary frequencies are computed in fp32 whatever the model's dtype
        buffer_bytes=sum(buffer.numel() * buffer.element_size() for buffer in model.buffers()),
    )


def check(name: str, shape: Shape, plan: Plan, memory: tuple[int, int]) -> None:
    """See that a model can be loaded, before that is tried.

    Args:
        name: As the learner calls it.
        shape: The model's.
        plan: How it is going to be held.
        memory: Bytes of the device's memory in all, and free.

    Raises:
        NotEnoughMemory: With the figures, and a precision that would fit if there is one.
    """
    total, free = memory
    needed = shape.needed(plan.precision, plan.dtype)
    if needed <= free:
        return
    where = "the card" if plan.device.type == "cuda" else "this machine"
    what = (
        f"{name} in {plan.precision} needs {spoken(needed)} to load; "
        f"{where} has {spoken(free)} free of {spoken(total)}."
    )
    fits = [
        f"{precision} needs {spoken(size)}"
        for precision in ADVISED
        if (size := shape.needed(precision, planned(precision, str(plan.device)).dtype)) <= free
    ]
    advice = f"Choose a smaller precision ({fits[0]}), or free" if fits else "Free"
    raise NotEnoughMemory(what, f"{advice} memory, or choose a smaller model.")


def count(model: nn.Module) -> Counted:
    """Count a model's weights and the memory that they hold."""
    small = large = 0
    for parameter in model.parameters():
        if isinstance(parameter, bnb.nn.Params4bit) and parameter.quant_state is not None:
            small += parameter.quant_state.shape.numel()
        elif isinstance(parameter, bnb.nn.Int8Params):
            small += parameter.numel()
        else:
            large += parameter.numel()
    return Counted(
        quantized_params=small,
        unquantized_params=large,
        bytes_parameters=_held(_parameters(model)),
        bytes_buffers=_held(model.buffers()),
    )


def left_whole(model: nn.Module) -> tuple[int, int]:
    """Weights of matrices, tables and the head aside, that were not quantized; and all weights.

    Such are a mixture's experts, held as one tensor of all of them and not as linear layers.
    """
    head = model.get_output_embeddings()
    counted = count(model)
    whole = sum(
        parameter.numel()
        for module in model.modules()
        if module is not head and not isinstance(module, nn.Embedding)
        for parameter in module.parameters(recurse=False)
        if parameter.dim() > 1 and not isinstance(parameter, (bnb.nn.Params4bit, bnb.nn.Int8Params))
    )
    return whole, counted.quantized_params + counted.unquantized_params


def share_tables(model: nn.Module) -> None:
    """Let all 4-bit weights use one copy of each code table; each comes with its own."""
    tables: list[torch.Tensor] = []

    def shared(table: torch.Tensor) -> torch.Tensor:
        for known in tables:
            if known.shape == table.shape and torch.equal(known, table):
                return known
        tables.append(table)
        return table

    for state in _states(model):
        state.code = shared(state.code)
        if state.nested:
            state.state2.code = shared(state.state2.code)


def spoken(size: float) -> str:
    """Bytes for people: `840 MB`, `3.1 GB`."""
    return f"{size / 1e9:.1f} GB" if size >= 999.5e6 else f"{max(size / 1e6, 0.1):.3g} MB"


def _states(model: nn.Module) -> Iterator[bnb.functional.QuantState]:
    for parameter in model.parameters():
        if isinstance(parameter, bnb.nn.Params4bit) and parameter.quant_state is not None:
            yield parameter.quant_state


def _parameters(model: nn.Module) -> Iterator[torch.Tensor]:
    """Every tensor that weights are held in."""
    yield from model.parameters()
    for state in _states(model):
        yield from (state.absmax, state.code)
        if state.nested:
            yield from (state.offset, state.state2.absmax, state.state2.code)
    for module in model.modules():
        if isinstance(module, bnb.nn.Linear8bitLt):
            held = (module.weight.CB, module.weight.SCB, module.state.CB, module.state.SCB)
            yield from (tensor for tensor in held if tensor is not None)


def _held(tensors: Iterator[torch.Tensor]) -> int:
    """Bytes of the memory behind tensors, each piece of it once."""
    pieces = {(t.device, t.untyped_storage().data_ptr()): t.untyped_storage() for t in tensors}
    return sum(piece.nbytes() for piece in pieces.values())
