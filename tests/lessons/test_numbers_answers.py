"""Answers to what a quantizer does are what the engine's own quantizer does, not a formula's.

Matrices, bytes and channels are held against it beside their lessons; here are the numbers.
"""

import re
from collections.abc import Callable

import pytest
import torch
from pytest import approx
from torch import Tensor, tensor

from engine.numerics.affine import (
    Affine,
    absmax,
    asymmetric,
    dequantize,
    fake_quantize,
    mse,
    quantize,
    symmetric,
)
from engine.numerics.codes import NF4
from lessons.kit.course.lesson import lesson
from lessons.kit.question import variant

SEEDS = 20
_NUMBER = re.compile(r"(?<![A-Za-z])-?[0-9][0-9,]*(?<!,)(?:\.[0-9]+)?(?![0-9])")


def between(low: float, high: float, count: int = 20_001) -> Tensor:
    """Evenly spread from end to end, in float64 so that no sum loses what is asked for."""
    return torch.linspace(low, high, count, dtype=torch.float64)


def told(s: float, z: float = 0, narrow: bool = False) -> Affine:
    """The INT8 map of the constants that a question tells."""
    return Affine(tensor(s, dtype=torch.float64), tensor(int(z)), 8, narrow)


def largest_error(low: float, high: float, bits: int) -> float:
    x = between(low, high)
    return (x - fake_quantize(x, symmetric(tensor(high, dtype=torch.float64), bits))).abs().max()


def integers_left(low: float, high: float, large: float) -> int:
    x = between(low, high)
    affine = absmax(torch.cat([x, tensor([large], dtype=torch.float64)]))
    return len(quantize(x, affine).unique())


def times_absmax(low: float, high: float) -> float:
    x = between(low, high)
    affine = asymmetric(x.min(), x.max())
    return mse(x, fake_quantize(x, absmax(x))) / mse(x, fake_quantize(x, affine))


def growth(usual: float, large: float) -> float:
    x = between(-usual, usual)
    wide = symmetric(tensor(large, dtype=torch.float64))
    return mse(x, fake_quantize(x, wide)) / mse(x, fake_quantize(x, absmax(x)))


def there_and_back(x: float, affine: Affine) -> float:
    return fake_quantize(tensor(x, dtype=torch.float64), affine).item()


BY_THE_ENGINE: dict[str, tuple[str, Callable[..., float], float]] = {
    "absmax-scale": ("absmax", lambda *x: absmax(tensor(x)).scale.item(), 1e-5),
    "absmax-back": ("absmax", lambda x, s: there_and_back(x, told(s, narrow=True)), 1e-9),
    "absmax-half-step": (
        "absmax",
        lambda low, high, bits: largest_error(low, high, int(bits)).item(),
        1e-3,
    ),
    "absmax-outlier": ("absmax", lambda low, high, large, *_: integers_left(low, high, large), 0),
    "zero-point-scale": (
        "zero-point",
        lambda *x: asymmetric(min(x), max(x)).scale.item(),
        1e-5,
    ),
    "zero-point-z": ("zero-point", lambda a, b, s: asymmetric(a, b).zero_point.item(), 0),
    "zero-point-back": (
        "zero-point",
        lambda s, z, q: dequantize(tensor(q).to(torch.int8), told(s, z)).item(),
        1e-9,
    ),
    "zero-point-times": ("zero-point", times_absmax, 0.01),
    "beyond-the-range": (
        "ranges",
        lambda low, high, s, z, x: abs(x - there_and_back(x, told(s, z))),
        1e-6,
    ),
    "error-growth": ("outliers", growth, 0.05),
    "nf4-value": (
        "four-bits",
        lambda code, constant: float(NF4[int(f"{int(code):04d}", 2)]) * constant,
        1e-3,
    ),
}
"""The lesson, what the engine makes of the numbers told, and how near the answer has to be."""


@pytest.mark.parametrize("name", BY_THE_ENGINE)
def test_the_answer_is_the_engines(name):
    where, engines, within = BY_THE_ENGINE[name]
    asks = lesson(f"numbers/{where}").questions()[name]
    for seed in range(SEEDS):
        body = variant(asks, seed).body
        text = re.sub(r"255 integers|\|x\||NF4", "", body.ask.partition("\n")[0])
        text = re.sub(r"INT([0-9])", r"\1" if name == "absmax-half-step" else "", text)
        numbers = [float(each.replace(",", "")) for each in _NUMBER.findall(text)]
        assert engines(*numbers) == approx(float(body.answer), rel=within, abs=0), (seed, body.ask)
