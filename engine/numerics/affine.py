"""Affine integer quantization: real numbers to integers and back.

    q = clip(round(s * x) + z, q_min, q_max)          x_hat = (q - z) / s

Here the scale multiplies, as in Grootendorst, "A Visual Guide to Quantization" (2024); PyTorch's
convention divides, and `Affine.step` is its scale. Halves round to the even neighbour, as torch's
own operators do.

    absmax        s = q_max / max |x|                     z = 0              -127 .. 127
    zero_point    s = (q_max - q_min) / (high - low)      z = q_min - round(s * low)   -128 .. 127

Where `dim` is given, each slice along it has a map of its own: 0 is one for each row of a matrix.
Integers come back as int8 whatever their width; nothing here packs them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import EngineError

LEAST_BITS, MOST_BITS = 2, 8


class NotQuantizable(EngineError, ValueError):
    """A tensor, a range or a width that no integers can be fitted to."""


@dataclass(frozen=True, slots=True)
class Affine:
    """How a tensor, or each slice of it, maps to integers."""

    scale: Tensor
    """Integers per unit of x, > 0. Shape () or broadcastable to x."""
    zero_point: Tensor
    """The integer that stands for 0.0, as int32. Same shape as `scale`."""
    bits: int
    """Width of the integer, 2 to 8; signed, two's complement."""
    narrow: bool = False
    """Whether the lowest integer is left unused, so that both sides of 0 are alike."""

    @property
    def q_min(self) -> int:
        """The lowest integer: -128 of 8 bits, -127 where `narrow`."""
        return -(2 ** (self.bits - 1)) + self.narrow

    @property
    def q_max(self) -> int:
        """The highest integer: 127 of 8 bits."""
        return 2 ** (self.bits - 1) - 1

    @property
    def step(self) -> Tensor:
        """How far apart two neighbouring integers are in x: 1 / scale, PyTorch's scale."""
        return 1 / self.scale

    @property
    def low(self) -> Tensor:
        """The least number that comes back as it was; what is below is clipped to it."""
        return (self.q_min - self.zero_point) / self.scale

    @property
    def high(self) -> Tensor:
        """The greatest number that comes back as it was; what is above is clipped to it."""
        return (self.q_max - self.zero_point) / self.scale


def absmax(x: Tensor, bits: int = 8, dim: int | None = None) -> Affine:
    """Fit a symmetric map: 0.0 goes to 0 and the largest |x| to 2**(bits-1) - 1.

    A slice of zeros gets scale 1.

    Args:
        x: Any float tensor.
        bits: Width of the integer.
        dim: Fit one scale for each slice along this dimension; None for one in all.

    Raises:
        NotQuantizable: x is empty or holds a NaN or an infinity, or no integer has that width.
    """
    return symmetric(_extreme(checked(x).abs(), "amax", dim), bits)


def zero_point(x: Tensor, bits: int = 8, dim: int | None = None) -> Affine:
    """Fit an asymmetric map: all integers are stretched from the least x to the greatest.

    The range is widened to hold 0.0 where x does not, as PyTorch's observers do: so 0.0 has an
    integer of its own and comes back exactly, and constants are no special case.

    Args:
        x: Any float tensor.
        bits: Width of the integer.
        dim: Fit one map for each slice along this dimension; None for one in all.

    Raises:
        NotQuantizable: x is empty or holds a NaN or an infinity, or no integer has that width.
    """
    x = checked(x)
    return asymmetric(_extreme(x, "amin", dim), _extreme(x, "amax", dim), bits)


def symmetric(alpha: Tensor | float, bits: int = 8) -> Affine:
    """The map of the range -alpha to alpha, whatever tensor it came from.

    Args:
        alpha: Above 0; 0 gets scale 1. One number, or one a slice.
        bits: Width of the integer.

    Raises:
        NotQuantizable: alpha is negative or not finite, or no integer has that width.
    """
    alpha = checked(torch.as_tensor(alpha))
    if (alpha < 0).any():
        raise NotQuantizable(f"alpha is {alpha.min():g}.", "Give the largest absolute value.")
    scale = _scale(2 ** (_checked_bits(bits) - 1) - 1, alpha.double(), alpha.dtype)
    return Affine(scale, torch.zeros_like(scale, dtype=torch.int32), bits, narrow=True)


def asymmetric(low: Tensor | float, high: Tensor | float, bits: int = 8) -> Affine:
    """The map of the range low to high, widened to hold 0.0.

    Args:
        low: One number, or one a slice.
        high: Not below `low`; of the same shape.
        bits: Width of the integer.

    Raises:
        NotQuantizable: The range is upside down or not finite, or no integer has that width.
    """
    low, high = checked(torch.as_tensor(low)), checked(torch.as_tensor(high))
    if (low > high).any():
        raise NotQuantizable(
            f"The range from {low.max():g} to {high.min():g} is upside down.",
            "Give the least number first.",
        )
    least, most = low.double().clamp(max=0), high.double().clamp(min=0)
    q_min, width = -(2 ** (_checked_bits(bits) - 1)), 2**bits - 1
    scale = _scale(width, most - least, low.dtype)
    zero = q_min - torch.round(scale.double() * least)
    return Affine(scale, zero.clamp(q_min, q_min + width).to(torch.int32), bits)


def quantize(x: Tensor, affine: Affine) -> Tensor:
    """Integers for x, clipped to the width; int8, of the shape of x.

    Raises:
        NotQuantizable: x holds a NaN, for which there is no integer.
    """
    if torch.isnan(x).any():
        raise NotQuantizable("There is a NaN in the tensor.", "Find out where it came from first.")
    q = torch.round(_wide(x) * affine.scale) + affine.zero_point
    return q.clamp(affine.q_min, affine.q_max).to(torch.int8)


def dequantize(q: Tensor, affine: Affine) -> Tensor:
    """The numbers that integers stand for, in the scale's dtype; of the shape of q."""
    return (q.to(torch.int32) - affine.zero_point) / affine.scale


def fake_quantize(x: Tensor, affine: Affine) -> Tensor:
    """To integers and straight back: what of x is left, in the dtype of x."""
    return dequantize(quantize(x, affine), affine).to(x.dtype)


def mse(x: Tensor, x_hat: Tensor) -> float:
    """Mean squared error between two tensors of one shape, in squared units of x.

    Raises:
        NotQuantizable: They are empty, or of different shapes.
    """
    if x.shape != x_hat.shape:
        raise NotQuantizable(f"The shapes {tuple(x.shape)} and {tuple(x_hat.shape)} differ.")
    if x.numel() == 0:
        raise NotQuantizable("An empty tensor has no mean.")
    return (x.double() - x_hat.double()).square().mean().item()


def checked(x: Tensor) -> Tensor:
    """x, at least in float32.

    Raises:
        NotQuantizable: It is empty, or holds a NaN or an infinity.
    """
    if x.numel() == 0:
        raise NotQuantizable(
            f"A tensor of shape {tuple(x.shape)} is empty: it has no range.",
            "Give at least one number.",
        )
    finite = torch.isfinite(x)
    if not finite.all():
        count = int((~finite).sum())
        raise NotQuantizable(
            f"{count} of {x.numel()} numbers {'is' if count == 1 else 'are'} NaN or infinite.",
            "Find out where they came from first: no range holds them.",
        )
    return _wide(x)


def _wide(x: Tensor) -> Tensor:
    """In fp16 or bf16 the product s * x would be rounded before it is rounded to an integer."""
    return x if x.dtype in (torch.float32, torch.float64) else x.float()


def _checked_bits(bits: int) -> int:
    if not LEAST_BITS <= bits <= MOST_BITS:
        raise NotQuantizable(
            f"There are no integers of {bits} bits here.",
            f"Choose from {LEAST_BITS} to {MOST_BITS}.",
        )
    return bits


def _scale(integers: int, width: Tensor, dtype: torch.dtype) -> Tensor:
    """Integers / width, 1 where the width is 0, finite where it is all but 0."""
    scale = torch.where(width > 0, integers / width, torch.ones_like(width))
    return scale.clamp(max=torch.finfo(dtype).max).to(dtype)


def _extreme(x: Tensor, which: str, dim: int | None) -> Tensor:
    """The least or greatest number, of all or of each slice along `dim`, kept broadcastable."""
    pick = getattr(torch, which)
    if dim is None:
        return pick(x)
    if not -x.dim() <= dim < x.dim():
        raise NotQuantizable(
            f"A tensor of shape {tuple(x.shape)} has no dimension {dim}.",
            f"Count from 0 to {x.dim() - 1}.",
        )
    others = [axis for axis in range(x.dim()) if axis != dim % x.dim()]
    return pick(x, dim=others, keepdim=True) if others else x
