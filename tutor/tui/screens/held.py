"""Lets what is new on a screen appear in one paint: whole, and where it stays.

Textual paints a widget as soon as it is mounted; what the study brings and where it is scrolled to
came a paint or two later, and was seen as a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from textual.screen import Screen

SECONDS = 0.25
"""How long something new may take to be ready before it is painted as far as it is."""


class Held:
    """The paint of one screen."""

    def __init__(self, screen: Screen, place: Callable[[], None]) -> None:
        """Paints as ever, until `hold`.

        Args:
            screen: The screen.
            place: Scrolls to what is new; called when everything has its size.
        """
        self._screen, self._place = screen, place
        self._batch: ExitStack | None = None

    def __bool__(self) -> bool:
        """Whether nothing is painted now."""
        return self._batch is not None

    def hold(self) -> None:
        """Paint nothing until `let_go`."""
        if self._batch is None:
            self._batch = ExitStack()
            self._batch.enter_context(self._screen.app.batch_update())
            self._screen.set_timer(SECONDS, self.let_go)

    def let_go(self) -> None:
        """Paint what is new, at its place."""
        if self._batch is not None:
            self._screen._refresh_layout()  # the places are needed now, and come with a paint else
            self._place()
            self._screen._refresh_layout(scroll=True)
            self.end()
            self._screen.refresh()

    def end(self) -> None:
        """Hold up no paint any more, of whatever screen is there now."""
        if self._batch is not None:
            self._batch.close()
            self._batch = None
