"""8-bit matrix products, and what outliers do to them: the schemes of LLM.int8.

    y[t, o] = sum_i x[t, i] * w[o, i]
            ~ sum_i (q_x[t, i] - z_x[t]) * (q_w[o, i] - z_w[o])  /  (s_x[t] * s_w[o])

Within one sum of integers a scale must not depend on i: an activation's may differ from row to row
(one a token), a weight's from output to output, but neither from one input channel to the next. So
one channel of large activations makes the steps of all others coarse. Two ways cut the sum over i.
Decomposition takes such channels out and multiplies them in floating point; groups give each run
of channels a sum and scales of its own, and add the sums in floating point.

Dettmers et al., "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale" (2022),
sections 2 and 3, table 1. Groups: ggml's product of Q4_0 by Q8_0, 32 channels each; DeepSeek-AI,
"DeepSeek-V3 Technical Report" (2024), section 3.3.2, 128 channels each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.numerics.affine import Affine, absmax, quantize, zero_point

THRESHOLD = 6.0
"""A channel with an activation of at least this size is an outlier feature."""
EXACT = 2**24
"""Up to here float32 holds every integer, so that sums of integers in it are exact."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How both sides of a matrix product become 8-bit integers."""

    name: str
    """As the table of results has it."""
    asymmetric: bool = False
    """Zero-point in place of absmax, on both sides."""
    by_row: bool = False
    """A scale for each row of the activations; otherwise one for all."""
    by_output: bool = False
    """A scale for each output of the weights; otherwise one for all."""
    decomposed: bool = False
    """Whether outlier features are multiplied in floating point."""


ABSMAX = Scheme("absmax")
ZERO_POINT = Scheme("zero-point", asymmetric=True)
ROW_WISE = Scheme("absmax row-wise", by_row=True)
VECTOR_WISE = Scheme("absmax vector-wise", by_row=True, by_output=True)
ZERO_POINT_VECTOR_WISE = Scheme("zero-point vector-wise", True, by_row=True, by_output=True)
ROW_WISE_DECOMPOSED = Scheme("absmax row-wise + decomposition", by_row=True, decomposed=True)
LLM_INT8 = Scheme("absmax LLM.int8", by_row=True, by_output=True, decomposed=True)
LLM_INT8_ZERO_POINT = Scheme("zero-point LLM.int8", True, True, True, decomposed=True)

SCHEMES = (
    ABSMAX,
    ZERO_POINT,
    ROW_WISE,
    VECTOR_WISE,
    ZERO_POINT_VECTOR_WISE,
    ROW_WISE_DECOMPOSED,
    LLM_INT8,
    LLM_INT8_ZERO_POINT,
)
"""In the order of the paper's table."""


@dataclass(frozen=True, slots=True)
class Quantized:
    """One side of a product as integers."""

    integers: Tensor
    """q - z, held in float32."""
    most: int
    """No integer is larger: 127, or 255 with a zero-point."""
    scale: Tensor
    """Shape () or (rows, 1)."""


def outlier_features(x: Tensor, threshold: float = THRESHOLD) -> Tensor:
    """Which channels hold an outlier.

    Args:
        x: Activations, (tokens, channels).
        threshold: From this size on a number is an outlier.

    Returns:
        bool, (channels,).
    """
    return (x.abs() >= threshold).any(0)


def side(x: Tensor, *, asymmetric: bool, by_row: bool) -> Quantized:
    """Quantize one side of a product to 8 bits.

    Args:
        x: Activations (tokens, channels) or a weight (outputs, channels).
        asymmetric: By zero-point; otherwise by absmax.
        by_row: A scale for each row.

    Raises:
        NotQuantizable: x is empty or holds a NaN or an infinity.
    """
    fit = zero_point if asymmetric else absmax
    affine: Affine = fit(x, 8, 0 if by_row else None)
    integers = quantize(x, affine).float() - affine.zero_point
    return Quantized(integers, 255 if asymmetric else 127, affine.scale)


def product(x: Quantized, weight: Quantized) -> Tensor:
    """(tokens, channels) by (outputs, channels): the integers' exact product, then the scales."""
    sums = x.integers.shape[-1] * x.most * weight.most
    wide = torch.float32 if sums < EXACT else torch.float64
    integers = x.integers.to(wide) @ weight.integers.to(wide).T
    return (integers / x.scale.to(wide) / weight.scale.to(wide).reshape(-1)).float()


def matmul(x: Tensor, weight: Tensor, scheme: Scheme, threshold: float = THRESHOLD) -> Tensor:
    """X @ weight.T as a scheme computes it.

    Args:
        x: Activations, (tokens, channels), float32.
        weight: (outputs, channels), float32.
        scheme: One of :data:`SCHEMES`.
        threshold: For schemes that decompose. The weights of outlier features are taken as they
            are, as in the paper; bitsandbytes dequantizes them, since it keeps no others.

    Returns:
        (tokens, outputs), float32.
    """
    kept = outlier_features(x, threshold) if scheme.decomposed else None
    if kept is None or not kept.any():
        return _in_integers(x, weight, scheme)
    exact = x[:, kept] @ weight[:, kept].T
    if kept.all():
        return exact
    return exact + _in_integers(x[:, ~kept], weight[:, ~kept], scheme)


def in_groups(x: Tensor, weight: Tensor, group: int) -> Tensor:
    """X @ weight.T in INT8, vector-wise within each run of `group` channels.

    Args:
        x: Activations, (tokens, channels), float32.
        weight: (outputs, channels), float32.
        group: Channels that share scales; the last group may have fewer.

    Returns:
        (tokens, outputs), float32: one sum of integers a group, added in floating point.
    """
    parts = zip(x.split(group, 1), weight.split(group, 1), strict=True)
    return torch.stack([_in_integers(*part, VECTOR_WISE) for part in parts]).sum(0)


def _in_integers(x: Tensor, weight: Tensor, scheme: Scheme) -> Tensor:
    return product(
        side(x, asymmetric=scheme.asymmetric, by_row=scheme.by_row),
        side(weight, asymmetric=scheme.asymmetric, by_row=scheme.by_output),
    )
