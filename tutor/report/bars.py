"""Bar charts drawn with characters: along the line with their numbers, or upright for many bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from engine.figures import BarChart
from lessons.kit.display import show
from tutor.report.lines import AXIS, Runs

MOST_LYING = 16
"""More bars than this are better upright, without a number at each."""
HEIGHT, LOW = 8, 5
"""Rows of upright bars, without their axis; and where there are several series."""
LYING = " ▏▎▍▌▋▊▉█"
UPRIGHT = " ▁▂▃▄▅▆▇█"


def many(chart: BarChart) -> bool:
    """Whether its bars are better upright."""
    heights = [_number(each) for one in chart.series for each in one.heights]
    return len(heights) > MOST_LYING and min(heights) >= 0


def lying(chart: BarChart, width: int, symbols: str) -> list[Runs]:
    """A bar for each label and series, its number behind it; below zero it goes to the left."""
    heights = [[_number(each) for each in one.heights] for one in chart.series]
    every = [each for one in heights for each in one]
    if not every:
        return []
    low, high = min(0.0, *every), max(0.0, *every)
    span = (high - low) or 1.0
    names = [one.name for one in chart.series] if len(chart.series) > 1 else [""]
    room = max(map(len, chart.labels))
    second = max(map(len, names))
    second += 2 if second else 0
    numbers = [[_shown(each) for each in one.heights] for one in chart.series]
    across = width - room - second - max(len(each) for one in numbers for each in one) - 4
    across = max(4, across)
    zero = round(-low / span * across)
    rows: list[Runs] = []
    for at, label in enumerate(chart.labels):
        for number, name in enumerate(names):
            bar = _bar(heights[number][at] / span * across, zero, across, symbols)
            rows.append(
                [
                    (f"{label if not number else '':<{room}}  ", AXIS),
                    (f"{name:<{second}}{bar} ", number),
                    (numbers[number][at], AXIS),
                ]
            )
    return rows


def upright(chart: BarChart, width: int, symbols: str) -> list[Runs]:
    """Histograms on one scale, one for each series, one under another; no bar below zero."""
    heights = [[max(0.0, _number(each)) for each in one.heights] for one in chart.series]
    highest = max((each for one in heights for each in one), default=0.0)
    if not chart.labels:
        return []
    top = show(highest, 3)
    across = max(8, width - len(top) - 2)
    wide = max(1, across // len(chart.labels))
    high = HEIGHT if len(heights) == 1 else LOW
    rows: list[Runs] = []
    for number, one in enumerate(heights):
        if len(heights) > 1:
            rows.append([(chart.series[number].name, number)])
        columns = _fitted(one, across, wide)
        for row in range(high, 0, -1):
            label = top if row == high else "0" if row == 1 else ""
            drawn = "".join(
                _cell(each / highest if highest else 0.0, high, row, symbols) for each in columns
            )
            rows.append([(f"{label:>{len(top)}} ┤", AXIS), (drawn, number)])
        rows.append([(f"{'':{len(top)}} └{'─' * len(columns)}", AXIS)])
    rows.append([(f"{'':{len(top)}}  {_names(chart.labels, len(columns))}", AXIS)])
    return rows


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
        ("#" if here >= 4 or (row == 1 and here) else " ") if symbols == "ascii" else UPRIGHT[here]
    )


def _names(labels: Sequence[str], columns: int) -> str:
    """As many labels under their bars as there is room for, from the first on."""
    room = max(map(len, labels)) + 2
    drawn = ""
    for at, label in enumerate(labels):
        begins = at * columns // len(labels)
        if begins >= len(drawn) + (2 if drawn else 0) and begins + len(label) <= columns:
            drawn = f"{drawn:<{begins}}{label:<{room - 2}}"
    return drawn.rstrip()


def _bar(length: float, zero: int, across: int, symbols: str) -> str:
    """`length` cells from the column `zero`, padded to where the numbers begin."""
    full = "#" if symbols == "ascii" else "█"
    if length < 0:
        cells = min(zero, max(1, round(-length)))
        drawn = " " * (zero - cells) + full * cells
    elif symbols == "ascii":
        drawn = " " * zero + full * (max(1, round(length)) if length else 0)
    else:
        whole, rest = divmod(max(1, round(length * 8)) if length else 0, 8)
        drawn = " " * zero + full * whole + (LYING[rest] if rest else "")
    return f"{drawn:<{across}}"


def _number(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else 0.0


def _shown(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else show(value)
