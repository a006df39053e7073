"""One line to type, in a window over the screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tutor.tui.keys import key
from tutor.tui.widgets.window import Window


class Ask(Window[str | None]):
    """Gives what was typed; None where the learner left it."""

    DEFAULT_CSS = """
    Ask {
        align: center middle;
        #asked {
            width: 64; max-width: 90%; height: auto; background: $surface;
            border: round $primary; border-title-color: $foreground; padding: 1 2;
        }
        Input {
            border: none; height: 1; padding: 0; margin-top: 1; background: $background;
            &:focus { border: none; background-tint: transparent; }
        }
    }
    """
    BINDINGS: ClassVar = [key("escape", "leave", "back", "Leave it as it was.")]

    def __init__(self, title: str, words: str, value: str) -> None:
        """Args: the title, what is to be typed, and what stands there now."""
        super().__init__()
        self._title, self._words, self._value = title, words, value

    def compose(self) -> ComposeResult:
        """The words above the line."""
        with Vertical(id="asked") as asked:
            asked.border_title = self._title
            asked.border_subtitle = "⏎ take it · esc back"
            yield Static(self._words, markup=False)
            yield Input(self._value)

    def on_mount(self) -> None:
        """Typing begins at once."""
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it."""
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Leave it."""
        self.dismiss(None)
