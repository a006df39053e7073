"""A lesson's folder with labs that work, wait, fail and misbehave."""

from textwrap import dedent

LABS = """
from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engine.errors import EngineError
from engine.figures import Table
from lessons.kit.lab import Choice, Slider, Text, lab

if TYPE_CHECKING:
    from engine.figures import Figure


@lab("rounding", about="What rounding costs.")
def rounding(
    bits: Annotated[int, Choice(2, 3, 4, 8)] = 8,
    outlier: Annotated[float, Slider(1, 50)] = 1,
) -> Figure:
    import torch

    x = torch.linspace(-1, 1, 1001) * outlier
    scale = (2 ** (bits - 1) - 1) / x.abs().max()
    error = (x - (x * scale).round() / scale).square().mean()
    return Table(
        columns=("bits", "MSE"), rows=((bits, error),), caption="c", values={"mse": error.item()}
    )


@lab("gated", about="Waits for a file.", long=True)
def gated(
    gate: Annotated[str, Text(500)] = "",
    name: Annotated[str, Text()] = "",
    *,
    progress,
) -> Figure:
    done = 0
    while not Path(gate).exists():
        done += 1
        progress(min(done, 9), 10, "waiting")
        time.sleep(0.002)
    progress(10, 10, "done")
    return Table(columns=("name",), rows=((name,),), caption=name, values={"pid": os.getpid()})


@lab("deaf", about="Never returns and never tells.")
def deaf(mark: Annotated[str, Text(500)] = "") -> Figure:
    Path(mark).touch()
    while True:
        time.sleep(0.002)


@lab("bad", about="Ends badly.")
def bad(how: Annotated[str, Text()] = "") -> Figure:
    match how:
        case "unforeseen":
            raise ValueError("a shape of (3, 4)")
        case "engine":
            raise EngineError("acorn is not there.", "Build it.")
        case "memory":
            raise MemoryError
        case "import":
            import no_such_module
        case "exit":
            raise SystemExit(0)
        case "die":
            os._exit(3)
        case "print":
            print('{"id": 1, "figure": {}}' * 100_000)
            return Table(columns=(), rows=(), caption="printed")
        case "nothing":
            return None
"""


def write(folder):
    """The folder, as a lesson's."""
    folder.mkdir(parents=True)
    (folder / "labs.py").write_text(dedent(LABS))
    return folder
