"""A table of plain text: columns as wide as they must be, and never wider than there is room.

Where a line is too long for its cells side by side, the widest are folded at their blanks; where
even that is too wide, each row becomes a few lines, a cell each. No cell is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from engine.printable import one_line

TRIES = ((2, 12), (1, 0))
"""Blanks between two columns, and the least width to which one of words is folded: first so, then
so."""
_BLANKS = re.compile(r"(?<![✓✗·○◐●!▲▼←→×]) +(?![←→×])")
"""Where a cell may be folded: not between a sign and what it stands for."""

Lines = list[str]


def table(
    rows: Sequence[Sequence[str]],
    heads: Sequence[str] = (),
    right: Sequence[int] = (),
    width: int | None = None,
) -> str:
    """Rows under heads, blanks between the columns.

    Args:
        rows: The cells; every row as long as the others.
        heads: A word above each column; none for a table that needs none.
        right: The columns whose cells stand to the right, numbers mostly.
        width: Columns that a line may have; None for as many as it takes. Only a word that is
            longer goes beyond, such as a path.
    """
    cells = [list(map(one_line, row)) for row in rows]
    lines = [list(heads), *cells] if heads else cells
    for gap, least in TRIES:
        widths = _fitted(lines, right, width, gap, least)
        if widths is not None:
            return "\n".join(_drawn(line, widths, right, gap) for line in lines)
    return "\n\n".join("\n".join(_one_by_one(row, heads, width)) for row in cells)


def shorter(*forms: str) -> str:
    """Of several forms of a table the one with the fewest lines, the first of those."""
    return min(forms, key=lambda form: form.count("\n"))


def folded(cell: str, width: int) -> Lines:
    """A cell on lines of at most `width`; a longer word has one of its own."""
    if len(cell) <= width:
        return [cell]
    lines: Lines = []
    for word in _BLANKS.split(cell):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _fitted(
    lines: Sequence[Lines], right: Sequence[int], width: int | None, gap: int, least: int
) -> list[int] | None:
    """A width for each column; None where the longest words alone leave no room.

    The room goes to the narrowest column first until each has what it needs, so that only the
    widest are folded.
    """
    columns = list(zip(*lines, strict=True))
    most = [max(map(len, column)) for column in columns]
    if width is None or sum(most) + gap * (len(columns) - 1) <= width:
        return most
    room = width - gap * (len(columns) - 1)
    widths = [
        wide if at in right else max(_longest_word(column), min(wide, least))
        for at, (wide, column) in enumerate(zip(most, columns, strict=True))
    ]
    if sum(widths) > room:
        return None
    for _ in range(room - sum(widths)):
        short = (at for at, wide in enumerate(most) if widths[at] < wide)
        widths[min(short, key=widths.__getitem__)] += 1
    return widths


def _longest_word(column: Sequence[str]) -> int:
    return max(len(word) for cell in column for word in _BLANKS.split(cell))


def _drawn(line: Lines, widths: Sequence[int], right: Sequence[int], gap: int) -> str:
    """One row, on as many lines as its highest cell has."""
    cells = [folded(cell, wide) for cell, wide in zip(line, widths, strict=True)]
    drawn = []
    for parts in zip_longest(*cells, fillvalue=""):
        placed = [
            part.rjust(wide) if at in right else part.ljust(wide)
            for at, (part, wide) in enumerate(zip(parts, widths, strict=True))
        ]
        drawn.append((" " * gap).join(placed).rstrip())
    return "\n".join(drawn)


def _one_by_one(row: Lines, heads: Sequence[str], width: int) -> Iterator[str]:
    """A row's cells under one another: each behind its head, or below the first where none has."""
    before = max(map(len, heads)) + 2 if heads else 2
    for at, cell in enumerate(row):
        head = heads[at] if heads else ""
        lines = folded(cell, max(1, width - before)) if cell else []
        for number, each in enumerate(lines):
            if not heads and not at:
                yield each
            else:
                yield f"{'' if number else head:<{before}}{each}"
