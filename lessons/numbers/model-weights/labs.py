"""Labs on memory: real models in each precision, and what fits where."""

from typing import Annotated

from engine.figures import BarChart, Figure, Reference, Series, Table
from engine.numerics.architecture import QWEN25
from engine.numerics.budget import Budget, full, inference, lora
from lessons.kit.lab import Choice, Model, Progress, Slider, lab

PLACES = {"12 GB of RAM": 12e9, "16 GB card": 16e9, "24 GB card": 24e9, "80 GB card": 80e9}
"""Bytes; `this machine` is asked for its own."""


@lab("load", about="Load a model in each precision and hold it to the formula.", long=True)
def load_lab(
    model: Annotated[str, Model("acorn", "oak")] = "acorn",
    *,
    progress: Progress,
) -> Figure:
    from engine.models.loading import load
    from engine.models.registry import PRECISIONS

    progress(0, len(PRECISIONS), "libraries")
    load(model, PRECISIONS[0], device="cpu")  # the first load has to import them: not to be timed
    rows, values = [], {}
    for done, precision in enumerate(PRECISIONS):
        progress(done, len(PRECISIONS), f"{model} in {precision}")
        record = load(model, precision, device="cpu").record
        params = record.quantized_params + record.unquantized_params
        values[precision] = record.bytes_parameters
        rows.append(
            (
                precision,
                record.predicted_bytes,
                record.bytes_parameters,
                round(8 * record.bytes_parameters / params, 3),
                record.seconds,
            )
        )
    progress(len(PRECISIONS), len(PRECISIONS), "done")
    return Table(
        columns=("precision", "formula, bytes", "measured, bytes", "bits a parameter", "seconds"),
        rows=tuple(rows),
        caption=f"{model}, {params:,} parameters, loaded on the CPU in each precision.",
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("fits", about="What each size of Qwen2.5 takes, to run and to train, and where it fits.")
def fits_lab(
    place: Annotated[str, Choice(*PLACES, "this machine")] = "16 GB card",
    tokens: Annotated[int, Slider(256, 65_536, step=2, log=True)] = 1024,
    rank: Annotated[int, Slider(4, 64, step=2, log=True)] = 16,
) -> Figure:
    room, where = _room(place)
    rows, values = [], {}
    for size, model in QWEN25.items():
        uses = {
            "fp32": inference(model, "fp32", tokens=tokens),
            "bf16": inference(model, "bf16", tokens=tokens),
            "nf4": inference(model, "nf4-dq", tokens=tokens),
            "LoRA": lora(model, "bf16", rank=rank, tokens=tokens),
            "QLoRA": lora(model, "nf4-dq", rank=rank, tokens=tokens),
            "full": full(model, "fp32", tokens=tokens),
        }
        fit = ("yes" if use.total <= room else "no" for use in uses.values())
        sizes = (f"{use.total / 1e9:.1f}" for use in uses.values())
        rows.append((size, *(f"{gb} {word}" for gb, word in zip(sizes, fit, strict=True))))
        values |= {f"{name} {size}": use.total / 1e9 for name, use in uses.items()}
    return Table(
        columns=("Qwen2.5", "run FP32", "run BF16", "run NF4", "LoRA", "QLoRA", "full FP32"),
        rows=tuple(rows),
        caption=f"GB for {tokens:,} tokens, and whether they fit in {where}, "
        f"{room / 1e9:.1f} GB. Activations are an estimate.",
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("parts", about="Where the memory goes, use by use.")
def parts_lab(
    size: Annotated[str, Choice(*QWEN25)] = "1.5B",
    tokens: Annotated[int, Slider(256, 65_536, step=2, log=True)] = 4096,
    rank: Annotated[int, Slider(4, 64, step=2, log=True)] = 16,
) -> Figure:
    model = QWEN25[size]
    uses: dict[str, Budget] = {
        "run BF16": inference(model, "bf16", tokens=tokens),
        "run NF4": inference(model, "nf4-dq", tokens=tokens),
        "QLoRA": lora(model, "nf4-dq", rank=rank, tokens=tokens),
        "LoRA": lora(model, "bf16", rank=rank, tokens=tokens),
        "full BF16": full(model, "bf16", tokens=tokens),
        "full FP32": full(model, "fp32", tokens=tokens),
    }
    parts = {
        "weights": [use.weights + use.adapter for use in uses.values()],
        "KV cache": [use.kv_cache for use in uses.values()],
        "gradients": [use.gradients for use in uses.values()],
        "optimizer": [use.optimizer for use in uses.values()],
        "activations": [use.activations + use.logits for use in uses.values()],
    }
    return BarChart(
        labels=tuple(uses),
        series=tuple(
            Series(name, tuple(each / 1e9 for each in heights)) for name, heights in parts.items()
        ),
        y="GB",
        stacked=True,
        caption=f"Qwen2.5-{size} with {tokens:,} tokens at once, rank {rank}.",
        values={name: use.total / 1e9 for name, use in uses.items()},
        words=dict.fromkeys(uses, ""),
        references=tuple(
            Reference(place, room / 1e9)
            for place, room in PLACES.items()
            if room < max(use.total for use in uses.values())
        ),
        places=dict.fromkeys(uses, "y"),
    )


def _room(place: str) -> tuple[float, str]:
    """Bytes that can be had, and what to call where they are."""
    if place in PLACES:
        return PLACES[place], place
    from engine.machine import machine
    from engine.runs.home import Home

    here = machine(Home.find().cards)
    if card := here.card():
        return card.free, f"this machine's {card.name}"
    return here.available, "this machine's memory that is free"
