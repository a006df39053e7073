"""Bar charts drawn with characters: a bar along the line, with its number behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.figures import BarChart, Reference
from lessons.kit.display import show
from tutor.report.drawing.axes import heads, reach
from tutor.report.drawing.grid import AXIS, REFERENCE, Runs
from tutor.report.drawing.lines import ARROWS, UPRIGHT
from tutor.report.drawing.ticks import Scale

SHORT = 10
"""Cells that the longest bar must have beside its names."""
THICK = 3
"""Rows of one lying bar at most, on a large screen."""
LYING = " ▏▎▍▌▋▊▉█"
FILLS = "█▓▒░▚▞"
"""What tells parts of one bar apart without colour, the first series' first."""
ASCII_FILLS = "#=+:%o"


def lying(chart: BarChart, width: int, symbols: str, more: int = 0) -> list[Runs]:
    """A bar for each label and series, its number behind it; below zero it goes to the left.

    Args:
        chart: Any.
        width: Cells in a row.
        symbols: `braille`, `block` or `ascii`.
        more: Rows that bars may take beyond one each.
    """
    if not chart.labels or not chart.series:
        return []
    bars = _stacks(chart, symbols) if chart.stacked else _single(chart, symbols)
    axis = upward(chart, [*(bar.end for bar in bars), 0.0])
    room = max(map(len, chart.labels)) + 2
    second = max(len(bar.name) for bar in bars)
    second += 2 if second else 0
    last = max(len(bar.number) for bar in bars) + 1
    above = width - room - second - last < SHORT  # names stand above their bars then
    left = 2 if above else room + second
    across = max(1, width - left - last)
    crossed = {
        min(across - 1, round(axis.share(each.at) * across)): each
        for each in chart.references
        if axis.holds(each.at)
    }
    groups = len(chart.labels)
    apart = len(bars) > groups or more >= 2 * groups
    more -= groups - 1 if apart and len(bars) == groups else 0
    thick = 1 + max(0, min(THICK - 1, more // len(bars)))
    rows: list[Runs] = heads(_legend(chart, symbols, axis), width)
    for place, bar in enumerate(bars):
        if place and apart and bar.label:
            rows.append(_row([(" " * left, AXIS)], [(" ", AXIS)] * across, crossed))
        names = [(f"{bar.label:<{room}}", AXIS), (f"{bar.name:<{second}}", bar.parts[0][1])]
        if above:
            rows += heads(((name.strip(), of) for name, of in names if name.strip()), width)
        cells = _cells(bar, axis, across, symbols)
        for line in range(thick):
            here = line == (thick - 1) // 2
            before = names if here and not above else [(" " * left, AXIS)]
            rows.append(_row(before, cells, crossed, bar.number if here else "", axis))
    return [*rows, *_labels(crossed, left, width)]


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar, and what stands before it."""

    label: str
    name: str
    parts: tuple[tuple[float, int, str], ...]
    """(length, number of its series, what it is filled with), from zero on."""
    number: str

    @property
    def end(self) -> float:
        """Where it ends."""
        return sum(length for length, _, _ in self.parts)


def _single(chart: BarChart, symbols: str) -> list[_Bar]:
    fill = "#" if symbols == "ascii" else "█"
    several = len(chart.series) > 1
    return [
        _Bar(
            "" if place else label,
            one.name if several else "",
            ((number(one.heights[at]), place, fill),),
            _shown(one.heights[at]),
        )
        for at, label in enumerate(chart.labels)
        for place, one in enumerate(chart.series)
    ]


def _stacks(chart: BarChart, symbols: str) -> list[_Bar]:
    fills = ASCII_FILLS if symbols == "ascii" else FILLS
    bars = []
    for at, label in enumerate(chart.labels):
        parts = tuple(
            (max(0.0, number(one.heights[at])), place, fills[place % len(fills)])
            for place, one in enumerate(chart.series)
        )
        bars.append(_Bar(label, "", parts, _shown(sum(length for length, _, _ in parts))))
    return bars


def upward(chart: BarChart, values: Sequence[float]) -> Scale:
    """From 0 at least, and as far as the named lines where those are not far off."""
    return reach(values, [each.at for each in chart.references], False, False)


def _legend(chart: BarChart, symbols: str, axis: Scale) -> list[tuple[str, int]]:
    parts = [(chart.y, AXIS)] if chart.y else []
    if chart.stacked:
        fills = ASCII_FILLS if symbols == "ascii" else FILLS
        parts += [
            (f"{fills[at % len(fills)]} {each.name}", at) for at, each in enumerate(chart.series)
        ]
    for each in chart.references:
        if not axis.holds(each.at):
            parts.append((f"{ARROWS['x', each.at > axis.high]} {each.name}", REFERENCE))
    return parts


def _cells(bar: _Bar, axis: Scale, across: int, symbols: str) -> list[tuple[str, int]]:
    """The cells of a bar, one by one, each with the number of its series."""
    cells = [(" ", AXIS)] * across
    zero = round(axis.share(0.0) * across)
    unit = across / (axis.high - axis.low)
    if bar.end < 0:
        length = min(zero, max(1, round(-bar.end * unit)))
        (_, place, fill) = bar.parts[0]
        cells[zero - length : zero] = [(fill, place)] * length
        return cells
    reached = 0.0
    for length, place, fill in bar.parts:
        first, reached = zero + round(reached * unit), reached + length
        if len(bar.parts) > 1:
            drawn = fill * (zero + round(reached * unit) - first)
        elif symbols == "ascii":
            drawn = fill * (max(1, round(length * unit)) if length else 0)
        else:
            whole, rest = divmod(max(1, round(length * unit * 8)) if length else 0, 8)
            drawn = fill * whole + (LYING[rest] if rest else "")
        for at, sign in enumerate(drawn[: across - first], start=first):
            cells[at] = (sign, place)
    return cells


def _row(
    before: Runs,
    cells: Sequence[tuple[str, int]],
    crossed: Mapping[int, Reference],
    number: str = "",
    axis: Scale | None = None,
) -> Runs:
    """A row of a bar and its number, and the named lines where nothing else stands."""
    row = [(UPRIGHT, REFERENCE) if at in crossed and each[0] == " " else each
           for at, each in enumerate(cells)]  # fmt: skip
    if axis is not None and number:
        filled = [at + 1 for at, (sign, _) in enumerate(cells) if sign != " "]
        end = max(filled, default=round(axis.share(0.0) * len(cells)))
        end = end if axis.low >= 0 else len(cells)  # one column, where bars go both ways
        row[end : end + len(number) + 1] = [(each, AXIS) for each in f" {number}"]
    return runs([*before, *row])


def runs(cells: Sequence[tuple[str, int]]) -> Runs:
    """Neighbours of one series in one piece."""
    found: Runs = []
    for text, of in cells:
        if found and found[-1][1] == of:
            found[-1] = (found[-1][0] + text, of)
        else:
            found.append((text, of))
    return found


def _labels(crossed: Mapping[int, Reference], left: int, width: int) -> list[Runs]:
    """The names of the lines across lying bars, each under its line; as few rows as hold them."""
    rows: list[str] = []
    for at, each in sorted(crossed.items()):
        text = f"{UPRIGHT} {each.name}"
        start = max(0, left + at)
        if start + len(text) > width:  # it stands to the left of its line then
            text = f"{each.name} {UPRIGHT}"
            start = max(0, left + at + 1 - len(text))
        for number, row in enumerate(rows):
            if len(row) + 2 <= start:
                rows[number] = f"{row:<{start}}{text}"
                break
        else:
            rows.append(" " * start + text)
    return [[(row, REFERENCE)] for row in rows]


def number(value: float | None) -> float:
    """A height that can be drawn: 0 for what is none."""
    return value if value is not None and math.isfinite(value) else 0.0


def _shown(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else show(value)
