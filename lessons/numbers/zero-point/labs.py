"""Labs on zero-point: against absmax on lopsided numbers, and what clipping buys."""

from functools import cache, lru_cache
from typing import Annotated

from engine.figures import Figure, Line, LineChart, Reference, Several, Table
from lessons.kit.lab import Choice, Slider, Toggle, lab

HALF = 1.25
"""The numbers of the first lab lie this far on either side of their middle."""
COUNT = 2_001
POINTS = 20
"""Ranges that the second lab tries."""


@lab("zero-point", about="Shift evenly spread numbers off 0, or cut them by a ReLU; compare.")
def zero_point_lab(
    bits: Annotated[int, Choice(2, 3, 4, 8)] = 8,
    shift: Annotated[float, Slider(-2.5, 2.5)] = 0.85,
    relu: Annotated[bool, Toggle()] = False,
) -> Figure:
    from engine.numerics.affine import absmax, fake_quantize, mse, quantize, zero_point

    x = _spread(shift, relu)
    fits = {"absmax": absmax, "zero-point": zero_point}
    maps = {name: fit(x, bits) for name, fit in fits.items()}
    errors = {name: mse(x, fake_quantize(x, each)) for name, each in maps.items()}
    used = {name: quantize(x, each).unique().numel() for name, each in maps.items()}
    times = errors["absmax"] / errors["zero-point"] if errors["zero-point"] else 1.0
    values = {
        "times": times,
        "absmax mse": errors["absmax"],
        "zero-point mse": errors["zero-point"],
        "z": maps["zero-point"].zero_point.item(),
        "used by absmax": used["absmax"],
        "used by zero-point": used["zero-point"],
    }
    table = Table(
        columns=("", *fits),
        rows=(
            ("scale", *(each.scale.item() for each in maps.values())),
            ("zero-point", *(each.zero_point.item() for each in maps.values())),
            ("integers used", *used.values()),
            ("MSE", *errors.values()),
        ),
        caption=f"From {x.min():.3g} to {x.max():.3g} in INT{bits}: absmax's MSE is {times:.3g} "
        "times zero-point's.",
    )
    shifts = [-2.5 + 0.25 * place for place in range(21)]
    rows = [_spread(each, relu) for each in shifts]
    lines = tuple(
        Line(
            name, tuple(shifts), tuple(mse(row, fake_quantize(row, fit(row, bits))) for row in rows)
        )
        for name, fit in fits.items()
    )
    chart = LineChart(
        lines=lines,
        x="shift",
        y="MSE",
        caption="The MSE at every shift.",
        references=(Reference("this shift", shift, "x"),),
    )
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("clipping", about="Quantize a matrix of acorn with part of its range, and clip the rest.")
def clipping_lab(
    bits: Annotated[int, Choice(3, 4, 5, 6, 8)] = 4,
    share: Annotated[float, Slider(0.05, 1)] = 1.0,
    matrix: Annotated[str, Choice("q", "k", "v", "o", "gate", "up", "down")] = "down",
    layer: Annotated[int, Slider(0, 3)] = 2,
) -> Figure:
    from engine.numerics.calibration import min_max

    whole = min_max(_matrix(matrix, layer))
    shares = [(place + 1) / POINTS for place in range(POINTS)]
    costs = [_cost(bits, each, matrix, layer) for each in shares]
    best = min(range(len(shares)), key=lambda at: costs[at].total)
    chosen, full = _cost(bits, share, matrix, layer), costs[-1]
    lines = []
    for name, part in (("rounding", "rounding"), ("clipping", "clipping"), ("MSE", "total")):
        points = zip(shares, (getattr(each, part) for each in costs), strict=True)
        positive = [point for point in points if point[1] > 0]  # the axis is logarithmic
        lines.append(Line(name, *map(tuple, zip(*positive, strict=True))))
    return LineChart(
        lines=tuple(lines),
        x="share of the range from least to greatest",
        y="squared error",
        log_y=True,
        caption=f"INT{bits}, {share:.0%} of the range from {whole.low:.3g} to {whole.high:.3g}: "
        f"{chosen.clipped:.2%} of the weights are clipped, MSE {chosen.total:.3g} (rounding "
        f"{chosen.rounding:.2g}, clipping {chosen.clipping:.2g}). It is least, "
        f"{costs[best].total:.3g}, at {shares[best]:.3g}.",
        values={
            "mse": chosen.total,
            "rounding": chosen.rounding,
            "clipping": chosen.clipping,
            "clipped": chosen.clipped,
            "best share": shares[best],
            "gain": full.total / costs[best].total,
        },
        words={
            "gain": "{} times less error there than with all of it",
            **dict.fromkeys(("mse", "rounding", "clipping", "clipped", "best share"), ""),
        },
        references=(Reference(f"{share:.0%} of the range", share, "x"),),
        places={"best share": "x", "mse": "y"},
    )


@lru_cache(maxsize=10_000)
def _cost(bits: int, share: float, matrix: str, layer: int):
    """What it costs to quantize a matrix with that share of its range."""
    from engine.numerics.calibration import Range, min_max, split_error

    x = _matrix(matrix, layer)
    whole = min_max(x)
    return split_error(x, Range(whole.low * share, whole.high * share).affine(bits))


def _spread(shift: float, relu: bool):
    import torch

    x = torch.linspace(shift - HALF, shift + HALF, COUNT)
    return x.relu() if relu else x


@cache
def _matrix(matrix: str, layer: int):
    """A weight of acorn as it is stored, in float32; the model itself is not loaded."""
    from safetensors import safe_open

    from engine.models.registry import BUILTIN

    part = "mlp" if matrix in ("gate", "up", "down") else "self_attn"
    with safe_open(BUILTIN["acorn"] / "model.safetensors", "pt") as file:
        return file.get_tensor(f"model.layers.{layer}.{part}.{matrix}_proj.weight").float()
