"""Line charts drawn with characters, on a grid of cells or of the dots within them.

textual-plot draws the same more slowly (four lines of 200 points, processor time of one update:
46 ms, here 7), and would need numpy in the tutor's process.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from engine.figures import Line, LineChart
from lessons.kit.display import show

AXIS = -1
"""In place of a line's number: what belongs to the axes."""
MARKS = "●○■□▲△◆◇"
"""What tells lines apart without colour, the first line's first."""
ASCII_MARKS = "*o#x+@%="
MARKS_ON_A_LINE = 5
"""How often a line's mark stands on it, where it is drawn in dots."""
HEIGHT = 12
"""Rows of a chart, without its axis."""
MOST_POINTS = 400
"""Points of a line that are drawn: more than a terminal has dots across."""

Runs = list[tuple[str, int]]
"""A row of text in pieces, each with the number of its line or AXIS."""
Points = list[tuple[float, float]]

_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_QUADRANT = ((1, 2), (4, 8))
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_DOTS = {"braille": (2, 4), "block": (2, 2)}


def lines(
    chart: LineChart, width: int, symbols: str, height: int = HEIGHT, coloured: bool = False
) -> list[Runs]:
    """A line chart with its axes, row by row; none where there is no point to draw.

    Args:
        chart: Any.
        width: Cells in a row.
        symbols: `braille`, `block` or `ascii`. Where there are several lines and no colours, they
            are drawn with a mark of their own instead, a cell at a time.
        height: Rows, without the x axis.
        coloured: Whether whoever shows the rows gives every line a colour.
    """
    drawn = [thinned(line, chart.log_x, chart.log_y) for line in chart.lines]
    every = [point for points in drawn for point in points]
    if not every:
        return []
    ys, xs = _ends(y for _, y in every), _ends(x for x, _ in every)
    top, foot = _written(ys[1], chart.log_y), _written(ys[0], chart.log_y)
    room = max(len(top), len(foot))
    across = max(8, width - room - 2)
    dots = _DOTS.get(symbols, (1, 1)) if len(drawn) == 1 or coloured else (1, 1)
    marks = ASCII_MARKS if symbols == "ascii" else MARKS
    grid = Grid(across, height, dots)
    for number, points in enumerate(drawn):
        grid.draw(points, xs, ys, number, marks[number % len(marks)])
    if dots != (1, 1):
        for number, points in enumerate(drawn):
            if len(drawn) > 1 or len(points) == 1:
                grid.mark(points, xs, ys, number, marks[number % len(marks)])
    rows: list[Runs] = []
    for at, runs in enumerate(grid.rows()):
        label = top if at == 0 else foot if at == height - 1 else ""
        rows.append([(f"{label:>{room}} ┤", AXIS), *runs])
    return [*rows, *_x_axis(chart, xs, room, across)]


def plain(rows: list[Runs]) -> list[str]:
    """The rows as text."""
    return ["".join(text for text, _ in runs).rstrip() for runs in rows]


def axis(name: str, log: bool) -> str:
    """An axis by name, saying whether equal steps along it multiply."""
    return f"{name} (log)" if log else name


def legend(names: list[str], width: int, marks: str = MARKS) -> list[str]:
    """What is drawn with which mark, as many on a row as fit."""
    rows = [""]
    for number, name in enumerate(names):
        each = f"{marks[number % len(marks)]} {name}"
        if rows[-1] and len(rows[-1]) + len(each) + 3 > width:
            rows.append("")
        rows[-1] += f"   {each}" if rows[-1] else each
    return rows


def thinned(
    line: Line, log_x: bool = False, log_y: bool = False, most: int = MOST_POINTS
) -> Points:
    """The points that can be drawn, as logarithms (base 10) where that is asked.

    There are about `most` at most; of every stretch, its least and its greatest stay.
    """
    xs, ys = line.xs, line.ys
    if len(xs) > most:
        step = -(-2 * len(xs) // most)
        places = {0, len(xs) - 1}
        for start in range(0, len(xs), step):
            part = [y if y is not None else math.nan for y in ys[start : start + step]]
            places |= {start + part.index(min(part)), start + part.index(max(part))}
        xs, ys = zip(*((xs[at], ys[at]) for at in sorted(places)), strict=True)
    return [
        (math.log10(x) if log_x else x, math.log10(y) if log_y else y)
        for x, y in zip(xs, ys, strict=True)
        if _drawable(x, log_x) and _drawable(y, log_y)
    ]


class Grid:
    """Cells to draw on, each of one dot or of several."""

    def __init__(self, across: int, height: int, dots: tuple[int, int]) -> None:
        """So many cells, each of `dots` (across, down)."""
        self._size = across * dots[0], height * dots[1]
        self._dots = dots
        self._shown = [[" "] * across for _ in range(height)]
        self._held = [[0] * across for _ in range(height)]
        self._owner = [[AXIS] * across for _ in range(height)]

    def draw(self, points: Points, xs, ys, number: int, mark: str) -> None:
        """A line through the points; `xs` and `ys` are the ends of the axes."""
        wide, high = self._dots
        for column, row in _walk(points, xs, ys, self._size):
            at, down = column // wide, row // high
            self._owner[down][at] = number
            if self._dots == (1, 1):
                self._shown[down][at] = mark
                continue
            bits = _BRAILLE if high == 4 else _QUADRANT
            self._held[down][at] |= bits[row % high][column % wide]
            held = self._held[down][at]
            self._shown[down][at] = chr(0x2800 + held) if high == 4 else _QUADRANTS[held]

    def mark(self, points: Points, xs, ys, number: int, mark: str) -> None:
        """The line's mark on a few of its points."""
        step = max(1, len(points) // MARKS_ON_A_LINE)
        for point in points[step // 2 :: step]:
            for column, row in _walk([point], xs, ys, self._size):
                at, down = column // self._dots[0], row // self._dots[1]
                self._shown[down][at], self._owner[down][at] = mark, number

    def rows(self) -> Iterator[Runs]:
        """Row by row, neighbours of one line in one piece."""
        for shown, owners in zip(self._shown, self._owner, strict=True):
            runs: Runs = []
            for character, owner in zip(shown, owners, strict=True):
                if runs and (owner == runs[-1][1] or character == " "):
                    runs[-1] = (runs[-1][0] + character, runs[-1][1])
                else:
                    runs.append((character, owner))
            yield runs


def _x_axis(chart: LineChart, xs: tuple[float, float], room: int, across: int) -> list[Runs]:
    from_, to = _written(xs[0], chart.log_x), _written(xs[1], chart.log_x)
    name, between = axis(chart.x, chart.log_x), across - len(from_) - len(to)
    under = f"{name if len(name) + 2 <= between else '':^{max(1, between)}}"
    return [
        [(f"{'':>{room}} └{'─' * across}", AXIS)],
        [(f"{'':>{room}}  {from_}{under}{to}", AXIS)],
    ]


def _walk(points: Points, xs, ys, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The (column, row from the top) of every dot of a line through the points."""
    width, height = size
    across, down = (width - 1) / (xs[1] - xs[0]), (height - 1) / (ys[1] - ys[0])
    placed = [(round((x - xs[0]) * across), round((ys[1] - y) * down)) for x, y in points]
    yield from placed[:1]
    for (x0, y0), (x1, y1) in pairwise(placed):
        steps = max(abs(x1 - x0), abs(y1 - y0))
        for step in range(1, steps + 1):
            yield round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)


def _ends(values: Iterable[float]) -> tuple[float, float]:
    held = list(values)
    low, high = min(held), max(held)
    if low < high:
        return low, high
    around = abs(low) / 2 or 0.5
    return low - around, high + around


def _written(value: float, log: bool) -> str:
    return show(10.0**value if log else value, 3)


def _drawable(value: float | None, log: bool) -> bool:
    return value is not None and math.isfinite(value) and (not log or value > 0)
