"""Line charts and heatmaps, each as its frame and what is plotted in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.figures import Heatmap, Line, LineChart
from tutor.report.drawing.phrases import cell
from tutor.report.saving.frame import AIR, Frame
from tutor.report.saving.sheet import Drawn, Sheet, breadth
from tutor.report.saving.sides import across, down, numbers
from tutor.report.saving.style import COLOURS, DASHES, INK, MARKS, SMALL

HIGH = 3.4
"""Inches that a plot is high."""
MARKED = 12
"""How often a line has its mark, if it has more than twice as many points."""
CELL, GRID = 0.42, 6.0
"""Inches that a cell of a heatmap is high, and all of them at most."""
MOST_ROWS = 24
"""Rows of a heatmap whose cells hold their numbers."""
SCALE = 0.9
"""Inches that the scale of its colours takes, with its numbers."""

Points = list[tuple[float, float]]


def line_chart(chart: LineChart, wide: float, holds: Sequence[float] = ()) -> Drawn:
    """Lines with their marks; points alone where they are not joined; `holds` is on the y axis."""
    drawn = [points(line, chart) for line in chart.lines]
    xs, ys = ([point[at] for line in drawn for point in line] for at in (0, 1))
    styles = [_style(number, line.joined) for number, line in enumerate(chart.lines)]
    names = [line.name for line in chart.lines]
    frame = Frame(
        wide,
        HIGH,
        lambda long: numbers(xs, chart.references, "x", long, chart.x, chart.log_x),
        numbers([*ys, *holds], chart.references, "y", HIGH, chart.y, chart.log_y),
        chart.references,
        tuple(zip(names, styles, strict=True)) if len(names) > 1 else (),
    )

    def put(sheet: Sheet, left: float, top: float) -> None:
        axes = frame.draw(sheet, left, top)
        for line, style in zip(drawn, styles, strict=True):
            if line:
                every = math.ceil(len(line) / MARKED) if len(line) > 2 * MARKED else 1
                axes.plot(*zip(*line, strict=True), markevery=every, clip_on=False, **style)

    return Drawn(frame.high, put)


def points(line: Line, chart: LineChart) -> Points:
    """Those points of a line that its chart can show."""
    return [
        (x, y)
        for x, y in zip(line.xs, line.ys, strict=True)
        if _drawable(x, chart.log_x) and _drawable(y, chart.log_y)
    ]


def heatmap(chart: Heatmap, wide: float) -> Drawn:
    """Cells whose colour says their number; the number stands in them, or a scale beside them."""
    rows = [[math.nan if each is None else each for each in row] for row in chart.rows]
    finite = [each for row in rows for each in row if math.isfinite(each)]
    most = max(map(abs, finite), default=0.0) or 1.0
    signed = min(finite, default=0.0) < 0
    colours, low = ("PuOr", -most) if signed else ("cividis", 0.0)
    high = min(GRID, CELL * len(rows))
    shown = [[cell(each) for each in row] for row in rows]
    widest = max(breadth(each, SMALL) for row in shown for each in row) + AIR
    names = down(chart.row_labels or ("",) * len(rows), high)
    columns = chart.column_labels or ("",) * len(rows[0])
    numbered = len(rows) <= MOST_ROWS and widest * len(rows[0]) <= 0.85 * wide
    frame = Frame(
        wide, high, lambda long: across(columns, long), names, behind=0.0 if numbered else SCALE
    )

    def put(sheet: Sheet, left: float, top: float) -> None:
        axes = frame.draw(sheet, left, top)
        image = axes.imshow(rows, colours, vmin=low, vmax=most, aspect="auto")
        axes.spines[:].set_visible(False)
        if not numbered:
            beside = sheet.plot(left + wide - SCALE, top - AIR - high, SCALE / 5, high)
            sheet.figure.colorbar(image, cax=beside)
            return
        for row, line in enumerate(shown):
            for column, each in enumerate(line):
                colour = _readable(image.to_rgba(rows[row][column]))
                axes.text(column, row, each, ha="center", va="center", color=colour)

    return Drawn(frame.high, put)


def _style(number: int, joined: bool) -> dict[str, object]:
    return {
        "color": COLOURS[number % len(COLOURS)],
        "linestyle": DASHES[number % len(DASHES)] if joined else "none",
        "marker": MARKS[number % len(MARKS)],
        "markeredgecolor": "white",
        "markeredgewidth": 0.6,
    }


def _readable(rgba: Sequence[float]) -> str:
    """Dark letters on a light ground, light ones on a dark ground."""
    red, green, blue, _ = rgba
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def _drawable(value: float | None, log: bool) -> bool:
    return value is not None and math.isfinite(value) and (value > 0 or not log)
