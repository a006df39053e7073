"""A table of plain text, with columns as wide as they must be."""

from __future__ import annotations

from collections.abc import Sequence

from engine.printable import one_line


def table(
    rows: Sequence[Sequence[str]], heads: Sequence[str] = (), right: Sequence[int] = ()
) -> str:
    """Rows under heads, two blanks between the columns.

    Args:
        rows: The cells; every row as long as the others.
        heads: A word above each column; none for a table that needs none.
        right: The columns whose cells stand to the right, numbers mostly.
    """
    shown = [list(map(one_line, row)) for row in rows]
    lines = [list(heads), *shown] if heads else shown
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
