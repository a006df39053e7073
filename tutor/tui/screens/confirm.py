"""A question with two answers, asked before something is lost."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from tutor.tui.keys import key
from tutor.tui.widgets.window import Window


class Confirm(Window[bool]):
    """Asks; gives True for yes."""

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        #asked {
            width: 64;
            max-width: 90%;
            height: auto;
            background: $surface;
            border: round $warning;
            border-title-color: $foreground;
            padding: 1 2;
        }
        Horizontal { height: auto; margin-top: 1; }
        Button { margin-right: 2; }
    }
    """
    BINDINGS: ClassVar = [
        key("y", "answer(True)", "yes", "Yes, do it."),
        key("n,escape", "answer(False)", "no", "No, leave all as it is."),
        key("left,up", "app.focus_previous", "other", "To the other answer.", show=False),
        key("right,down", "app.focus_next", "other", "To the other answer.", show=False),
    ]

    def __init__(self, title: str, question: str, yes: str, no: str = "No") -> None:
        """Args: the title, the question in full, and the words on the two buttons."""
        super().__init__()
        self._words = (title, question, yes, no)

    def compose(self) -> ComposeResult:
        """The question above its answers; the safe one has the focus."""
        title, question, yes, no = self._words
        with Vertical(id="asked") as asked:
            asked.border_title = title
            yield Static(question, markup=False)
            with Horizontal():
                yield Button(f"{no} (n)", id="no", compact=True)
                yield Button(f"{yes} (y)", id="yes", variant="warning", compact=True)

    def on_mount(self) -> None:
        """Enter on what is there at first loses nothing."""
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click or Enter on a button."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """One of the two keys."""
        self.dismiss(yes)
