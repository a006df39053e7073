"""A prediction drawn into the figure of the lab that measured it.

Where the figure says on which axis the value lies, two named lines go across it: what was said and
what was measured. Else two bars stand under it, unless one of them would be too short to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.figures import Axis, BarChart, Figure, LineChart, Reference, Series, Several
from lessons.kit.display import show
from lessons.kit.units import many

if TYPE_CHECKING:
    from tutor.course.predictions import Compared

SAID, MEASURED = "you said", "measured"
"""What names of lines begin with."""
MOST_TIMES = 50
"""Two bars are compared if the one is at most so many times the other."""


def held(figure: Figure, compared: Iterable[Compared]) -> Figure:
    """The figure with every number that was named for it, and what it measured.

    Args:
        figure: What the lab gave.
        compared: What was said of which of its values.
    """
    for each in compared:
        across = _across(figure, each)
        figure = across if across is not figure else _beneath(figure, each)
    return figure


def _across(figure: Figure, compared: Compared) -> Figure:
    """The figure with two lines, in the first chart that has a place for the value."""
    if isinstance(figure, Several):
        for at, part in enumerate(figure.figures):
            drawn = _across(part, compared)
            if drawn is not part:
                return replace(
                    figure, figures=(*figure.figures[:at], drawn, *figure.figures[at + 1 :])
                )
    elif isinstance(figure, LineChart | BarChart) and compared.value in figure.places:
        lines = _lines(compared, figure.places[compared.value])
        return replace(figure, references=(*figure.references, *lines))
    return figure


def _lines(compared: Compared, axis: Axis) -> tuple[Reference, Reference]:
    return (
        Reference(f"{MEASURED} {show(compared.measured)}", compared.measured, axis),
        Reference(f"{SAID} {show(compared.said)}", compared.said, axis),
    )


def _beneath(figure: Figure, compared: Compared) -> Figure:
    """The figure and under it two bars."""
    low, high = sorted((compared.said, compared.measured))
    if low <= 0 or high > MOST_TIMES * low:
        return figure
    bars = BarChart(
        labels=(SAID, MEASURED),
        series=(Series(compared.value, (compared.said, compared.measured)),),
        y=many(compared.unit) if compared.unit else compared.value.replace("_", " "),
        caption="",
    )
    if isinstance(figure, Several):
        return replace(figure, figures=(*figure.figures, bars))
    return Several(
        figures=(figure, bars),
        caption=figure.caption,
        values=figure.values,
        words=figure.words,
    )
