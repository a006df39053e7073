"""A figure alone, as large as the window."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.widget import Widget

from engine.figures import Figure
from tutor.screens.room import Room
from tutor.widgets.figure import FigureView


class FigureRoom(Room):
    """Shows one figure and scrolls."""

    about = "A figure"

    def __init__(self, where: str, figure: Figure) -> None:
        """Args: whose figure it is, and the figure."""
        super().__init__()
        self._where = where
        self._figure = figure

    def where(self) -> str:
        """Its lesson and lab."""
        return self._where

    def body(self) -> Iterable[Widget]:
        """The figure."""
        with VerticalScroll(id="full"):
            yield FigureView(self._figure, self.app.symbols)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        super().on_mount()
        self.query_one("#full").focus()

    def on_resize(self) -> None:
        """The drawing is as high as the window has room."""
        super().on_resize()
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        self.query_one(FigureView).fill(self.query_one("#full").content_size.height)
