"""Many bars drawn with characters: upright, over an axis with numbers at round values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from engine.figures import BarChart, Reference
from tutor.report.drawing.axes import MOST_TICKS, heads, under
from tutor.report.drawing.bars import number, runs, upward
from tutor.report.drawing.grid import AXIS, REFERENCE, Runs
from tutor.report.drawing.lines import LEVEL
from tutor.report.drawing.ticks import Scale, ticks

MOST_LYING = 24
"""More bars than this are better upright, without a number at each."""
HEIGHT, LOW = 10, 5
"""Rows of the bars, without their axis; and where there are several series."""
RISING = " ▁▂▃▄▅▆▇█"


def many(chart: BarChart) -> bool:
    """Whether its bars are better upright: there are many, and none is below zero."""
    heights = [number(each) for one in chart.series for each in one.heights]
    if chart.stacked or len(heights) <= MOST_LYING or min(heights) < 0:
        return False
    return len(chart.labels) > MOST_LYING or _numbers(chart.labels) is not None


def upright(chart: BarChart, width: int, symbols: str, more: int = 0) -> list[Runs]:
    """Histograms on one scale, one for each series, one under another; no bar below zero.

    Args:
        chart: Any without a bar below zero.
        width: Cells in a row.
        symbols: `braille`, `block` or `ascii`.
        more: Rows beyond the usual ones, for all of them together.
    """
    heights = [[max(0.0, number(each)) for each in one.heights] for one in chart.series]
    if not chart.labels:
        return []
    axis = upward(chart, [0.0, *(each for one in heights for each in one)])
    high = HEIGHT if len(heights) == 1 else LOW
    high += max(0, more) // len(heights)
    most = min(MOST_TICKS, max(2, high // 2))
    beside = ticks(axis, lambda at, _: _two_apart(axis, at, high), most)
    room = max(map(len, beside.values()))
    across = max(8, width - room - 2)
    wide = max(1, across // len(chart.labels))
    labelled = {_row(axis, at, high): text for at, text in beside.items()}
    far = [(f"↑ {each.name}", REFERENCE) for each in chart.references if not axis.holds(each.at)]
    rows: list[Runs] = heads([*([(chart.y, AXIS)] if chart.y else []), *far], width)
    for place, one in enumerate(heights):
        if len(heights) > 1:
            rows.append([(chart.series[place].name, place)])
        columns = _fitted(one, across, wide)
        levels = {
            _row(axis, each.at, high): each for each in chart.references if axis.holds(each.at)
        }
        for row in range(high, 0, -1):
            drawn = [
                (_cell(each / axis.high, high, row, symbols), place) if each else (" ", AXIS)
                for each in columns
            ]
            text = labelled.get(row, "")
            begin = f"{text:>{room}} {'┤' if text else '│'}"
            drawn = _levelled(drawn, levels.get(row), across)
            rows.append(runs([(begin, AXIS), *drawn]))
        if place < len(heights) - 1:
            rows.append([(f"{'':{room}} └{'─' * len(columns)}", AXIS)])
    return [*rows, *_below(chart.labels, len(columns), room)]


def _levelled(
    cells: list[tuple[str, int]], level: Reference | None, across: int
) -> list[tuple[str, int]]:
    """A row of upright bars with the named line that runs through it, and its name if it fits."""
    if level is None:
        return cells
    cells = [*cells, *[(" ", AXIS)] * (across - len(cells))]
    name = f" {level.name} "
    free = [at for at, (sign, _) in enumerate(cells) if sign == " "]
    drawn = [(LEVEL, REFERENCE) if at in set(free) else each for at, each in enumerate(cells)]
    for start in range(across - len(name), -1, -1):
        if all(cells[start + at][0] == " " for at in range(len(name))):
            drawn[start : start + len(name)] = [(each, REFERENCE) for each in name]
            break
    return drawn


def _row(axis: Scale, value: float, high: int) -> int:
    """The row, counted from 1 at the foot, that a bar so high ends in."""
    return min(high, max(1, math.ceil(axis.share(value) * high - 1e-9)))


def _two_apart(axis: Scale, at: Sequence[float], high: int) -> bool:
    rows = [_row(axis, each, high) for each in at]
    return all(above - below >= 2 for below, above in pairwise(rows))


def _fitted(heights: Sequence[float], across: int, wide: int) -> list[float]:
    """A height for each column: a bar over several, or the highest of several bars over one."""
    if len(heights) <= across:
        return [each for each in heights for _ in range(wide)]
    share = len(heights) / across
    cuts = [round(at * share) for at in range(across + 1)]
    return [max(heights[a:b]) for a, b in pairwise(cuts)]


def _cell(share: float, high: int, row: int, symbols: str) -> str:
    """What stands in `row`, counted from 1 at the foot; a bar above 0 is always seen."""
    eighths = max(1, round(share * high * 8)) if share else 0
    here = min(8, max(0, eighths - (row - 1) * 8))
    return (
        ("#" if here >= 4 or (row == 1 and here) else " ") if symbols == "ascii" else RISING[here]
    )


def _below(labels: Sequence[str], columns: int, room: int) -> list[Runs]:
    """The axis under the bars.

    Where the labels are evenly spaced numbers it has numbers at round values; else it has every
    label, or every second, third and so on, as there is room.
    """
    middles = _numbers(labels)
    if middles is not None:
        half = (middles[1] - middles[0]) / 2
        return under(Scale(middles[0] - half, middles[-1] + half), columns, room, "")
    widest = max(map(len, labels)) + 2
    step = next(
        (each for each in range(1, len(labels)) if each * columns // len(labels) >= widest),
        len(labels),
    )
    line, row = ["─"] * columns, ""
    for at in range(0, len(labels), step):
        middle = (2 * at + 1) * columns // (2 * len(labels))
        text = labels[at][:columns]
        start = max(0, min(middle - len(text) // 2, columns - len(text)))
        if start >= len(row) + (2 if row else 0):
            line[middle], row = "┬", f"{row:<{start}}{text}"
    return [[(f"{'':{room}} └{''.join(line)}", AXIS)], [(f"{'':{room}}  {row}", AXIS)]]


def _numbers(labels: Sequence[str]) -> list[float] | None:
    """The labels as numbers, where they are evenly spaced ones."""
    try:
        numbers = [float(each.replace("−", "-")) for each in labels]
    except ValueError:
        return None
    steps = [b - a for a, b in pairwise(numbers)]
    even = len(steps) > 1 and steps[0] > 0 and max(steps) - min(steps) < 0.01 * steps[0]
    return numbers if even else None
