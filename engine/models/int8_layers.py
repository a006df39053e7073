"""A model whose linear layers compute by one of the 8-bit schemes, to see what a scheme costs.

This is for measuring: weights stay in float32 and are quantized once, activations at each call.
To hold a model in 8 bits, load it in the precision `int8` (:mod:`engine.models.loading`).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from torch import Tensor, nn

from engine.numerics.outliers import (
    THRESHOLD,
    Quantized,
    Scheme,
    outlier_features,
    product,
    side,
)


@dataclass
class Census:
    """How many input channels the calls of all layers had, and how many were held in float."""

    channels: int = 0
    kept: int = 0

    @property
    def share(self) -> float:
        """Of channels held in float; 0 where nothing was counted."""
        return self.kept / self.channels if self.channels else 0.0


class Int8Linear(nn.Module):
    """A linear layer that multiplies by a scheme; :func:`engine.numerics.outliers.matmul`."""

    def __init__(self, linear: nn.Linear, scheme: Scheme, threshold: float, census: Census) -> None:
        """Quantizes the weight; the layer itself is left as it is."""
        super().__init__()
        self.linear, self.scheme, self.threshold, self.census = linear, scheme, threshold, census
        self.all_channels = self._weight(slice(None))

    def forward(self, x: Tensor) -> Tensor:
        """As the linear layer's, but for rounding."""
        flat, scheme = x.reshape(-1, x.shape[-1]), self.scheme
        kept = outlier_features(flat, self.threshold) if scheme.decomposed else None
        self.census.channels += flat.shape[-1]
        if kept is None or not kept.any():
            y = product(self._activations(flat), self.all_channels)
        else:
            self.census.kept += int(kept.sum())
            y = flat[:, kept] @ self.linear.weight[:, kept].T
            if not kept.all():
                y += product(self._activations(flat[:, ~kept]), self._weight(~kept))
        y = y.view(*x.shape[:-1], -1)
        return y if self.linear.bias is None else y + self.linear.bias

    def _activations(self, x: Tensor) -> Quantized:
        return side(x, asymmetric=self.scheme.asymmetric, by_row=self.scheme.by_row)

    def _weight(self, channels: slice | Tensor) -> Quantized:
        weight = self.linear.weight.detach()[:, channels]
        return side(weight, asymmetric=self.scheme.asymmetric, by_row=self.scheme.by_output)


def in_int8(
    model: nn.Module, scheme: Scheme, threshold: float = THRESHOLD
) -> tuple[nn.Module, Census]:
    """A copy of a model whose linear layers, but for the head, compute by a scheme.

    Args:
        model: Unquantized, in float32 on the CPU; it is left as it is.
        scheme: One of :data:`engine.numerics.outliers.SCHEMES`.
        threshold: From which size on an activation is an outlier.

    Returns:
        The copy, and the census of channels that its calls keep.
    """
    model, census = copy.deepcopy(model), Census()
    for layer in model.model.layers:
        for name, linear in list(layer.named_modules()):
            if isinstance(linear, nn.Linear):
                layer.set_submodule(name, Int8Linear(linear, scheme, threshold, census))
    return model, census
