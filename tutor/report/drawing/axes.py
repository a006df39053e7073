"""The axes of a chart: how far they reach, their numbers, and the names above and below.

Everything here is in cells of a line of text.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from tutor.report.drawing.grid import AXIS, Runs
from tutor.report.drawing.ticks import Scale, scale, ticks

MOST_TICKS = 11
"""Numbers along an axis at most, however large the screen."""
REACH = 2.0
"""A named line that would stretch its axis by more than this factor is named at the edge."""


def reach(data: Iterable[float], references: Iterable[float], log: bool, grows: bool) -> Scale:
    """The axis for what is drawn, and for those named lines that are not far off it."""
    held = list(data)
    own = scale(held, log, grows)
    near = []
    for at in references:
        if math.isfinite(at) and (at > 0 or not log):
            ends = own.bent(min(own.low, at)), own.bent(max(own.high, at))
            if ends[1] - ends[0] <= REACH * (own.bent(own.high) - own.bent(own.low)):
                near.append(at)
    whole = scale([*held, *near], log, grows)
    return replace(whole, whole=own.whole, doubling=own.doubling)


def beside(down: Scale, height: int) -> dict[int, str]:
    """The numbers beside a y axis, by row from the top; a row is left between two."""

    def row(value: float) -> int:
        return round((1 - down.share(value)) * (height - 1))

    def fits(at: Sequence[float], _: Sequence[str]) -> bool:
        return all(above - below >= 2 for above, below in pairwise(map(row, at)))

    chosen = ticks(down, fits, min(MOST_TICKS, max(2, height // 2)))
    return {row(at): text for at, text in chosen.items()}


def under(along: Scale, across: int, room: int, name: str) -> list[Runs]:
    """An x axis: the line with its ticks, their numbers, and what it counts.

    Args:
        along: The axis.
        across: Cells that it is long.
        room: Cells to its left, without the corner and the blank before it.
        name: What it counts.
    """

    def fits(at: Sequence[float], texts: Sequence[str]) -> bool:
        spans = _spans(along, at, texts, across, room)
        return all(end + 2 <= start for (_, end), (start, _) in pairwise(spans))

    chosen = ticks(along, fits, min(MOST_TICKS, max(2, across // 5)))
    line = ["─"] * across
    numbers = ""
    spans = _spans(along, list(chosen), list(chosen.values()), across, room)
    for (at, text), (start, _) in zip(chosen.items(), spans, strict=True):
        line[round(along.share(at) * (across - 1))] = "┬"
        numbers = f"{numbers:<{start}}{text}"
    below = [[(numbers, AXIS)]] if numbers else []
    width = room + 2 + across
    for part in textwrap.wrap(name, width):
        start = min(width - len(part), room + 2 + max(0, across - len(part)) // 2)
        below.append([(" " * start + part, AXIS)])
    return [[(f"{'':>{room}} └{''.join(line)}", AXIS)], *below]


def _spans(
    along: Scale, at: Sequence[float], texts: Sequence[str], across: int, room: int
) -> list[tuple[int, int]]:
    """Where each number begins and ends in its row, in the middle under its tick."""
    spans = []
    for each, text in zip(at, texts, strict=True):
        middle = room + 2 + round(along.share(each) * (across - 1))
        start = max(0, min(middle - (len(text) - 1) // 2, room + 2 + across - len(text)))
        spans.append((start, start + len(text)))
    return spans


def axis(name: str, log: bool) -> str:
    """An axis by name, saying whether equal steps along it multiply."""
    return f"{name} (log)" if log and name else name


def heads(parts: Iterable[tuple[str, int]], width: int) -> list[Runs]:
    """Names on as few rows as hold them, three blanks between two."""
    rows: list[Runs] = []
    used = 0
    for text, of in parts:
        if rows and used + 3 + len(text) <= width:
            rows[-1] += [("   ", AXIS), (text, of)]
            used += 3 + len(text)
        else:
            pieces = textwrap.wrap(text, max(1, width))
            rows += [[(piece, of)] for piece in pieces]
            used = len(pieces[-1])
    return rows
