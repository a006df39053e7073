"""Where a range comes from: what was seen, what to leave out of it, and when it is decided.

    min_max(x)             the least and the greatest number seen: nothing is clipped
    percentile(x, 0.999)   the middle 99.9%: the rest is clipped, what remains has finer steps
    least_error(x, bits)   of many ranges, the one whose mean squared error is least

A static map is fitted once, to what a calibration set gave, and used for all that comes after. A
dynamic one is fitted to each piece as it comes, which needs no calibration set and costs a pass
over every piece. `split_error` says what a map costs: rounding inside its range, clipping outside.

Nagel et al., "A White Paper on Neural Network Quantization" (2021), section 3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.numerics.affine import (
    Affine,
    NotQuantizable,
    asymmetric,
    checked,
    fake_quantize,
    zero_point,
)

SHARES = 40
"""How many ranges `least_error` tries."""


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where numbers are given integers of their own."""

    low: float
    high: float
    """Not below `low`."""

    def affine(self, bits: int = 8) -> Affine:
        """The asymmetric map of this range."""
        return asymmetric(self.low, self.high, bits)


Method = Callable[[Tensor], Range]
"""From what was seen to a range."""


def min_max(x: Tensor) -> Range:
    """All that was seen.

    Raises:
        NotQuantizable: x is empty or holds a NaN or an infinity.
    """
    x = checked(x)
    return Range(x.min().item(), x.max().item())


def percentile(x: Tensor, share: float = 0.999) -> Range:
    """The middle of what was seen: (1 - share) / 2 of the numbers are left out at either end.

    Both ends are numbers that were seen, as near to the quantile as there is one, further in.

    Args:
        x: Any float tensor.
        share: Above 0, at most 1; 1 is `min_max`.

    Raises:
        NotQuantizable: As in `min_max`, or no such share.
    """
    if not 0 < share <= 1:
        raise NotQuantizable(f"A share of {share:g} is none.", "Choose above 0 and up to 1.")
    flat = checked(x).flatten()
    out = min(int(flat.numel() * (1 - share) / 2 + 1e-9), (flat.numel() - 1) // 2)
    low = flat.kthvalue(out + 1).values
    high = flat.kthvalue(flat.numel() - out).values
    return Range(low.item(), high.item())


def least_error(x: Tensor, bits: int = 8) -> Range:
    """The part of the whole range that quantizes x with the least mean squared error.

    Shares of the min-max range from all of it down to a fortieth are tried, so it is never worse
    than `min_max` on what it was fitted to.

    Args:
        x: Any float tensor.
        bits: Width of the integer that the range is for.

    Raises:
        NotQuantizable: As in `min_max`.
    """
    flat, whole = checked(x).flatten(), min_max(x)
    tried = [
        Range(whole.low * part / SHARES, whole.high * part / SHARES)
        for part in range(SHARES, 0, -1)
    ]
    return min(tried, key=lambda each: squared_error(flat, each.affine(bits)))


def squared_error(x: Tensor, affine: Affine) -> float:
    """The summed squared error of x under one map for all of it: ten times faster than `mse`.

    The same arithmetic in one buffer and without the integers: `least_error` asks it forty times.
    """
    zero = affine.zero_point.item()
    off = (x * affine.scale).round_()
    off.clamp_(affine.q_min - zero, affine.q_max - zero).div_(affine.scale).sub_(x)
    return torch.dot(off.flatten(), off.flatten()).item()


def static(seen: Sequence[Tensor], method: Method = min_max, bits: int = 8) -> Affine:
    """One map for all that comes, fitted to all that a calibration set gave.

    Args:
        seen: Tensors of any shapes.
        method: What makes a range of them; the tensors are joined for it.
        bits: Width of the integer.

    Raises:
        NotQuantizable: Nothing was seen, or as the method does.
    """
    if not seen:
        raise NotQuantizable("The calibration set is empty.", "Give at least one tensor.")
    return method(torch.cat([each.flatten() for each in seen])).affine(bits)


def dynamic(pieces: Iterable[Tensor], bits: int = 8) -> Iterator[Affine]:
    """A map for each piece as it comes, fitted to that piece alone."""
    for piece in pieces:
        yield zero_point(piece, bits)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a map costs, in squared units of x; both parts add up to the mean squared error."""

    rounding: float
    """Of the numbers inside the range."""
    clipping: float
    """Of those outside."""
    clipped: float
    """The share of the numbers that are outside."""

    @property
    def total(self) -> float:
        """The mean squared error."""
        return self.rounding + self.clipping


def split_error(x: Tensor, affine: Affine) -> Cost:
    """The mean squared error of x, in two parts: from rounding and from clipping.

    Raises:
        NotQuantizable: x is empty or holds a NaN or an infinity.
    """
    x = checked(x)
    squared = (x.double() - fake_quantize(x, affine).double()).square()
    half = affine.step / 2
    outside = (x < affine.low - half) | (x > affine.high + half)
    return Cost(
        rounding=squared.masked_fill(outside, 0).mean().item(),
        clipping=squared.masked_fill(~outside, 0).mean().item(),
        clipped=outside.double().mean().item(),
    )


@contextmanager
def inputs_of(modules: Iterable[nn.Module]) -> Iterator[list[list[Tensor]]]:
    """Record what goes into modules while the model runs.

        with inputs_of([layer.mlp.down_proj]) as (seen,):
            model(input_ids)

    Yields:
        For each module, the first argument of each of its calls, detached, as it was.
    """
    modules = list(modules)
    seen: list[list[Tensor]] = [[] for _ in modules]
    hooks = [
        module.register_forward_pre_hook(
            lambda _, args, into=into: into.append(args[0].detach().clone())
        )
        for module, into in zip(modules, seen, strict=True)
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
