"""Zero-point quantization in five parts: constants, there, back, bytes, error."""

import torch

LOWEST, HIGHEST = -128, 127


def scale_and_zero_point(x: torch.Tensor) -> tuple[float, int]:
    """Part 1: the constants s and z."""
    x_min, x_max = min(x.min().item(), 0.0), max(x.max().item(), 0.0)
    s = (HIGHEST - LOWEST) / (x_max - x_min) if x_max > x_min else 1.0
    return s, LOWEST - round(s * x_min)  # Python rounds halves to even too


def quantize(x: torch.Tensor, s: float, z: int) -> torch.Tensor:
    """Part 2: integers for x, as torch.int8, of the shape of x."""
    return (torch.round(s * x) + z).clamp(LOWEST, HIGHEST).to(torch.int8)


def dequantize(q: torch.Tensor, s: float, z: int) -> torch.Tensor:
    """Part 3: the numbers that the integers stand for, as torch.float32."""
    return (q.to(torch.float32) - z) / s  # widened first: 127 - (-100) is no int8


def bytes_of(x: torch.Tensor) -> int:
    """Part 4: how many bytes the numbers of a tensor take, whatever its dtype and shape."""
    return x.element_size() * x.numel()


def mean_squared_error(x: torch.Tensor, x_hat: torch.Tensor) -> float:
    """Part 5: the mean of the squared differences between two tensors."""
    return (x - x_hat).square().mean().item()
