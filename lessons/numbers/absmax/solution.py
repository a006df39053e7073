"""Absmax by hand: real numbers to integers and back, with nothing but torch's arithmetic."""

import torch
from torch import Tensor


def scale(x: Tensor, bits: int = 8) -> float:
    """The scale s: how many integers one unit of x gets."""
    alpha = x.abs().max().item()
    return _top(bits) / alpha if alpha else 1.0


def quantize(x: Tensor, s: float, bits: int = 8) -> Tensor:
    """Integers for x, as torch.int8, of the shape of x."""
    top = _top(bits)
    # Clip first: 200 as an int8 would be -56.
    return torch.round(s * x).clamp(-top, top).to(torch.int8)


def dequantize(q: Tensor, s: float) -> Tensor:
    """The numbers that the integers stand for, as torch.float32."""
    return q.to(torch.float32) / s


def error(x: Tensor, bits: int = 8) -> float:
    """The mean squared error that x suffers on the way to integers and back."""
    s = scale(x, bits)
    return (x - dequantize(quantize(x, s, bits), s)).square().mean().item()


def quantize_rows(x: Tensor, bits: int = 8) -> tuple[Tensor, Tensor]:
    """The same with a scale for each row of a matrix."""
    alpha = x.abs().amax(dim=1, keepdim=True)
    scales = torch.where(alpha > 0, _top(bits) / alpha, 1.0)
    return quantize(x, scales, bits), scales


def _top(bits: int) -> int:
    return 2 ** (bits - 1) - 1
