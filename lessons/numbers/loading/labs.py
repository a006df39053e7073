"""Labs on loading: what bandwidth allows, and what a process is seen to hold."""

from typing import Annotated

from engine.figures import BarChart, Figure, Reference, Series, Several, Table
from engine.numerics.architecture import QWEN25
from engine.numerics.bandwidth import PLACES, bound
from lessons.kit.lab import Choice, Slider, Toggle, lab

PRECISIONS = ("bf16", "int8", "nf4-dq")
PIECE = 16_384
"""Bytes of a small piece: the C library keeps what is freed of such."""


@lab("bandwidth", about="How many tokens a second memory and arithmetic allow, at most.")
def bandwidth_lab(
    size: Annotated[str, Choice(*QWEN25)] = "7B",
    place: Annotated[str, Choice(*PLACES)] = "T4",
    sequences: Annotated[int, Slider(1, 512, step=2, log=True)] = 1,
    tokens: Annotated[int, Slider(250, 16_000, step=2, log=True)] = 1000,
    multiplies_as_it_reads: Annotated[bool, Toggle()] = True,
) -> Figure:
    bounds = {
        precision: bound(
            QWEN25[size],
            precision,
            PLACES[place],
            sequences=sequences,
            tokens=tokens,
            fused=multiplies_as_it_reads,
        )
        for precision in PRECISIONS
    }
    times = bounds["nf4-dq"].tokens_a_second / bounds["bf16"].tokens_a_second
    table = Table(
        columns=("precision", "GB a step", "tokens a second at most", "held up by"),
        rows=tuple(
            (precision, each.bytes_moved / 1e9, each.tokens_a_second, each.by)
            for precision, each in bounds.items()
        ),
        caption=f"Qwen2.5-{size}, {place}: {PLACES[place].bytes_a_second / 1e9:,.0f} GB/s, "
        f"{PLACES[place].operations_a_second / 1e12:,.3g} TFLOPS; {sequences} at once, {tokens:,} "
        f"tokens each. In nf4-dq at most {times:.3g} times as many tokens a second as in bf16.",
    )
    bars = BarChart(
        labels=PRECISIONS,
        series=(Series("tokens", tuple(each.tokens_a_second for each in bounds.values())),),
        y="tokens a second, at most",
        caption="What memory and arithmetic allow.",
        places=dict.fromkeys(PRECISIONS, "y"),
    )
    values = {
        "times": times,
        **{name: each.tokens_a_second for name, each in bounds.items()},
        **{f"gb {name}": each.bytes_moved / 1e9 for name, each in bounds.items()},
    }
    return Several(
        figures=(table, bars),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("resident", about="Reserve memory, write to it and let it go; see what the system counts.")
def resident_lab(megabytes: Annotated[int, Choice(50, 100, 200)] = 100) -> Figure:
    import gc

    import torch

    gc.collect()
    before = _resident()
    rows = [("before", 0.0)]

    def note(what: str) -> None:
        rows.append((what, (_resident() - before) / 1e6))

    tensor = torch.empty(megabytes * 1_000_000, dtype=torch.uint8)
    note(f"torch.empty of {megabytes} MB")
    tensor.fill_(1)
    note("written to")
    del tensor
    note("let go")
    pieces = [bytes(PIECE) + b"." for _ in range(megabytes * 1_000_000 // PIECE)]
    note(f"{len(pieces):,} pieces of {PIECE // 1024} KiB")
    kept = pieces[-1]
    del pieces
    note("all but the last let go")
    del kept
    names = ("before", "reserved", "written", "freed", "pieces", "pieces freed")
    labels, grown = zip(*rows, strict=True)
    return BarChart(
        labels=labels,
        series=(Series("MB", grown),),
        y="MB more than before",
        caption="Memory of this process that the system counts as resident.",
        values=dict(zip(names, grown, strict=True)),
        words=dict.fromkeys(names, ""),
        references=(Reference(f"the {megabytes} MB asked for", megabytes),),
        places=dict.fromkeys(names, "y"),
    )


def _resident() -> int:
    """Bytes of this process that are in memory now."""
    import psutil

    return psutil.Process().memory_info().rss
