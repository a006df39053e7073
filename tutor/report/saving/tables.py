"""What a saved figure has in words and boxes: tables, and the bits of a number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from engine.figures import BitLayout, Table
from tutor.report.drawing.figures import numeric
from tutor.report.drawing.phrases import cell
from tutor.report.saving.sheet import Drawn, Sheet, breadth, leading, wrapped
from tutor.report.saving.style import BODY, COLOURS, EDGE, FAINT, INK, RULE

ROWS = 40
"""Rows of a table that a picture holds."""
GAPS = 0.28, 0.8
"""Inches between columns, at least where it is not drawn smaller, and at most."""
STEP = 0.3
"""Inches from one row of a table to the next."""
BIT, TALL = 0.36, 0.44
"""Inches across a bit, where as many fit, and from its top to its foot."""


def table(table: Table, wide: float) -> Drawn:
    """Columns under their names, numbers to the right."""
    return Drawn(_table_high(table, wide), partial(_draw_table, table, wide))


def bits(layout: BitLayout, wide: float) -> Drawn:
    """A box for each bit, in its field's colour; under them what each field means."""
    return Drawn(_bits_high(layout, wide), partial(_draw_bits, layout, wide))


def _table_high(table: Table, wide: float) -> float:
    rows = min(len(table.rows), ROWS) + (len(table.rows) > ROWS)
    return rows * STEP + _head_lines(_heads(table, wide)) * leading(BODY) + 0.1


def _draw_table(table: Table, wide: float, sheet: Sheet, left: float, top: float) -> None:
    rows = [[cell(each) for each in row] for row in table.rows[:ROWS]]
    heads = _heads(table, wide)
    right = [numeric(table.rows, at) for at in range(len(heads))]
    widths = [
        max(breadth(line) for text in column for line in text.split("\n"))
        for column in zip(heads, *rows, strict=True)
    ]
    spare = (wide - sum(widths)) / max(1, len(widths) - 1)
    gap = min(max(spare, GAPS[0]), GAPS[1])
    fits = min(1.0, wide / (sum(widths) + gap * (len(widths) - 1)))
    starts = [sum(widths[:at]) + gap * at for at in range(len(widths))]
    end = left + (starts[-1] + widths[-1]) * fits

    def write(text: str, column: int, y: float, colour: str) -> None:
        x = left + (starts[column] + (widths[column] if right[column] else 0.0)) * fits
        sheet.write(x, y, text, BODY * fits, colour, ha="right" if right[column] else "left")

    lines = _head_lines(heads)
    for column, head in enumerate(heads):
        own = head.split("\n")
        for number, line in enumerate(own):
            write(line, column, top - (lines - len(own) + number + 0.5) * leading(BODY), FAINT)
    top -= lines * leading(BODY) + 0.04
    sheet.line((left, end), (top, top), color=EDGE, linewidth=1.0)
    for number, row in enumerate(rows):
        y = top - (number + 0.5) * STEP
        for column, text in enumerate(row):
            write(text, column, y, INK)
        sheet.line((left, end), (y - STEP / 2, y - STEP / 2), color=RULE, linewidth=0.6)
    if len(table.rows) > ROWS:
        more = f"and {len(table.rows) - ROWS:,} more rows"
        sheet.write(left, top - (ROWS + 0.5) * STEP, more, BODY, FAINT)


def _bits_high(layout: BitLayout, wide: float) -> float:
    return TALL + 0.15 + STEP * sum(len(lines) for lines in _meanings(layout, wide))


def _draw_bits(layout: BitLayout, wide: float, sheet: Sheet, left: float, top: float) -> None:
    count = sum(len(field.bits) for field in layout.fields) or 1
    gap = BIT / 3
    side = min(BIT, (wide - gap * (len(layout.fields) - 1)) / count)
    at = left
    for number, field in enumerate(layout.fields):
        colour = COLOURS[number % len(COLOURS)]
        for bit in field.bits:
            place = (at, top - TALL, side * 0.94, TALL)
            sheet.box(*place, facecolor=colour, alpha=0.15, linewidth=0)
            sheet.box(*place, facecolor="none", edgecolor=colour, linewidth=1.2)
            sheet.write(at + side * 0.47, top - TALL / 2, bit, BODY + 1, bold=True, ha="center")
            at += side
        at += gap
    names, bits = _rooms(layout)
    y = top - TALL - 0.15 - STEP / 2
    for number, (field, lines) in enumerate(
        zip(layout.fields, _meanings(layout, wide), strict=True)
    ):
        sheet.write(left, y, field.name, colour=COLOURS[number % len(COLOURS)], bold=True)
        sheet.write(left + names, y, field.bits)
        for line in lines:
            sheet.write(left + names + bits, y, line)
            y -= STEP


def _rooms(layout: BitLayout) -> tuple[float, float]:
    """Inches for the names of fields and for their bits."""
    names = max((breadth(field.name, bold=True) for field in layout.fields), default=0.0)
    bits = max((breadth(field.bits) for field in layout.fields), default=0.0)
    return names + GAPS[0], bits + GAPS[0]


def _meanings(layout: BitLayout, wide: float) -> list[list[str]]:
    room = max(1.0, wide - sum(_rooms(layout)))
    return [wrapped(field.means, room) or [""] for field in layout.fields]


def _heads(table: Table, wide: float) -> list[str]:
    """The names of the columns, cut in two where they would not all stand beside one another."""
    rows = [[cell(each) for each in row] for row in table.rows[:ROWS]]
    columns = zip(table.columns, *rows, strict=True)
    total = sum(max(map(breadth, column)) + GAPS[0] for column in columns)
    return list(table.columns) if total <= wide else [_cut(name) for name in table.columns]


def _head_lines(heads: Sequence[str]) -> int:
    return max((head.count("\n") + 1 for head in heads), default=0)


def _cut(name: str) -> str:
    """A name on two lines, about equally long."""
    words = name.split()
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return "\n".join(min(cuts, key=lambda cut: max(map(len, cut)))) if cuts else name
