"""Zero-point quantization in five parts: constants, there, back, bytes, error.

    s = 255 / (x_max - x_min)         z = -128 - round(s * x_min)
    q = clip(round(s * x) + z)        x_hat = (q - z) / s

Integers are INT8, from -128 to 127. Halves round to the even neighbour, as torch.round does. You
may round before z is added or after: only halves differ, and only where z is odd. torch has both:
quantize_per_tensor rounds s*x + z, and fake quantization, as in training, rounds s*x.

Before you begin, take 0.0 into the range: x_min is the least number of x or 0.0, whichever is less,
and x_max the greatest number of x or 0.0. Where x has numbers on both sides of 0 this changes
nothing; else it keeps z within INT8, and a tensor of equal numbers from dividing by 0.
"""

import torch


def scale_and_zero_point(x: torch.Tensor) -> tuple[float, int]:
    """Part 1: the constants s and z.

    If all of x is 0, any s would do: take s = 1.0, and z = -128 by the formula.
    """
    raise NotImplementedError


def quantize(x: torch.Tensor, s: float, z: int) -> torch.Tensor:
    """Part 2: integers for x, as torch.int8, of the shape of x.

    s and z may come from another tensor, and x may reach beyond: clip to -128 or 127.
    """
    raise NotImplementedError


def dequantize(q: torch.Tensor, s: float, z: int) -> torch.Tensor:
    """Part 3: the numbers that the integers stand for, as torch.float32.

    q is torch.int8, and so is what torch makes of q - z if z is an int.
    """
    raise NotImplementedError


def bytes_of(x: torch.Tensor) -> int:
    """Part 4: how many bytes the numbers of a tensor take, whatever its dtype and shape."""
    raise NotImplementedError


def mean_squared_error(x: torch.Tensor, x_hat: torch.Tensor) -> float:
    """Part 5: the mean of the squared differences between two tensors."""
    raise NotImplementedError
