"""Labs on absmax: the lecture's row with an outlier, and a matrix of a real model."""

from typing import Annotated

from engine.figures import BarChart, Figure, Reference, Series, Several, Table
from lessons.kit.lab import Choice, Slider, lab

LECTURE = (5.47, 3.08, -7.59, 0.0, -1.95, -4.57, 10.8)
"""The row of the compression lecture."""
BINS = 10
"""Bars from half a step below to half a step above."""


@lab(
    "absmax", about="Quantize the lecture's row; stretch its largest weight and see what it costs."
)
def absmax_lab(
    bits: Annotated[int, Choice(2, 3, 4, 6, 8)] = 8,
    outlier: Annotated[float, Slider(1, 50)] = 1,
) -> Figure:
    from torch import tensor

    from engine.numerics.affine import absmax, dequantize, mse, quantize

    x = tensor([*LECTURE[:-1], LECTURE[-1] * outlier])
    fitted = absmax(x, bits)
    q = quantize(x, fitted)
    back = dequantize(q, fitted)
    plain = tensor(LECTURE)
    at_first = mse(plain, dequantize(quantize(plain, absmax(plain)), absmax(plain)))
    error = mse(x, back)
    off = (back - x).abs()
    values = {
        "alpha": x.abs().max().item(),
        "scale": fitted.scale.item(),
        "step": fitted.step.item(),
        "integer of 3.08": q[1].item(),
        "worst": off.max().item(),
        "mse": error,
        "times": error / at_first,
    }
    row = zip(x.tolist(), (x * fitted.scale).tolist(), q.tolist(), back.tolist(), strict=True)
    return Table(
        columns=("x", "s * x", "q", "q / s", "error"),
        rows=tuple((a, b, c, d, d - a) for a, b, c, d in row),
        caption=f"INT{bits}: s = {values['scale']:.4g}, half a step {values['step'] / 2:.3g}, MSE "
        f"{error:.3g}, {values['times']:.3g} times that of the plain row in INT8.",
        values=values,
        words={
            "alpha": "largest |x| {}",
            "integer of 3.08": "3.08 becomes {}",
            "worst": "worst error {}",
            **dict.fromkeys(("scale", "step", "mse", "times"), ""),
        },
    )


@lab("weights", about="Quantize a matrix of acorn, the built-in model, and see where errors lie.")
def weights_lab(
    matrix: Annotated[str, Choice("q", "k", "v", "o", "gate", "up", "down")] = "q",
    layer: Annotated[int, Slider(0, 3)] = 0,
    bits: Annotated[int, Choice(2, 3, 4, 5, 6, 7, 8)] = 8,
) -> Figure:
    import torch

    from engine.numerics.affine import absmax, fake_quantize, mse

    x = _matrix(matrix, layer)
    fitted, eight = absmax(x, bits), absmax(x, 8)
    back = fake_quantize(x, fitted)
    error, step = mse(x, back), fitted.step.item()
    counts = torch.histc((back - x) / step, BINS, -0.5, 0.5) / x.numel()
    edges = [place / BINS - 0.5 for place in range(BINS)]
    bars = BarChart(
        labels=tuple(f"{edge:+.1f}" for edge in edges),
        series=(Series("weights", tuple((100 * counts).tolist())),),
        y="% of the weights",
        caption="Errors in steps, each bar from its label to a tenth of a step above.",
        references=(Reference("if all were as frequent", 100 / BINS),),
    )
    values = {
        "weights": x.numel(),
        "alpha": x.abs().max().item(),
        "step": step,
        "mse": error,
        "formula": step**2 / 12,
        "times": error / mse(x, fake_quantize(x, eight)),
        "zeros": (back == 0).double().mean().item(),
    }
    table = Table(
        columns=("weights", "alpha", "step", "MSE", "step^2 / 12", "become 0"),
        rows=(
            (
                x.numel(),
                values["alpha"],
                step,
                error,
                values["formula"],
                f"{values['zeros']:.1%}",
            ),
        ),
        caption=f"INT{bits}: the MSE is {values['times']:.4g} times that of INT8.",
        values=values,
    )
    return Several(
        figures=(table, bars),
        caption=f"{matrix}_proj of acorn's layer {layer}, {tuple(x.shape)}, in INT{bits}.",
        values=values,
        words=dict.fromkeys(values, ""),
    )


def _matrix(matrix: str, layer: int):
    """A weight of acorn as it is stored, in float32; the model itself is not loaded."""
    from safetensors import safe_open

    from engine.models.registry import BUILTIN

    part = "mlp" if matrix in ("gate", "up", "down") else "self_attn"
    with safe_open(BUILTIN["acorn"] / "model.safetensors", "pt") as file:
        return file.get_tensor(f"model.layers.{layer}.{part}.{matrix}_proj.weight").float()
