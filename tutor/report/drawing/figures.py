"""Figures as plain text: what they show, the numbers, and then a drawing.

Someone who hears the screen read has the caption and every number before any drawing comes, and
can leave drawings out altogether.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from engine.figures import BarChart, BitLayout, Figure, Heatmap, LineChart, Several, Table
from tutor.report.drawing import bars, histogram
from tutor.report.drawing.grid import plain
from tutor.report.drawing.lines import axis, lines
from tutor.report.drawing.phrases import cell, phrase, together, told
from tutor.report.table import table

Symbols = Literal["braille", "block", "ascii", "none"]
"""What drawings are made of; `none` leaves them out."""

POINTS = 7
"""Points of each line that are written as numbers, from the first to the last."""
ROWS = 200
"""Rows of a table that are written at most."""
_ASCII = str.maketrans("┤│└─┬╌┊–−›×·↑↓→←", "||+-+-:-->x.^v><")


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
    figure: Figure, width: int, symbols: Symbols, above: Mapping[str, float], headline: str = ""
) -> Iterator[str]:
    if figure.caption != headline:
        yield textwrap.fill(figure.caption, width)
    yield together(told(figure, above), width)
    match figure:
        case Table():
            yield columns(figure.columns, figure.rows, width)
        case LineChart() | BarChart() if symbols == "none":
            yield numbers(figure, width)
        case LineChart():
            yield points(figure, width)
            yield "\n".join(plain(lines(figure, width, symbols)))
        case BarChart() if histogram.many(figure):
            yield _heights(figure, width)
            yield "\n".join(plain(histogram.upright(figure, width, symbols)))
        case BarChart():
            yield "\n".join(plain(bars.lying(figure, width, symbols)))
        case Heatmap():
            yield grid(figure, width)
        case BitLayout():
            yield bits(figure, width)
        case Several():
            for each in figure.figures:
                yield from _parts(each, width, symbols, {**above, **figure.values}, figure.caption)


def in_ascii(text: str) -> str:
    """The same without the drawing characters and dashes that this package uses."""
    return text.translate(_ASCII)


def numeric(rows: Sequence[Sequence[object]], at: int) -> bool:
    """Whether a column holds numbers, so that its cells stand to the right."""
    held = [row[at] for row in rows[:ROWS] if row[at] is not None]
    return bool(held) and all(isinstance(each, int | float) for each in held)


def columns(heads: Sequence[str], rows: Sequence[Sequence[object]], width: int) -> str:
    """Rows under heads; where they are too wide for that, row by row, a line for each cell."""
    drawn = _aligned(heads, rows) if heads else ""
    if not fits(heads, rows, width):
        drawn = "\n\n".join("\n".join(_record(heads, row, width)) for row in rows[:ROWS])
    if len(rows) > ROWS:
        drawn += f"\nand {len(rows) - ROWS:,} more rows"
    return drawn


def _record(heads: Sequence[str], row: Sequence[object], width: int) -> Iterator[str]:
    """A row as lines, each of a head and its cell; the cell goes below where both are too long."""
    room = max(map(len, heads))
    for head, each in zip(heads, map(cell, row), strict=True):
        if room + 2 + len(each) <= width:
            yield f"{head:<{room}}  {each}".rstrip()
        else:
            yield from textwrap.wrap(head, width)
            yield from textwrap.wrap(each, width, initial_indent="  ", subsequent_indent="  ")


def fits(heads: Sequence[str], rows: Sequence[Sequence[object]], width: int) -> bool:
    """Whether rows stand under their heads within so many cells."""
    return not heads or max(map(len, _aligned(heads, rows).splitlines())) <= width


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    right = [at for at in range(len(heads)) if numeric(rows, at)]
    return table(
        [[cell(each) for each in row] for row in rows[:ROWS]], heads if any(heads) else (), right
    )


def points(chart: LineChart, width: int) -> str:
    """Every line in a few of its points: the first and last, and evenly between."""
    if not any(line.xs for line in chart.lines):
        return "There is nothing to draw yet."
    names = [line.name or chart.y for line in chart.lines]
    if len({line.xs for line in chart.lines}) == 1:
        xs = chart.lines[0].xs
        at = chosen(len(xs))
        told = [
            [name, *(line.ys[p] for p in at)] for name, line in zip(names, chart.lines, strict=True)
        ]
        heads = [chart.x, *(cell(xs[place]) for place in at)]
        if fits(heads, told, width):
            return columns(heads, told, width)
        told = [[xs[place], *(line.ys[place] for line in chart.lines)] for place in at]
        return columns([chart.x, *names], told, width)
    rows = [
        (name, line.xs[place], line.ys[place])
        for name, line in zip(names, chart.lines, strict=True)
        for place in chosen(len(line.xs))
    ]
    return columns(("", chart.x, axis(chart.y, chart.log_y)), rows, width)


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


def numbers(chart: LineChart | BarChart, width: int) -> str:
    """A chart without a drawing."""
    if isinstance(chart, LineChart):
        told = points(chart, width)
    elif histogram.many(chart):
        told = _heights(chart, width)
    else:
        several = len(chart.series) > 1
        heads = ("", *(each.name if several else "" for each in chart.series))
        rows = [
            (label, *(each.heights[at] for each in chart.series))
            for at, label in enumerate(chart.labels)
        ]
        told = f"{textwrap.fill(chart.y, width)}\n{columns(heads, rows, width)}"
    names = "; ".join(each.name for each in chart.references)
    return f"{told}\n{textwrap.fill(f'Across it: {names}.', width)}" if names else told


def _heights(chart: BarChart, width: int) -> str:
    """The numbers of a histogram one after another, as they are too many for a line each."""
    rows = [chart.y]
    for each in chart.series:
        rows += [each.name] if len(chart.series) > 1 else []
        numbers = [
            phrase(f"{label} {{}}", height)
            for label, height in zip(chart.labels, each.heights, strict=True)
            if height != 0
        ]
        rest = ["0 elsewhere"] if len(numbers) < len(each.heights) else []
        rows.append(together([*numbers, *rest], width))
    return "\n".join(rows)
