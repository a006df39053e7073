"""FILL IN: what the labs show."""

from typing import Annotated

from engine.figures import Figure, Table
from lessons.kit.lab import Slider, lab

COUNT = 1000
"""Numbers that are rounded, evenly from 0 to a step."""


@lab("rounding-errors", about="How far numbers are off once they are rounded.")
def rounding_errors(step: Annotated[float, Slider(0.1, 1)] = 0.4) -> Figure:
    numbers = [step * (at + 0.5) / COUNT for at in range(COUNT)]
    errors = [min(each, step - each) for each in numbers]
    mean = sum(errors) / COUNT
    return Table(
        columns=("step", "off by at most", "off by on average"),
        rows=((step, max(errors), mean),),
        caption="Of a thousand numbers, evenly spread.",
        values={"mean": mean, "most": max(errors)},
        words={"mean": "off by {} on average", "most": "off by {} at most"},
    )
