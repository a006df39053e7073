"""A run's curve, drawn as a lab's line chart is, in all the room that it is given."""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tutor.report.drawing.figures import Symbols, numbers
from tutor.report.drawing.lines import lines
from tutor.tui.widgets.drawing import styled
from tutor.tutorial.run_curve import Figure, chart

LEAST = 3
"""Rows of the grid at least."""
TITLED = 14
"""From so many rows on there is one for what the x axis counts."""


class Curve(Widget):
    """The curve of a run as it goes on; it is drawn anew if it or its size has changed."""

    figure: reactive[Figure | None] = reactive(None)
    """What is drawn."""

    def __init__(self, symbols: Symbols, *, id: str | None = None) -> None:
        """Nothing is drawn yet."""
        super().__init__(id=id)
        self._symbols = symbols
        self._drawn: tuple[Figure | None, tuple[int, int], tuple[Content, ...]] | None = None

    def render_line(self, y: int) -> Strip:
        """The row at `y`."""
        width = self.size.width
        rows = self._rows()
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        parts = rows[y].render(
            self.visual_style, end="", parse_style=self.app.stylesheet.parse_style
        )
        strip = Strip(Segment(text, style.rich_style) for text, style in parts)
        return strip.adjust_cell_length(width, self.rich_style)

    def _rows(self) -> tuple[Content, ...]:
        held, size = self._drawn, (self.size.width, self.size.height)
        if held is None or held[0] is not self.figure or held[1] != size:
            self._drawn = held = self.figure, size, self._made(*size)
        return held[2]

    def _made(self, width: int, height: int) -> tuple[Content, ...]:
        if self.figure is None or not self.figure.lines:
            return ()
        drawn = chart(self.figure, titled=height >= TITLED)
        if self._symbols == "none":
            return tuple(map(Content, numbers(drawn, width).splitlines()))
        holds = self.figure.holds
        around = len(lines(drawn, width, self._symbols, LEAST, holds)) - LEAST
        rows = lines(drawn, width, self._symbols, max(LEAST, height - around), holds)
        return tuple(styled(row, self._symbols) for row in rows)
