"""A lab that halves."""

from typing import Annotated

from engine.figures import Figure, Table
from lessons.kit.lab import Slider, lab


@lab("halving", about="Halve 100 again and again.")
def halving(times: Annotated[int, Slider(0, 9)] = 3) -> Figure:
    left = 100 / 2**times
    rows = tuple((n, 100 / 2**n) for n in range(times + 1))
    return Table(
        columns=("times", "left"),
        rows=rows,
        caption="What is left.",
        values={"left": left},
        words={"left": "{} left"},
    )
