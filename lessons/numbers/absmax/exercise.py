"""Absmax by hand: real numbers to integers and back, with nothing but torch's arithmetic.

    q = clip(round(s * x))        x_hat = q / s        s = top / max |x|

The top of 8 bits is 127. Integers go from -top to top: the lowest, -128, is not used.
Halves round to the even neighbour, which is what torch.round does.
"""

import torch


def scale(x: torch.Tensor, bits: int = 8) -> float:
    """The scale s: how many integers one unit of x gets.

    If all of x is 0, any scale would do: give 1.0.
    """
    raise NotImplementedError


def quantize(x: torch.Tensor, s: float, bits: int = 8) -> torch.Tensor:
    """Integers for x, as torch.int8, of the shape of x.

    x may hold numbers that the scale was not made for: clip them to -top or top.
    """
    raise NotImplementedError


def dequantize(q: torch.Tensor, s: float) -> torch.Tensor:
    """The numbers that the integers stand for, as torch.float32."""
    raise NotImplementedError


def error(x: torch.Tensor, bits: int = 8) -> float:
    """The mean squared error that x suffers on the way to integers and back."""
    raise NotImplementedError


def quantize_rows(x: torch.Tensor, bits: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    """The same with a scale for each row of a matrix.

    Returns:
        The integers, of the shape of x, and the scales, float32 of shape (rows, 1).
        A row of zeros has scale 1.0.
    """
    raise NotImplementedError
