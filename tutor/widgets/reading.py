"""A window over the screen with the whole of a text: a sample, a log, an error, the settings."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.keys import key


class Reading(ModalScreen[None]):
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
        }
        #text-scroll { height: auto; max-height: 100%; padding: 1 0; }
        #text { height: auto; }
    }
    """
    BINDINGS = [
        key("escape,q", "leave", "back", "Close this and go back."),
        key("enter", "leave", "close", "Close this and go back.", show=False),
    ]

    def __init__(self, title: str, text: Content | str) -> None:
        """`text` may hold styles; it wraps."""
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """A sheet that grows with its text and scrolls beyond the window."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "esc back · ↑ ↓ scroll"
            yield Static(self._text, id="text", markup=False)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#sheet").focus()

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss()
