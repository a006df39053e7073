"""A figure's numbers as tab-separated values, for a sheet or a data frame.

A figure that is one table or chart gives one block, its first row the names of the columns; one of
several gives each under its caption, an empty row between them. Numbers are unrounded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from engine.figures import BarChart, BitLayout, Figure, Heatmap, LineChart, Several, Table

Rows = list[tuple[object, ...]]


def tsv(figure: Figure) -> str:
    """The rows of a figure, each ended by a newline."""
    return "".join("\t".join(map(_cell, row)) + "\n" for row in _rows(figure))


def count(figure: Figure) -> int:
    """How many rows of numbers there are, without those that only name things."""
    if isinstance(figure, Several):
        return sum(map(count, figure.figures))
    return len(_rows(figure)) - 1


def _rows(figure: Figure) -> Rows:
    match figure:
        case Table():
            return [figure.columns, *figure.rows]
        case LineChart():
            return _points(figure)
        case BarChart():
            names = (each.name or figure.y for each in figure.series)
            return [("", *names), *_columns(figure.labels, *(s.heights for s in figure.series))]
        case Heatmap():
            names = figure.row_labels or ("",) * len(figure.rows)
            head = figure.column_labels or ("",) * len(figure.rows[0] if figure.rows else ())
            return [
                ("", *head),
                *((name, *row) for name, row in zip(names, figure.rows, strict=True)),
            ]
        case BitLayout():
            return [("field", "bits", "means"), *((f.name, f.bits, f.means) for f in figure.fields)]
        case Several():
            rows: Rows = []
            for each in figure.figures:
                rows += [()] if rows else []
                rows += [(each.caption,), *_rows(each)]
            return rows


def _points(chart: LineChart) -> Rows:
    """A column for each line where all have the same xs, else a row for each point of each line."""
    if len({line.xs for line in chart.lines}) == 1:
        names = (line.name or chart.y for line in chart.lines)
        return [
            (chart.x, *names),
            *_columns(chart.lines[0].xs, *(line.ys for line in chart.lines)),
        ]
    points = (
        (line.name, x, y) for line in chart.lines for x, y in zip(line.xs, line.ys, strict=True)
    )
    return [("line", chart.x, chart.y), *points]


def _columns(*columns: Sequence[object]) -> Iterable[tuple[object, ...]]:
    return zip(*columns, strict=True)


def _cell(value: object) -> str:
    """A number as Python reads it back, nothing for one that is missing, a text on one line."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else " ".join(str(value).split())
