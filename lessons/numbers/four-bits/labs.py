"""Labs on four bits: code points against real weights, errors, and what constants weigh."""

from functools import cache
from typing import Annotated

from engine.figures import BarChart, Figure, Line, LineChart, Reference, Series, Several, Table
from engine.numerics.architecture import QWEN25
from engine.numerics.budget import full, lora
from engine.numerics.codes import TABLES, bits_a_weight
from lessons.kit.lab import Choice, Slider, Toggle, lab

PARTS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
BLOCKS = (16, 32, 64, 128, 256, 512, 1024, 4096)
BINS = 40
CARDS = (16, 24, 80)
"""Memory of cards in GB, held beside what is taken."""


@lab("code-points", about="acorn's real weights, and where each format puts its numbers.")
def code_points_lab(
    part: Annotated[str, Choice(*PARTS)] = "down_proj",
    layer: Annotated[int, Slider(0, 3)] = 0,
    block: Annotated[int, Choice(*BLOCKS)] = 64,
) -> Figure:
    import torch

    from engine.numerics.blockwise import quantize

    weights = _weights(part, layer)
    values = {}
    used = []
    for kind in TABLES:
        quantized = quantize(weights, kind, block)
        shares = quantized.codes.long().bincount(minlength=len(TABLES[kind])).double()
        shares = shares / shares.sum()
        order = sorted(range(len(shares)), key=lambda code: (TABLES[kind][code], code))
        used.append(Series(kind.upper(), tuple(100 * shares[code].item() for code in order)))
        seen = shares[shares > 0]
        values[f"entropy {kind}"] = -(seen * seen.log2()).sum().item()
        values[f"most used {kind}"] = 100 * shares.max().item()
    constants = quantized.absmax.repeat_interleave(block)[: weights.numel()]
    scaled = weights.flatten() / constants
    heights = torch.histc(scaled, BINS, -1, 1) / weights.numel() * 100
    values["within a tenth"] = 100 * (scaled.abs() <= 0.1).double().mean().item()
    middles = [(bin + 0.5) * 2 / BINS - 1 for bin in range(BINS)]
    points = [
        Series(
            kind.upper(),
            tuple(torch.histc(torch.tensor(TABLES[kind]), BINS, -1, 1).tolist()),
        )
        for kind in TABLES
    ]
    names = tuple(f"{each:+.3f}" for each in middles)
    width = max(len(each.heights) for each in used)
    used = tuple(
        Series(each.name, each.heights + (0.0,) * (width - len(each.heights))) for each in used
    )
    figures = (
        BarChart(
            labels=names,
            series=(Series("weights", tuple(heights.tolist())),),
            y="% of the weights",
            caption=f"Weights of acorn's layer {layer}, {part}, each divided by the largest |w| "
            f"of its block of {block}.",
        ),
        BarChart(
            labels=names,
            series=tuple(points),
            y="numbers of the format",
            caption="Where each format has its numbers, on the same axis.",
        ),
        BarChart(
            labels=tuple(str(code) for code in range(width)),
            series=used,
            y="% of the weights",
            caption="How many weights get each code, from the lowest number to the highest.",
            references=(Reference("if all were used alike", 100 / width),),
        ),
    )
    caption = ", ".join(f"{kind.upper()} {values[f'entropy {kind}']:.2f}" for kind in TABLES)
    words = {"within a tenth": "{}% of the weights are within a tenth of their block's largest"}
    for kind in TABLES:
        words[f"entropy {kind}"] = ""
        words[f"most used {kind}"] = f"{kind.upper()}'s most used code has {{}}% of the weights"
    return Several(
        figures=figures,
        caption=f"Bits of information in a 4-bit code: {caption}.",
        values=values,
        words=words,
    )


@lab("four-bit-error", about="What 4 bits leave of acorn's real weights, by format and block.")
def four_bit_error_lab(
    part: Annotated[str, Choice(*PARTS)] = "down_proj",
    layer: Annotated[int, Slider(0, 3)] = 0,
) -> Figure:
    errors = {kind: _errors(part, layer, kind) for kind in TABLES}
    values = {
        f"{kind} {block}": error
        for kind, each in errors.items()
        for block, error in zip(BLOCKS, each, strict=True)
    }
    usual = {f"{kind} 64": f"{kind.upper()} {{}}% in blocks of 64" for kind in TABLES}
    return LineChart(
        lines=tuple(
            Line(kind.upper(), tuple(map(float, BLOCKS)), each) for kind, each in errors.items()
        ),
        x="weights in a block",
        y="RMS error, % of the weights' RMS",
        caption=f"Error of acorn's layer {layer}, {part}: "
        f"{_weights(part, layer).numel():,} real weights.",
        values=values,
        words=dict.fromkeys(values, "") | usual,
        log_x=True,
        references=(Reference("blocks of 64", 64, "x"),),
        places=dict.fromkeys(values, "y"),
    )


@lab("constants", about="Bits a weight, with its share of the constants.")
def constants_lab(
    block: Annotated[int, Choice(*BLOCKS)] = 64,
    nested: Annotated[bool, Toggle()] = False,
    billions: Annotated[float, Slider(0.5, 400, step=1.25, log=True)] = 65,
) -> Figure:
    bits = bits_a_weight(block, nested)
    parts = [("codes", 4.0)]
    if nested:
        parts += [("8-bit constants", 8 / block), ("constants of those", 32 / (256 * block))]
    else:
        parts += [("32-bit constants", 32 / block)]
    rows = [(name, each, each * billions / 8) for name, each in (*parts, ("together", bits))]
    return Table(
        columns=("part", "bits a weight", "GB"),
        rows=tuple(rows),
        caption=f"{billions:g} billion weights in blocks of {block}"
        f"{', constants quantized too' if nested else ''}.",
        values={"bits": bits, "gb": bits * billions / 8},
        words={"bits": "", "gb": ""},
    )


@lab("qlora", about="What it takes to fine-tune a Qwen2.5, four ways.")
def qlora_lab(
    size: Annotated[str, Choice(*QWEN25)] = "7B",
    rank: Annotated[int, Slider(4, 128, step=2, log=True)] = 16,
    tokens: Annotated[int, Slider(256, 16_384, step=2, log=True)] = 1024,
) -> Figure:
    model = QWEN25[size]
    ways = {
        "full FP32": full(model, "fp32", tokens=tokens),
        "LoRA BF16": lora(model, "bf16", rank=rank, tokens=tokens),
        "QLoRA NF4": lora(model, "nf4", rank=rank, tokens=tokens),
        "QLoRA NF4 double": lora(model, "nf4-dq", rank=rank, tokens=tokens),
    }
    rows = tuple(
        (
            name,
            way.weights / 1e9,
            (way.adapter + way.gradients + way.optimizer) / 1e9,
            (way.activations + way.logits) / 1e9,
            way.total / 1e9,
        )
        for name, way in ways.items()
    )
    values = {name: way.total / 1e9 for name, way in ways.items()}
    bars = BarChart(
        labels=tuple(values),
        series=tuple(
            Series(part, tuple(row[at] for row in rows))
            for at, part in enumerate(("the model", "what is trained", "activations"), 1)
        ),
        y="GB in all",
        stacked=True,
        caption=f"What fine-tuning Qwen2.5-{size} takes on {tokens:,} tokens at once, rank {rank}.",
        references=tuple(
            Reference(f"a {card} GB card", card) for card in CARDS if card < max(values.values())
        ),
        places=dict.fromkeys(values, "y"),
    )
    table = Table(
        columns=("way", "model", "what is trained", "activations", "GB in all"),
        rows=rows,
        caption="In GB, part by part. Activations are an estimate.",
    )
    return Several(
        figures=(bars, table),
        caption=bars.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@cache
def _errors(part: str, layer: int, kind: str) -> tuple[float, ...]:
    """What a format leaves at each block size: RMS error in percent of the weights' RMS."""
    from engine.numerics.blockwise import dequantize, quantize

    weights = _weights(part, layer)
    size = weights.square().mean().sqrt()
    wrong = (dequantize(quantize(weights, kind, block)) - weights for block in BLOCKS)
    return tuple((100 * each.square().mean().sqrt() / size).item() for each in wrong)


@cache
def _weights(part: str, layer: int):
    """Those of acorn, as float32."""
    from safetensors import safe_open

    from engine.models.registry import BUILTIN

    block = "self_attn" if part in PARTS[:4] else "mlp"
    with safe_open(BUILTIN["acorn"] / "model.safetensors", "pt") as file:
        return file.get_tensor(f"model.layers.{layer}.{block}.{part}.weight").float()
