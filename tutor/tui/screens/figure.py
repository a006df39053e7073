"""A figure alone, as large as the window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import VerticalScroll
from textual.widget import Widget

from tutor.report.drawing.held import held
from tutor.report.saving.shown import Shown
from tutor.tui.keys import key
from tutor.tui.screens import keeping
from tutor.tui.screens.room import Room
from tutor.tui.widgets.figure import FigureView


class FigureRoom(Room):
    """Shows one figure and scrolls."""

    BINDINGS: ClassVar = [
        key("s", "save", "save", "Save the figure as a picture, or its numbers, in a file."),
        key("y", "copy", "copy", "Copy the numbers as rows for a sheet."),
    ]
    about = "A figure"

    def __init__(self, where: str, shown: Shown) -> None:
        """Args: whose figure it is, and the figure with what was predicted of it."""
        super().__init__()
        self._where = where
        self._shown = shown

    def where(self) -> str:
        """Its lesson and lab."""
        return self._where

    def body(self) -> Iterable[Widget]:
        """The figure."""
        with VerticalScroll(id="full"):
            yield FigureView(held(self._shown.figure, self._shown.compared), self.app.symbols)

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

    def action_save(self) -> None:
        """Into a file."""
        keeping.keep(self.app, self._shown)

    def action_copy(self) -> None:
        """Onto the clipboard."""
        keeping.copy(self.app, self._shown, way="s")
