"""Figures as plain text: what they show, the numbers, and then a drawing.

Someone who hears the screen read has the caption and every number before any drawing comes, and
can leave drawings out altogether.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from engine.figures import BarChart, BitLayout, Figure, Heatmap, LineChart, Several, Table
from tutor.report import bars
from tutor.report.lines import ASCII_MARKS, MARKS, axis, legend, lines, plain
from tutor.report.phrases import cell, phrase, together, told
from tutor.report.table import table

Symbols = Literal["braille", "block", "ascii", "none"]
"""What drawings are made of; `none` leaves them out."""

POINTS = 7
"""Points of each line that are written as numbers, from the first to the last."""
ROWS = 200
"""Rows of a table that are written at most."""
_ASCII = str.maketrans("┤│└─–−›×·", "||+--->x.")


def text(figure: Figure, width: int = 80, symbols: Symbols = "block") -> str:
    """A figure for a terminal, a pipe or a screen reader.

    Args:
        figure: Any.
        width: Cells in a line; only a word or a table cell that is longer goes beyond.
        symbols: What drawings are made of. With `ascii`, so is all the rest but the caption.
    """
    whole = "\n\n".join(part for part in _parts(figure, width, symbols, {}) if part)
    return in_ascii(whole) if symbols == "ascii" else whole


def _parts(
    figure: Figure, width: int, symbols: Symbols, above: Mapping[str, float]
) -> Iterator[str]:
    yield textwrap.fill(figure.caption, width)
    yield together(told(figure, above), width)
    match figure:
        case Table():
            yield columns(figure.columns, figure.rows, width)
        case LineChart():
            yield from (points(figure, width), _lines(figure, width, symbols))
        case BarChart():
            yield _bars(figure, width, symbols)
        case Heatmap():
            yield grid(figure, width)
        case BitLayout():
            yield bits(figure, width)
        case Several():
            for each in figure.figures:
                yield from _parts(each, width, symbols, {**above, **figure.values})


def in_ascii(text: str) -> str:
    """The same without the drawing characters and dashes that this package uses."""
    return text.translate(_ASCII)


def numeric(rows: Sequence[Sequence[object]], at: int) -> bool:
    """Whether a column holds numbers, so that its cells stand to the right."""
    held = [row[at] for row in rows[:ROWS] if row[at] is not None]
    return bool(held) and all(isinstance(each, int | float) for each in held)


def columns(heads: Sequence[str], rows: Sequence[Sequence[object]], width: int) -> str:
    """Rows under heads; where they are too wide for that, row by row, a line for each cell."""
    cells = [[cell(each) for each in row] for row in rows[:ROWS]]
    right = [at for at in range(len(heads)) if numeric(rows, at)]
    drawn = table(cells, heads, right) if heads else ""
    if max(map(len, drawn.splitlines()), default=0) > width:
        room = max(map(len, heads))
        drawn = "\n\n".join(
            "\n".join(f"{head:<{room}}  {each}" for head, each in zip(heads, row, strict=True))
            for row in cells
        )
    if len(rows) > ROWS:
        drawn += f"\nand {len(rows) - ROWS:,} more rows"
    return drawn


def points(chart: LineChart, width: int) -> str:
    """Every line in a few of its points: the first and last, and evenly between."""
    if not any(line.xs for line in chart.lines):
        return "There is nothing to draw yet."
    same = {line.xs for line in chart.lines}
    if len(same) == 1:
        at = chosen(len(next(iter(same))))
        rows = [[line.name or chart.y, *(line.ys[place] for place in at)] for line in chart.lines]
        heads = [chart.x, *(cell(chart.lines[0].xs[place]) for place in at)]
        return f"{axis(chart.y, chart.log_y)}\n{columns(heads, rows, width)}"
    rows = [
        (line.name, line.xs[place], line.ys[place])
        for line in chart.lines
        for place in chosen(len(line.xs))
    ]
    return columns(("", chart.x, chart.y), rows, width)


def chosen(count: int, most: int = POINTS) -> list[int]:
    """At most so many places of a sequence, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(each * (count - 1) / (most - 1)) for each in range(most)]


def grid(heatmap: Heatmap, width: int) -> str:
    """The numbers of a heatmap under their labels, in blocks of columns that fit."""
    names = heatmap.row_labels
    cells = [[cell(each) for each in row] for row in heatmap.rows]
    heads = heatmap.column_labels or ("",) * len(cells[0] if cells else ())
    if not cells:
        return ""
    names = names or ("",) * len(cells)
    widest = max(len(each) for row in (heads, *cells) for each in row)
    room = max(1, (width - max(map(len, names))) // (widest + 2))
    blocks = []
    for start in range(0, len(heads), room):
        rows = [[name, *row[start : start + room]] for name, row in zip(names, cells, strict=True)]
        under = ["", *heads[start : start + room]]
        blocks.append(table(rows, under if any(heads) else (), range(1, len(under))))
    return "\n\n".join(blocks)


def bits(layout: BitLayout, width: int) -> str:
    """The pattern field under name; then what each field means."""
    drawn = table([[field.bits for field in layout.fields]], [f.name for f in layout.fields])
    if max(map(len, drawn.splitlines()), default=0) > width:
        return table([[field.name, field.bits, field.means] for field in layout.fields])
    meant = [[field.name, field.means] for field in layout.fields if field.means]
    return f"{drawn}\n\n{table(meant)}" if meant else drawn


def _bars(chart: BarChart, width: int, symbols: Symbols) -> str:
    if bars.many(chart):
        return _histogram(chart, width, symbols)
    if symbols != "none" and (drawn := plain(bars.lying(chart, width, symbols))):
        return "\n".join([chart.y, *drawn])  # the numbers stand beside the bars
    heads = ("", *(each.name or chart.y for each in chart.series))
    rows = [
        (label, *(each.heights[at] for each in chart.series))
        for at, label in enumerate(chart.labels)
    ]
    return f"{chart.y}\n{columns(heads, rows, width)}"


def _histogram(chart: BarChart, width: int, symbols: Symbols) -> str:
    """Too many bars for a line each: their numbers one after another, then the bars upright."""
    rows = [chart.y]
    for each in chart.series:
        rows += [each.name] if len(chart.series) > 1 else []
        numbers = zip(chart.labels, each.heights, strict=True)
        rows.append(together([phrase(f"{label} {{}}", height) for label, height in numbers], width))
    if symbols != "none":
        rows += ["", *plain(bars.upright(chart, width, symbols))]
    return "\n".join(rows)


def _lines(chart: LineChart, width: int, symbols: Symbols) -> str:
    if symbols == "none":
        return ""
    rows = plain(lines(chart, width, symbols))
    if rows and len(chart.lines) > 1:
        marks = ASCII_MARKS if symbols == "ascii" else MARKS
        rows += legend([line.name for line in chart.lines], width, marks)
    return "\n".join(rows)
