"""Line charts drawn with characters, on a grid of cells or of the dots within them.

Both axes have numbers at round values; named lines go across; a mark tells each line from the
others where there is no colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from engine.figures import Axis, Line, LineChart, Reference
from tutor.report.drawing.axes import axis, beside, heads, reach, under
from tutor.report.drawing.grid import (
    ASCII_MARKS,
    AXIS,
    DOTS,
    MARKS,
    REFERENCE,
    Cell,
    Grid,
    Place,
    Runs,
)
from tutor.report.drawing.ticks import Scale

MARKS_ON_A_LINE = 5
"""How often a line's mark stands on it, where its own points are too many for that."""
HEIGHT = 12
"""Rows of a chart, without its axis."""
MOST_POINTS = 400
"""Points of a line that are drawn: more than a terminal has dots across."""
LEVEL, UPRIGHT = "╌", "┊"
ARROWS = {("y", True): "↑", ("y", False): "↓", ("x", True): "→", ("x", False): "←"}
"""Where a named line lies that is off the chart, by its axis and whether it is beyond its end."""


Points = list[tuple[float, float]]


def lines(
    chart: LineChart, width: int, symbols: str, height: int = HEIGHT, holds: Sequence[float] = ()
) -> list[Runs]:
    """A line chart, row by row: what goes up and which line is which, the grid, the axis below.

    There is none where there is no point to draw.

    Args:
        chart: Any.
        width: Cells in a row.
        symbols: `braille` or `block`, which draw in dots, or `ascii`, which draws every cell of a
            line as its mark.
        height: Rows of the grid.
        holds: Numbers that the y axis reaches in any case.
    """
    drawn = [_drawable(line, chart.log_x, chart.log_y) for line in chart.lines]
    if not any(drawn):
        return []
    marks = ASCII_MARKS if symbols == "ascii" else MARKS
    scales = {"x": _scale(chart, drawn, "x"), "y": _scale(chart, drawn, "y", holds)}
    numbers = beside(scales["y"], height)
    room = max(map(len, numbers.values()), default=0)
    grid = Grid(max(8, width - room - 2), height, DOTS.get(symbols, (1, 1)))
    for each in chart.references:
        _across(grid, each, scales[each.axis])
    _draw(grid, chart.lines, drawn, scales, marks)
    unnamed = [each for each in chart.references if not _named(grid, each, scales[each.axis])]
    return [
        *heads(_head(chart, marks, unnamed), width),
        *(
            [(f"{numbers.get(at, ''):>{room}} {'┤' if at in numbers else '│'}", AXIS), *runs]
            for at, runs in enumerate(grid.rows())
        ),
        *under(scales["x"], grid.across, room, axis(chart.x, chart.log_x)),
    ]


def _head(chart: LineChart, marks: str, unnamed: list[Reference]) -> Iterator[tuple[str, int]]:
    """What goes up, which line is which, and the lines across that have no room for their name."""
    if chart.y:
        yield axis(chart.y, chart.log_y), AXIS
    if len(chart.lines) > 1:
        for at, line in enumerate(chart.lines):
            yield f"{marks[at % len(marks)]} {line.name}", at
    for each in unnamed:
        yield f"{LEVEL if each.axis == 'y' else UPRIGHT} {each.name}", REFERENCE


def _scale(
    chart: LineChart, drawn: list[Points], which: Axis, holds: Sequence[float] = ()
) -> Scale:
    data = [*(point[which == "y"] for points in drawn for point in points), *holds]
    across = (each.at for each in chart.references if each.axis == which)
    return reach(data, across, chart.log_y if which == "y" else chart.log_x, which == "y")


def _draw(
    grid: Grid,
    lines: Sequence[Line],
    drawn: list[Points],
    scales: dict[str, Scale],
    marks: str,
) -> None:
    """All lines, and on top of them all marks."""
    walked = []
    for number, (line, points) in enumerate(zip(lines, drawn, strict=True)):
        places = [(scales["x"].share(x), scales["y"].share(y)) for x, y in points]
        mark = marks[number % len(marks)]
        cells = grid.draw(places, number, mark) if line.joined else [*map(grid.cell, places)]
        walked.append((mark, places, cells))
    taken: set[Cell] = set()
    for number, (mark, places, cells) in enumerate(walked):
        if not lines[number].joined:
            cells_marked = cells
        else:
            cells_marked = _on_points(grid, places, taken)
            if not cells_marked and len(lines) > 1:
                cells_marked = _along(grid, cells, number, taken)
        grid.mark(cells_marked, number, mark)
        taken.update(cells_marked)


def _on_points(grid: Grid, places: list[Place], taken: set[Cell]) -> list[Cell]:
    """The cells of a line's own points that no other line has marked; none if they are many."""
    if len(places) > grid.across // 6:
        return []
    return sorted({grid.cell(place) for place in places} - taken)


def _along(grid: Grid, cells: list[Cell], number: int, taken: set[Cell]) -> list[Cell]:
    """Cells here and there along a line, elsewhere for each line that runs with another."""
    step = max(2, grid.across // MARKS_ON_A_LINE)
    columns = {column: (row, column) for row, column in reversed(cells)}
    first = (step // 2 + number * max(1, step // 6)) % step
    wanted = (columns.get(at) for at in range(first, grid.across, step))
    return [each for each in wanted if each is not None and each not in taken]


def thinned(line: Line, most: int = MOST_POINTS) -> tuple[Sequence[float], Sequence[float]]:
    """A line's xs and ys, about `most` at most; of every stretch, its least and greatest stay."""
    xs, ys = line.xs, line.ys
    if len(xs) <= most:
        return xs, ys
    step = -(-2 * len(xs) // most)
    places = {0, len(xs) - 1}
    for start in range(0, len(xs), step):
        part = [y if y is not None else math.nan for y in ys[start : start + step]]
        places |= {start + part.index(min(part)), start + part.index(max(part))}
    kept = sorted(places)
    return [xs[at] for at in kept], [ys[at] for at in kept]


def _drawable(line: Line, log_x: bool, log_y: bool) -> Points:
    """The points that can be drawn: finite, and above 0 along a logarithmic axis."""
    return [
        (x, y)
        for x, y in zip(*thinned(line), strict=True)
        if _may_stand(x, log_x) and _may_stand(y, log_y)
    ]


def _may_stand(value: float | None, log: bool) -> bool:
    return value is not None and math.isfinite(value) and (not log or value > 0)


def _across(grid: Grid, reference: Reference, scale: Scale) -> None:
    if scale.holds(reference.at):
        share = min(1.0, max(0.0, scale.share(reference.at)))
        if reference.axis == "y":
            grid.level(share, LEVEL)
        else:
            grid.upright(share, UPRIGHT)


def _named(grid: Grid, reference: Reference, scale: Scale) -> bool:
    """Write a named line's name beside it, if there is room that nothing is drawn in."""
    name, which = reference.name, reference.axis
    if not scale.holds(reference.at):
        beyond = reference.at > scale.high
        name = f"{ARROWS[which, beyond]} {name}"
        edge = (0 if beyond else grid.height - 1) if which == "y" else None
        return grid.write(name, _at_edge(grid, len(name), edge, beyond))
    share = scale.share(reference.at)
    if which == "y":
        row = grid.row(share)
        return grid.write(f" {name} ", _beside(grid, len(name) + 2, (row,))) or grid.write(
            name, _beside(grid, len(name), (row - 1, row + 1))
        )
    column = grid.column(share)
    return grid.write(f" {name}", ((row, column + 1) for row in range(grid.height))) or grid.write(
        f"{name} ", ((row, column - len(name) - 1) for row in range(grid.height))
    )


def _beside(grid: Grid, length: int, rows: Iterable[int]) -> Iterator[Cell]:
    """Starts of words in these rows: at the right, at the left, in between."""
    free = grid.across - length
    for row in rows:
        for start in (free - 1, 1, free // 2, free // 4, 3 * free // 4):
            yield row, start


def _at_edge(grid: Grid, length: int, row: int | None, beyond: bool) -> Iterator[Cell]:
    if row is not None:
        step = 1 if beyond else -1
        yield from _beside(grid, length, (row, row + step, row + 2 * step))
    else:
        start = grid.across - length if beyond else 0
        yield from ((at, start) for at in range(grid.height))
