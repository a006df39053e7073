"""A window over the screen with the whole of a text: a sample, a log, an error, the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from tutor.tui.keys import key
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.window import Window
from tutor.tui.words.prose import Prose

Words = Content | str | Prose


class Reading(Window[None]):
    """Shows a text in full, and scrolls."""

    DEFAULT_CSS = """
    Reading {
        align: center middle;
        #sheet {
            width: 90%;
            max-width: 100;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $primary;
            border-title-color: $foreground;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        #words { height: auto; }
    }
    """
    BINDINGS: ClassVar = [key("escape,q,enter", "leave", "back", "Close this and go back.")]

    def __init__(
        self, heading: str, words: Words | Callable[[], Words], *, follows: bool = False
    ) -> None:
        """Show `words` under `heading`.

        Args:
            heading: What it is.
            words: The text; or a function that gives it, asked again as the run goes on.
            follows: Whether its end is what is shown.
        """
        super().__init__()
        self._heading = heading
        self._words = words
        self._follows = follows

    def compose(self) -> ComposeResult:
        """A sheet that grows with its text and scrolls beyond the window."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = self._heading
            sheet.border_subtitle = "esc back · ↑ ↓ scroll"
            now = self._now()
            if isinstance(now, tuple):
                yield ProseView(now, id="words")
            else:
                yield Static(now, id="words", markup=False)

    def on_mount(self) -> None:
        """Arrows scroll at once; a text that grows is followed."""
        self.query_one("#sheet").focus()
        if callable(self._words):
            self.watch(self.app, "view", self._again, init=False)
        if self._follows:
            self.query_one("#sheet").anchor()

    def on_click(self, event: Click) -> None:
        """A click beside the sheet closes it."""
        if event.widget is self:
            self.dismiss()

    def _now(self) -> Words:
        return self._words() if callable(self._words) else self._words

    def _again(self, _: object) -> None:
        self.query_one("#words", Static).update(self._now())

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss()
