"""The line under a file in which one says what to find in it, or which line to go to."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Input, Label

from tutor.tui.keys import key
from tutor.tui.widgets.editor import Editor


class FindLine(Horizontal):
    """Hidden until it is asked for; what is typed is found at once."""

    DEFAULT_CSS = """
    FindLine {
        height: 1; display: none; background: $boost; padding: 0 1;
        Label { width: auto; }
        #wanted {
            width: 1fr; height: 1; border: none; padding: 0 1; background: transparent;
            &:focus { border: none; background: transparent; background-tint: transparent; }
        }
        #said { color: $foreground 60%; }
    }
    """
    BINDINGS: ClassVar = [
        key("enter,down", "next", "next", "The next place where it stands; or to the line."),
        key("up", "previous", "previous", "The place before, where it stands."),
        key("escape", "close", "into the file", "Back into the file, at what was found."),
    ]
    to_line: reactive[bool] = reactive(False)
    """Whether a line's number is wanted, and no text."""

    def __init__(self, editor: Editor) -> None:
        """`editor` has the file."""
        super().__init__()
        self._editor = editor
        self._begun = editor.cursor_location

    def compose(self) -> ComposeResult:
        """What is asked for, the line, and what came of it."""
        yield Label(id="asked")
        yield Input(id="wanted", select_on_focus=False)
        yield Label(id="said")

    def ask(self, *, to_line: bool = False) -> None:
        """Open it; what is selected in one line of the file is what is looked for first."""
        self._begun = min(self._editor.selection)
        line = self.query_one(Input)
        selected = self._editor.selected_text
        with self.prevent(Input.Changed):
            if to_line or to_line != self.to_line:
                line.value = ""
            if not to_line and selected and "\n" not in selected:
                line.value = selected
        self.to_line = to_line
        self.query_one("#asked", Label).update("To line" if to_line else "Find")
        self.display = True
        line.cursor_blink = False
        line.select_all()
        line.focus()
        self._say()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find what is typed, from where the cursor was."""
        event.stop()
        places = self._places()
        if places:
            self._show(next((each for each in places if each >= self._begun), places[0]))
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter, which the line takes before the keys around it."""
        event.stop()
        self.action_next()

    def on_descendant_blur(self) -> None:
        """It is there while it is typed in."""
        self.display = False

    def action_next(self) -> None:
        """The next place, or the line."""
        if self.to_line:
            self._go()
        else:
            self._step(forth=True)

    def action_previous(self) -> None:
        """The place before."""
        self._step(forth=False)

    def action_close(self) -> None:
        """Into the file."""
        self._editor.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A line has none before it."""
        return not (self.to_line and action == "previous")

    @property
    def _wanted(self) -> str:
        return self.query_one(Input).value

    def _places(self) -> list[tuple[int, int]]:
        return [] if self.to_line else self._editor.places(self._wanted)

    def _step(self, *, forth: bool) -> None:
        places, at = self._places(), min(self._editor.selection)
        if not places:
            return
        if forth:
            self._show(next((each for each in places if each > at), places[0]))
        else:
            self._show(next((each for each in reversed(places) if each < at), places[-1]))
        self._say()

    def _show(self, place: tuple[int, int]) -> None:
        self._editor.show_found(place, len(self._wanted))

    def _go(self) -> None:
        try:
            number = int(self._wanted)
        except ValueError:
            self._say()
            return
        self._editor.go_to(number)
        self.action_close()

    def _say(self) -> None:
        """How many places there are, and which this is; or what may be typed."""
        if self.to_line:
            last = self._editor.document.line_count
            told = f"1 to {last}, ⏎ goes there"
            if self._wanted and not self._wanted.strip().isdecimal():
                told = f"{self._wanted[:12]} is no line: 1 to {last}"
        elif not self._wanted:
            told = "⏎ next · ↑ before"
        elif not (places := self._places()):
            told = "not in this file"
        else:
            now = min(self._editor.selection)
            at = places.index(now) + 1 if now in places else 0
            told = f"{at} of {len(places)}" if at else f"{len(places)} places"
        self.query_one("#said", Label).update(told)
