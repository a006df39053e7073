"""Figures as styled text for a width.

Colour only repeats what a number or a name beside it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from engine.figures import BarChart, BitLayout, Figure, Heatmap, LineChart, Table
from tutor.report.drawing import bars, histogram
from tutor.report.drawing.figures import ROWS, Symbols, columns, in_ascii, numbers, numeric
from tutor.report.drawing.grid import AXIS, REFERENCE, Runs
from tutor.report.drawing.lines import HEIGHT, lines
from tutor.report.drawing.phrases import cell

COLOURS = ("$primary", "$warning", "$success", "$error")
"""For series and fields, in turn."""
FAINT = "$foreground 60%"
NAMED = "$foreground bold"
"""For the named lines across a chart."""
CELLS = 40
"""Rows and columns of a heatmap that are shown at most: who would read more numbers?"""
LEAST = 6
"""Rows of a line chart on a small screen."""
GAP = 2
"""Cells between columns."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Rows of text, and where bits stand in them."""

    rows: tuple[Content, ...]
    bits: tuple[tuple[int, int, int], ...] = ()
    """(row, column, place): each bit of a layout, counted from the most significant, 0."""


def drawing(figure: Figure, width: int, symbols: Symbols, more: int = 0) -> Drawing:
    """The body of a figure; its caption and values are not in it.

    Args:
        figure: Any but several.
        width: Cells in a row.
        symbols: What it is drawn with; without any, a chart is told in numbers.
        more: Rows beyond the usual ones, for a chart on a large screen.
    """
    match figure:
        case BarChart() | LineChart() if symbols == "none":
            return Drawing(tuple(map(Content, numbers(figure, width).splitlines())))
        case Table():
            return Drawing(tuple(_table(figure, width)))
        case Heatmap():
            return Drawing(tuple(_heatmap(figure, width)))
        case BitLayout():
            return _bits(figure, width)
        case BarChart():
            draw = histogram.upright if histogram.many(figure) else bars.lying
            rows = draw(figure, width, symbols, more)
            return Drawing(tuple(styled(row, symbols) for row in rows))
        case LineChart():
            rows = lines(figure, width, symbols, max(LEAST, HEIGHT + more))
            return Drawing(tuple(styled(row, symbols) for row in rows))
    return Drawing(())


def colour(place: int) -> str:
    """The colour of the series or field at that place."""
    return COLOURS[place % len(COLOURS)]


def _table(table: Table, width: int) -> Iterator[Content]:
    rows = [[cell(each) for each in row] for row in table.rows[:ROWS]]
    right = {at for at in range(len(table.columns)) if numeric(table.rows, at)}
    widths = [max(map(len, column)) for column in zip(table.columns, *rows, strict=True)]
    if sum(widths) + GAP * (len(widths) - 1) > width:
        yield from map(Content, columns(table.columns, table.rows, width).splitlines())
        return
    yield Content.styled(_line(table.columns, widths, right), FAINT)
    for row in rows:
        yield Content(_line(row, widths, right))
    if len(table.rows) > ROWS:
        yield Content.styled(f"and {len(table.rows) - ROWS:,} more rows", FAINT)


def _line(cells: Sequence[str], widths: Sequence[int], right: set[int]) -> str:
    return (" " * GAP).join(
        each.rjust(room) if at in right else each.ljust(room)
        for at, (each, room) in enumerate(zip(cells, widths, strict=True))
    )


def _heatmap(heatmap: Heatmap, width: int) -> Iterator[Content]:
    """A cell's ground is the stronger, the further its number is from 0; below 0 in another hue."""
    cells = [[cell(each) for each in row[:CELLS]] for row in heatmap.rows[:CELLS]]
    if not cells:
        return
    heads = heatmap.column_labels[:CELLS] or ("",) * len(cells[0])
    names = heatmap.row_labels[:CELLS] or ("",) * len(cells)
    finite = [
        abs(each)
        for row in heatmap.rows[:CELLS]
        for each in row[:CELLS]
        if cell(each)[-1].isdigit()
    ]
    most = max(finite, default=0.0) or 1.0
    room = max(len(each) for row in (heads, *cells) for each in row) + GAP
    left = max(map(len, names)) + 1
    fit = max(1, (width - left) // room)
    for start in range(0, len(heads), fit):
        block = slice(start, start + fit)
        if any(heads):
            under = "".join(f"{each:>{room - 1}} " for each in heads[block])
            yield Content.styled(f"{'':{left}}{under}", FAINT)
        for name, row, held in zip(names, cells, heatmap.rows, strict=False):
            parts: list[tuple[str, str]] = [(f"{name:<{left}}", FAINT)]
            for each, number in zip(row[block], held[block], strict=False):
                parts.append((f"{each:>{room - 1}} ", _ground(each, number, most)))
            yield Content.assemble(*parts)
    if max(len(heatmap.rows), len(heatmap.rows[0])) > CELLS:
        said = (
            f"the first {len(cells)} x {len(heads)} of {len(heatmap.rows)} x {len(heatmap.rows[0])}"
        )
        yield Content.styled(said, FAINT)


def _ground(shown: str, number: float | None, most: float) -> str:
    if number is None or not shown[-1].isdigit():
        return ""
    strength = 5 * round(10 * abs(number) / most)  # few different styles are quick to draw
    if not strength:
        return ""
    return f"on {'$primary' if number > 0 else '$warning'} {strength}%"


def styled(runs: Runs, symbols: Symbols) -> Content:
    """A row of a chart in its colours."""
    return Content.assemble(
        *((in_ascii(text) if symbols == "ascii" else text, _style(of)) for text, of in runs)
    )


def _style(of: int) -> str:
    return {AXIS: FAINT, REFERENCE: NAMED}.get(of) or colour(of)


def _bits(layout: BitLayout, width: int) -> Drawing:
    """Name over bits over name; a field that is wider than the line goes on in the next."""
    rows: list[Content] = []
    bits: list[tuple[int, int, int]] = []
    names: list[tuple[str, str]] = []
    drawn: list[tuple[str, str]] = []
    at = place = 0

    def break_line() -> None:
        nonlocal at
        rows.extend([Content.assemble(*names), Content.assemble(*drawn)])
        names.clear()
        drawn.clear()
        at = 0

    for number, field in enumerate(layout.fields):
        for start in range(0, max(1, len(field.bits)), width):
            piece = field.bits[start : start + width]
            name = field.name[:width] if not start else ""
            room = max(len(name), len(piece))
            if at and at + room > width:
                break_line()
            names.append((f"{name:<{room + GAP}}", colour(number)))
            drawn.append((f"{piece:<{room + GAP}}", f"bold {colour(number)}"))
            for offset in range(len(piece)):
                bits.append((len(rows) + 1, at + offset, place))
                place += 1
            at += room + GAP
    if names:
        break_line()
    room = max((len(field.name) for field in layout.fields), default=0)
    for number, field in enumerate(layout.fields):
        if field.means:
            head = (f"{field.name:<{room}}  ", colour(number))
            rows.extend(Content.assemble(head, field.means).wrap(width))
    return Drawing(tuple(rows), tuple(bits))
