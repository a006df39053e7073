"""One lab, which computes at once."""

from typing import Annotated

from engine.figures import Figure, Table
from lessons.kit.lab import Choice, Slider, lab


@lab("halving", about="Halve a number again and again.")
def halving(
    times: Annotated[int, Slider(0, 10)] = 3,
    number: Annotated[int, Choice(10, 100, 1000)] = 100,
) -> Figure:
    left = [number / 2**n for n in range(times + 1)]
    return Table(
        columns=("halved", "left"),
        rows=tuple(enumerate(left)),
        caption=f"{number}, halved {times} times.",
        values={"left": left[-1]},
        words={"left": "{} left"},
    )
