"""Bar charts: lying bars that carry their numbers, and histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from matplotlib.axes import Axes

from engine.figures import BarChart
from tutor.report.drawing import histogram
from tutor.report.drawing.phrases import cell
from tutor.report.saving.frame import AIR, Frame
from tutor.report.saving.sheet import Drawn, Sheet, breadth
from tutor.report.saving.sides import Side, across, down, numbers
from tutor.report.saving.style import COLOURS, EDGE, INK, SMALL

HIGH, LOW = 3.4, 1.15
"""Inches that a histogram is high, and each of several."""
BAR, GROUP = 0.3, 0.16
"""Inches that a lying bar is high, and between two groups of them."""
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "++++")
"""What tells parts of one bar apart in print."""


def bar_chart(chart: BarChart, wide: float) -> Iterator[Drawn]:
    """Lying bars, or histograms under one another where there are many."""
    if histogram.many(chart):
        yield from _histograms(chart, wide)
    else:
        yield _lying(chart, wide)


def _lying(chart: BarChart, wide: float) -> Drawn:
    turned = tuple(replace(each, axis="x") for each in chart.references)
    heights = [list(map(_number, one.heights)) for one in chart.series]
    totals = [sum(parts) for parts in zip(*heights, strict=True)]
    ends = totals if chart.stacked else [each for one in heights for each in one]
    step = GROUP + BAR * (1 if chart.stacked else len(heights))
    styles = [_style(number, chart.stacked) for number in range(len(heights))]
    names = [one.name for one in chart.series]
    frame = Frame(
        wide,
        step * len(chart.labels),
        lambda long: numbers([0.0, *ends], turned, "x", long, chart.y),
        down(chart.labels, step * len(chart.labels)),
        turned,
        tuple(zip(names, styles, strict=True)) if len(names) > 1 else (),
        behind=max(breadth(cell(each), SMALL) for each in ends) + AIR,
    )

    def put(sheet: Sheet, left: float, top: float) -> None:
        axes = frame.draw(sheet, left, top)
        axes.axvline(0, color=EDGE, linewidth=0.8)
        thick = 0.92 * BAR / step
        if chart.stacked:
            _stack(axes, heights, styles, thick)
            _tell(axes, range(len(totals)), totals, totals)
            return
        for number, (one, style) in enumerate(zip(heights, styles, strict=True)):
            lane = (GROUP / 2 + (number + 0.5) * BAR) / step - 0.5
            at = [place + lane for place in range(len(one))]
            axes.barh(at, one, thick, **style)
            _tell(axes, at, one, chart.series[number].heights)

    return Drawn(frame.high, put)


def _stack(axes: Axes, heights: Sequence[Sequence[float]], styles: Sequence[dict], thick: float):
    begun = [0.0] * len(heights[0])
    for one, style in zip(heights, styles, strict=True):
        axes.barh(range(len(one)), one, thick, left=begun, **style)
        begun = [start + each for start, each in zip(begun, one, strict=True)]


def _tell(
    axes: Axes, at: Sequence[float], ends: Sequence[float], told: Sequence[float | None]
) -> None:
    """Each bar's number behind it; where the bar goes to the left, on the other side of zero."""
    for y, end, value in zip(at, ends, told, strict=True):
        axes.annotate(
            cell(value), (max(end, 0.0), y), (5, 0), textcoords="offset points",
            ha="left", va="center", color=INK, annotation_clip=False,
        )  # fmt: skip


def _histograms(chart: BarChart, wide: float) -> Iterator[Drawn]:
    every = [_number(each) for one in chart.series for each in one.heights]
    several = len(chart.series) > 1
    high = LOW if several else HIGH
    for number, one in enumerate(chart.series):
        name = f"{one.name}: {chart.y}" if several else chart.y
        last = one is chart.series[-1]
        frame = Frame(
            wide,
            high,
            partial(_bins, chart.labels, last),
            numbers([0.0, *every], chart.references, "y", high, name),
            chart.references,
        )
        yield Drawn(frame.high, partial(_put, frame, list(map(_number, one.heights)), number))


def _put(
    frame: Frame, heights: list[float], number: int, sheet: Sheet, left: float, top: float
) -> None:
    axes = frame.draw(sheet, left, top)
    axes.bar(range(len(heights)), heights, 0.9, color=COLOURS[number % len(COLOURS)])


def _bins(names: Sequence[str], named: bool, long: float) -> Side:
    """Labels under bars; of histograms under one another, under the last."""
    side = across(names, long)
    return side if named else replace(side, ticks={})


def _style(number: int, stacked: bool) -> dict[str, object]:
    style = {"facecolor": COLOURS[number % len(COLOURS)], "edgecolor": "white", "linewidth": 0.5}
    return style | ({"hatch": HATCHES[number % len(HATCHES)]} if stacked else {})


def _number(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else 0.0
