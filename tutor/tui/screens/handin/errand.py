"""Something is named, an errand is done with it, and what came of it is told.

The errand has a thread of its own: it says how far it is, and it can be left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from engine.errors import EngineError
from tutor.tui.keys import key
from tutor.tui.screens.room import LEAST_WIDTH, Room
from tutor.tui.threads.errand import Errand, Tell
from tutor.tui.widgets.words import Words

FAINT = "$foreground 60%"
BESIDE = 6
"""Columns beside the text: its margins and the bar."""


class ErrandRoom(Room):
    """A line to type in, what goes on, and a text that scrolls."""

    intro = ""
    """What is done, in a sentence or two."""
    label = ""
    """What is typed."""
    verb = "do it"
    """The footer's word for Enter."""
    BINDINGS: ClassVar = [
        key("enter", "obvious", "do it", "Do it with what stands in the line."),
        key("e", "name", "another", "Back to the line, to type something else."),
        key(
            "c",
            "stop",
            "cancel",
            "Leave what goes on; nothing is kept that is not whole.",
            show=False,
        ),
        key("escape", "leave", "back", "Back; what goes on is left first."),
    ]

    def __init__(self) -> None:
        """Nothing goes on yet."""
        super().__init__()
        self._errand: Errand | None = None
        self._typed = ""
        """What the words on the screen are about."""
        self._drawn: Callable[[int], Content | str] = lambda width: ""

    def line(self) -> Input:
        """Where it is typed."""
        raise NotImplementedError

    def begin(self, typed: str) -> None:
        """Do it: look at what was typed, ask what is to be asked, then `order`."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """From top to bottom."""
        yield Words(self.intro, id="errand-intro", classes="muted")
        with Horizontal(id="errand-line"):
            yield Words(self.label, id="errand-label", classes="muted")
            yield self.line()
        yield from self.choices()
        yield Words(id="errand-going")
        with VerticalScroll(id="errand-came", can_focus=True):
            yield Words(id="errand-told")

    def choices(self) -> Iterable[Widget]:
        """What is chosen beside it."""
        return ()

    def on_mount(self) -> None:
        """Typing begins at once."""
        super().on_mount()
        self.action_name()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._stop()

    @property
    def going_on(self) -> bool:
        """Whether something is being done."""
        return self._errand is not None

    def order(
        self, does: Callable[[Tell], Any], then: Callable[[Any], None], words: str = "One moment"
    ) -> None:
        """Have it done on a thread of its own; `then` gets what it gives, while one is here."""

        def came(answer: Any) -> None:
            self._ended("")
            then(answer)

        self._stop()
        errand = Errand(self.app.home, self.app.post_message, does, self._going, came, self.failed)
        self._errand = errand.begin()
        self.query_one(Input).disabled = True
        self.remove_class("-came")
        self.query_one("#errand-came").focus()
        self.say()
        self._going(words)
        self.refresh_bindings()

    def _going(self, words: str) -> None:
        if self.going_on:
            going = Content.assemble(("▸ ", "$accent"), f"{words} …", ("  esc cancels", FAINT))
            self.query_one("#errand-going", Words).say(going)

    def _ended(self, words: Content | str) -> None:
        self._errand = None
        self.query_one(Input).disabled = False
        self.query_one("#errand-going", Words).say(words)
        self.refresh_bindings()

    def say(self, drawn: Callable[[int], Content | str] = lambda width: "") -> None:
        """Show a text; it is asked for anew where the window has another width."""
        self._drawn = drawn
        self._draw()
        self.query_one("#errand-came").scroll_home(animate=False)

    def _draw(self) -> None:
        width = max(LEAST_WIDTH, self.size.width) - BESIDE
        self.query_one("#errand-told", Words).say(self._drawn(width))

    def on_resize(self) -> None:
        """The text has another width."""
        super().on_resize()
        self._draw()

    def came(self, words: Content | str) -> None:
        """What came of it, in a line that stays above the text; what it is for gives way to it."""
        self.set_class(bool(words), "-came")
        self.query_one("#errand-going", Words).say(words)

    def failed(self, error: EngineError) -> None:
        """What was wrong, and the way out; the line can be typed in again."""
        self._ended(Content.assemble(("✗ ", "$text-error"), str(error)))
        self.action_name()

    def on_input_changed(self) -> None:
        """Something else: what was told of the one before does not hold."""
        typed = self.query_one(Input).value.strip()
        if typed != self._typed and not self.going_on:
            self._typed = typed
            self.came("")
            self.changed()
            self.refresh_bindings()

    def changed(self) -> None:
        """Something else stands in the line."""

    def on_descendant_focus(self) -> None:
        """Other keys work in the line."""
        self.refresh_bindings()

    def label_of(self, binding: Binding) -> str:
        """Enter's word is this room's; esc cancels what goes on."""
        if binding.action == "leave" and self.going_on:
            return "cancel"
        return self.verb if binding.action == "obvious" else binding.description

    def why_not(self, action: str) -> str:
        """One thing at a time, and a file has to be named."""
        typing = isinstance(self.focused, Input)
        if action == "stop":
            return "" if self.going_on else "Nothing goes on."
        if action == "name":
            return "The line is where you are." if typing else self._busy()
        if action == "obvious":
            return self._busy() or self.not_ready()
        return ""

    def _busy(self) -> str:
        return "It is being done. esc cancels it." if self.going_on else ""

    def not_ready(self) -> str:
        """Why it cannot be done yet."""
        return ""

    def action_obvious(self) -> None:
        """Do it."""
        if not self.refuses("obvious"):
            self._typed = self.query_one(Input).value.strip()
            self.begin(self._typed)

    def action_name(self) -> None:
        """To the line, behind what stands there."""
        line = self.query_one(Input)
        line.focus()
        line.cursor_position = len(line.value)

    def action_stop(self) -> None:
        """Leave what goes on."""
        if not self.refuses("stop"):
            self._stop()
            self._ended("Cancelled.")
            self.action_name()

    def _stop(self) -> None:
        if self._errand is not None:
            self._errand.leave()
            self._errand = None

    def action_leave(self) -> None:
        """First what goes on, then the room."""
        if self.going_on:
            self.action_stop()
        else:
            super().action_leave()
