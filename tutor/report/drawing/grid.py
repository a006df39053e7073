"""Cells to draw on, each of one dot or of several, and words among them.

What is drawn later covers what was there. Words only go where nothing is drawn yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

AXIS = -1
"""In place of a line's number: what belongs to the axes."""
REFERENCE = -2
"""In place of a line's number: a named line across the chart."""
MARKS = "●○■□▲△◆◇"
"""What tells lines apart without colour, the first line's first."""
ASCII_MARKS = "*o#x+@%="
DOTS = {"braille": (2, 4), "block": (2, 2)}
"""Dots in a cell, across and down; one where they are not named."""

Runs = list[tuple[str, int]]
"""A row of text in pieces, each with the number of its line, AXIS or REFERENCE."""
Cell = tuple[int, int]
"""(row, column), from the top left."""
Place = tuple[float, float]
"""(share of the way to the right, share of the way up), each from 0 to 1."""

_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_QUADRANT = ((1, 2), (4, 8))
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"


class Grid:
    """A sheet of `height` rows of `across` cells."""

    def __init__(self, across: int, height: int, dots: tuple[int, int] = (1, 1)) -> None:
        """Every cell has `dots`, across and down."""
        self.across, self.height = across, height
        self._dots = dots
        self._shown = [[" "] * across for _ in range(height)]
        self._held: dict[Cell, int] = {}
        self._owner = [[AXIS] * across for _ in range(height)]
        self._taken: set[Cell] = set()

    def row(self, share: float) -> int:
        """The row at a share of the way up."""
        return round((1 - share) * (self.height - 1))

    def column(self, share: float) -> int:
        """The column at a share of the way to the right."""
        return round(share * (self.across - 1))

    def level(self, share: float, sign: str) -> None:
        """A line from side to side, under what is drawn after it."""
        row = self.row(share)
        for at in range(self.across):
            self._put((row, at), sign, REFERENCE)

    def upright(self, share: float, sign: str) -> None:
        """A line from top to bottom, under what is drawn after it."""
        at = self.column(share)
        for row in range(self.height):
            self._put((row, at), sign, REFERENCE)

    def draw(self, points: Sequence[Place], number: int, mark: str) -> list[Cell]:
        """A line through the points, in dots, or in its mark where a cell has one.

        Returns:
            The cells that it goes through, in its order, each once.
        """
        wide, high = self._dots
        bits = _BRAILLE if high == 4 else _QUADRANT
        cells: dict[Cell, None] = {}
        held = self._held
        size = self.across * wide - 1, self.height * high - 1
        for column, row in _walk(points, size):
            cell = row // high, column // wide
            cells[cell] = None
            held[cell] = held.get(cell, 0) | bits[row % high][column % wide] if wide > 1 else 0
        for cell in cells:
            dots = held[cell]
            sign = mark if wide == 1 else chr(0x2800 + dots) if high == 4 else _QUADRANTS[dots]
            self._put(cell, sign, number)
        self._taken.update(cells)
        return list(cells)

    def cell(self, place: Place) -> Cell:
        """The cell that a point lies in."""
        wide, high = self._dots
        across, down = self.across * wide - 1, self.height * high - 1
        return round((1 - place[1]) * down) // high, round(place[0] * across) // wide

    def mark(self, cells: Iterable[Cell], number: int, mark: str) -> None:
        """A line's mark in these cells."""
        for cell in cells:
            self._put(cell, mark, number)
            self._taken.add(cell)

    def write(self, words: str, starts: Iterable[Cell]) -> bool:
        """Words at the first of these cells where nothing is drawn and they fit; whether one is."""
        for row, start in starts:
            if not (0 <= row < self.height and 0 <= start <= self.across - len(words)):
                continue
            cells = [(row, start + offset) for offset in range(len(words))]
            if self._taken.isdisjoint(cells):
                for cell, character in zip(cells, words, strict=True):
                    self._put(cell, character, REFERENCE)
                self._taken.update(cells)
                return True
        return False

    def rows(self) -> Iterator[Runs]:
        """Row by row, neighbours of one line in one piece."""
        for shown, owners in zip(self._shown, self._owner, strict=True):
            runs: Runs = []
            for character, owner in zip(shown, owners, strict=True):
                if runs and (owner == runs[-1][1] or character == " "):
                    runs[-1] = (runs[-1][0] + character, runs[-1][1])
                else:
                    runs.append((character, owner))
            yield runs

    def _put(self, cell: Cell, character: str, owner: int) -> None:
        row, at = cell
        self._shown[row][at], self._owner[row][at] = character, owner


def plain(rows: Iterable[Runs]) -> list[str]:
    """The rows as text."""
    return ["".join(text for text, _ in runs).rstrip() for runs in rows]


def _walk(points: Sequence[Place], size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The (column, row from the top) of every dot of a line through the points."""
    across, down = size
    placed = [(round(x * across), round((1 - y) * down)) for x, y in points]
    yield from placed[:1]
    for (x0, y0), (x1, y1) in pairwise(placed):
        steps = max(abs(x1 - x0), abs(y1 - y0))
        for step in range(1, steps + 1):
            yield round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)
