"""Jump mode: a letter on whatever can be worked with on the screen below; the letter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import ClassVar

from textual.app import ComposeResult
from textual.errors import NoWidget
from textual.events import Click, Key
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.keys import key
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.window import Window


@dataclass(frozen=True, slots=True)
class Target:
    """Something to go to."""

    at: Offset
    """Where its letter stands, from the window's corner."""
    go: Callable[[], object]


class Jump(Window[None]):
    """Letters over the screen; any other key takes them away."""

    DEFAULT_CSS = """
    Jump {
        .letter {
            position: absolute; width: 3; height: 1; text-align: center;
            background: $primary; color: $background; text-style: bold;
        }
    }
    """
    about = "Jump mode"
    BINDINGS: ClassVar = [key("escape", "leave", "back", "Take the letters away.")]

    def __init__(self, targets: Sequence[Target]) -> None:
        """As many targets as there are letters get one."""
        super().__init__()
        self._targets = dict(zip(ascii_letters, targets, strict=False))

    def compose(self) -> ComposeResult:
        """The letters."""
        for letter, target in self._targets.items():
            shown = Static(letter, classes="letter", markup=False)
            shown.styles.offset = target.at
            yield shown

    def on_key(self, event: Key) -> None:
        """Go there."""
        if event.key == "escape":
            return  # as the help says
        event.stop()
        event.prevent_default()
        target = self._targets.get(event.character or "")
        self.dismiss()
        if target is not None:
            self.app.call_later(target.go)

    def on_click(self, event: Click) -> None:
        """A click takes the letters away, too."""
        self.dismiss()

    def action_leave(self) -> None:
        """Leave everything as it was."""
        self.dismiss()


def targets(screen: Screen) -> list[Target]:
    """What can be worked with on a screen and is in sight: widgets, and of a list its rows.

    Nothing where all there is has the focus already, such as a text that only scrolls.
    """
    found: list[Target] = []
    chain = screen.focus_chain
    if chain == [screen.focused] and not isinstance(screen.focused, Rows):
        return found
    for widget in chain:
        try:
            seen = screen.find_widget(widget).visible_region
        except NoWidget:  # a key may come before the layout of what has just been mounted
            continue
        if not seen:
            continue
        if isinstance(widget, Rows):
            found += _rows(widget)
        else:
            found.append(Target(Offset(seen.x, seen.y), lambda widget=widget: _focus(widget)))
    return found


def _focus(widget: Widget) -> None:
    widget.focus(scroll_visible=False)


def _rows(rows: Rows) -> Iterator[Target]:
    """The rows that are in sight and can be marked."""
    for line, place in rows.in_sight():

        def go(place: int = place) -> None:
            rows.focus(scroll_visible=False)
            rows.cursor = place

        yield Target(Offset(rows.region.x, line), go)
