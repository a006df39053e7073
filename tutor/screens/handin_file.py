"""A file is named, something is done with it on a thread of its own, and what came of it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from engine.errors import EngineError
from tutor.errand import Errand, Tell
from tutor.keys import key
from tutor.screens.confirm import Confirm
from tutor.screens.room import LEAST_WIDTH, Room
from tutor.widgets.path import PathField
from tutor.widgets.words import Words

FAINT = "$foreground 60%"


class FileRoom(Room):
    """A line for the file, what goes on, and a text that scrolls."""

    intro = ""
    """What is done with the file, in a sentence or two."""
    verb = "do it"
    """The footer's word for Enter."""
    BINDINGS: ClassVar = [
        key("enter", "obvious", "do it", "Do it with the file that is named."),
        key("e", "name", "another file", "Name another file."),
        key("c", "stop", "cancel", "Leave what goes on; nothing is written that is not whole."),
        key("escape", "leave", "back", "Back; what goes on is left."),
    ]

    def __init__(self) -> None:
        """Nothing goes on yet."""
        super().__init__()
        self._errand: Errand | None = None

    def default(self) -> str:
        """What stands in the line at first."""
        return ""

    def begin(self, file: Path) -> None:
        """Do it with that file: look at it, ask what is to be asked, then `order`."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """From top to bottom."""
        yield Words(self.intro, id="errand-intro", classes="muted")
        yield from self.choices()
        with Horizontal(id="errand-file"):
            yield Words("file", id="errand-label", classes="muted")
            yield PathField(self.default())
        yield Words(id="errand-going")
        with VerticalScroll(id="errand-came", can_focus=True):
            yield Words(id="errand-told")

    def choices(self) -> Iterable[Widget]:
        """What is chosen beside the file."""
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

    @property
    def room_for_text(self) -> int:
        """Columns of the text below."""
        return max(LEAST_WIDTH, self.size.width) - 6

    def order(
        self, does: Callable[[Tell], Any], then: Callable[[Any], None], words: str = "One moment"
    ) -> None:
        """Have it done on a thread of its own; `then` gets what it gives, while one is here."""

        def came(answer: Any) -> None:
            self._ended("")
            then(answer)

        self._stop()
        errand = Errand(self.app.post_message, does, self._going, came, self.failed)
        self._errand = errand.begin()
        self.query_one(PathField).disabled = True
        self.query_one("#errand-came").focus()
        self.say("")
        self._going(words)
        self.refresh_bindings()

    def _going(self, words: str) -> None:
        if self.going_on:
            going = Content.assemble(("▸ ", "$accent"), f"{words} …", ("  esc cancels", FAINT))
            self.query_one("#errand-going", Words).say(going)

    def _ended(self, words: Content | str) -> None:
        self._errand = None
        self.query_one(PathField).disabled = False
        self.query_one("#errand-going", Words).say(words)
        self.refresh_bindings()

    def say(self, words: Content | str) -> None:
        """Show this text; its beginning is in sight."""
        self.query_one("#errand-told", Words).say(words)
        self.query_one("#errand-came").scroll_home(animate=False)

    def came(self, words: Content | str) -> None:
        """What came of it, in a line that stays above the text."""
        self.query_one("#errand-going", Words).say(words)

    def failed(self, error: EngineError) -> None:
        """What was wrong, and the way out; the line can be typed in again."""
        self._ended(Content.assemble(("✗ ", "$text-error"), str(error)))
        self.action_name()

    def on_input_changed(self) -> None:
        """Another file: what was told of the one before does not hold."""
        if not self.going_on:
            self.came("")
            self.refresh_bindings()

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
        typing = isinstance(self.focused, PathField)
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
        named = self.query_one(PathField).value.strip() if self.is_mounted else ""
        return "" if named else "Type a file's name first."

    def action_obvious(self) -> None:
        """Do it."""
        if not self.refuses("obvious"):
            self.begin(self.query_one(PathField).path)

    def action_name(self) -> None:
        """To the line, behind what stands there."""
        line = self.query_one(PathField)
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

    def replaces(self, file: Path, then: Callable[[], None]) -> None:
        """Go on at once where there is no such file, and else when the learner says so."""
        if not file.exists():
            then()
            return
        asked = Confirm("Replace it?", f"{file} is there already.", "Replace it", "Keep it")
        self.app.push_screen(asked, lambda yes: yes and then())


def here(name: str) -> str:
    """A file's path in the folder that the tutor was opened in; in the user's where that is not
    theirs to write in."""
    import os

    folder = Path.cwd()
    return str((folder if os.access(folder, os.W_OK) else Path.home()) / name)
