"""A figure on a page, from top to foot: what it shows, what was measured, its drawings, its source.

caption          once, as the title
phrases          what was measured, in words
you said ...     what was predicted, held against it
drawings         under one another, each under its own caption
source           small, at the foot
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matplotlib.figure import Figure as Page

from engine.figures import (
    BarChart,
    BitLayout,
    Figure,
    Heatmap,
    LineChart,
    Several,
    Table,
)
from tutor.report.drawing.held import held
from tutor.report.drawing.phrases import told
from tutor.report.saving import bars, charts, tables
from tutor.report.saving.sheet import Drawn, Sheet, joined, leading, wrapped
from tutor.report.saving.shown import Shown
from tutor.report.saving.style import BODY, FAINT, INK, MARGIN, PREDICTED, SMALL, TINY, TITLE, WIDE

ROOM = WIDE - 2 * MARGIN
"""Inches from margin to margin."""
AIR = 0.16
"""Inches between parts."""


def page(shown: Shown) -> Page:
    """All of it; `style.RULES` must hold while it is drawn and saved."""
    drawn = list(_parts(shown))
    sheet = Sheet(2 * MARGIN + sum(each.high for each in drawn) + AIR * (len(drawn) - 1))
    top = sheet.high - MARGIN
    for each in drawn:
        each.put(sheet, MARGIN, top)
        top -= each.high + AIR
    return sheet.figure


def _parts(shown: Shown) -> Iterator[Drawn]:
    figure = held(shown.figure, shown.compared)
    yield _words(wrapped(figure.caption, ROOM, TITLE, bold=True), TITLE, bold=True)
    if phrases := told(figure):
        yield _words(joined(phrases, ROOM, between=" · "), colour=FAINT)
    if shown.compared:
        lines = [line for each in shown.compared for line in wrapped(each.words, ROOM)]
        yield _words(lines, colour=PREDICTED)
    yield from _drawings(figure, figure.values, figure.caption, shown.holds)
    if shown.source:
        yield _words(wrapped(shown.source, ROOM, TINY), TINY, FAINT)


def _drawings(
    figure: Figure, above: Mapping[str, float], title: str, holds: Sequence[float] = ()
) -> Iterator[Drawn]:
    if _empty(figure):
        yield _words(["There is nothing to draw yet."], SMALL, FAINT)
        return
    match figure:
        case Several():
            for each in figure.figures:
                if each.caption not in ("", title):
                    yield _words(wrapped(each.caption, ROOM, bold=True), bold=True)
                if phrases := told(each, above):
                    yield _words(joined(phrases, ROOM, between=" · "), SMALL, FAINT)
                yield from _drawings(each, {**above, **each.values}, title)
        case Table():
            yield tables.table(figure, ROOM)
        case BitLayout():
            yield tables.bits(figure, ROOM)
        case Heatmap():
            yield charts.heatmap(figure, ROOM)
        case LineChart():
            yield charts.line_chart(figure, ROOM, holds)
        case BarChart():
            yield from bars.bar_chart(figure, ROOM)


def _empty(figure: Figure) -> bool:
    match figure:
        case LineChart():
            return not any(charts.points(line, figure) for line in figure.lines)
        case BarChart():
            return not figure.labels or not figure.series
        case Heatmap():
            return not any(figure.rows)
    return False


def _words(
    lines: Iterable[str], size: float = BODY, colour: str = INK, bold: bool = False
) -> Drawn:
    lines = list(lines)

    def put(sheet: Sheet, left: float, top: float) -> None:
        for number, line in enumerate(lines):
            sheet.write(left, top - (number + 0.5) * leading(size), line, size, colour, bold)

    return Drawn(len(lines) * leading(size), put)
