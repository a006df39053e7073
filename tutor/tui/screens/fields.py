"""What forms have in common: lines to type in, each says what is wrong with it as it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from engine.errors import SpecError
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.column import Stack
from tutor.tui.widgets.words import Words

FAINT = "$foreground 60%"


class Field(Input):
    """A value to type; Enter is the form's key."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but that."""
        return False if action == "submit" else super().check_action(action, parameters)


class Line(Horizontal):
    """One setting: its name, its value, and a few words."""

    DEFAULT_CSS = """
    Line {
        height: 1; padding: 0 2;
        & > .label { width: 18; color: $text-muted; }
        & > Field {
            width: 22; height: 1; border: none; padding: 0; background: $surface;
            &:focus { border: none; background: $primary 15%; }
        }
        & > .says { width: 1fr; padding: 0 0 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self, name: str, label: str, value: str, about: str, offers: Iterable[str] = ()
    ) -> None:
        """A line.

        Args:
            name: The setting's.
            label: Its name as the learner reads it.
            value: As it is typed.
            about: A few words on what it is.
            offers: Values that are completed with the right arrow.
        """
        super().__init__(id=f"line-{name}")
        self.field = name
        self.label, self._value, self._about = label, value, about
        self._offers = tuple(offers)

    def compose(self) -> Iterable[Widget]:
        """Three columns."""
        yield Words(self.label, classes="label")
        offers = SuggestFromList(self._offers, case_sensitive=False) if self._offers else None
        yield Field(self._value, select_on_focus=False, suggester=offers)
        yield Words(self._about, classes="says")

    def on_mount(self) -> None:
        """No blinking."""
        self.query_one(Input).cursor_blink = False

    @property
    def cut(self) -> str:
        """What is said of it, where it has no room for all of that; else empty."""
        room = self.query_one(".says").content_size.width
        return self._about if cell_len(self._about) > room else ""

    def say(self, error: SpecError | None) -> None:
        """What is wrong with it, or what it is."""
        words = Content.styled(self._about, FAINT)
        if error is not None:
            words = Content.styled(f"✗ {rule(error)}", "$text-error")
        self.query_one(".says", Words).say(words)


class Fields(Room):
    """A form of such lines, in groups."""

    BINDINGS: ClassVar = [
        key("enter", "keep", "keep", "Keep this, and go back."),
        key("down", "app.focus_next", "next", "To the next line.", show=False),
        key("up", "app.focus_previous", "previous", "To the line above.", show=False),
        key("escape", "leave", "leave it", "Back; nothing is kept."),
    ]

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        super().__init__()
        self.faults: Mapping[str, SpecError] = {}

    def groups(self) -> Iterable[tuple[str, Iterable[Line]]]:
        """A title and the lines below it, of each group."""
        raise NotImplementedError

    def read(self) -> Mapping[str, SpecError]:
        """Take what is typed as far as it can be; what is wrong, by line."""
        raise NotImplementedError

    def told(self) -> str:
        """What stands below the lines while nothing is wrong."""
        return ""

    def body(self) -> Iterable[Widget]:
        """A line a setting; below, all of what is wrong with the marked one."""
        with Stack(id="form"):
            for title, lines in self.groups():
                yield Words(title, classes="group")
                yield from lines
        yield Words(id="rule")

    def typed(self, name: str) -> Input:
        """Where a setting is typed."""
        return self.query_one(f"#line-{name} Input", Input)

    def on_input_changed(self) -> None:
        """Something was typed."""
        self.look()

    def on_descendant_focus(self) -> None:
        """Another line is marked."""
        if self.is_mounted:
            self._tell()

    def on_resize(self) -> None:
        """More or less is cut."""
        super().on_resize()
        self.call_after_refresh(self._tell)

    def look(self) -> None:
        """Read all lines, and say beside each what is wrong."""
        self.faults = self.read()
        for line in self.query(Line):
            line.say(self.faults.get(line.field))
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        """All of what is wrong with the marked line, else with any."""
        line = next((each for each in self.query(Line) if each.has_focus_within), None)
        error = self.faults.get(line.field) if line else None
        if error:
            words = str(error)
        elif self.faults:
            words = f"{len(self.faults)} of these cannot be; nothing is kept until they can."
        else:
            about = f"{line.label}: {line.cut}." if line and line.cut else ""
            words = f"{about} {self.told()}".strip()
        below = self.query_one("#rule", Words)
        below.set_class(bool(self.faults), "wrong")
        below.say(words)

    def why_not(self, action: str) -> str:
        """Nothing is kept that cannot be."""
        if action == "keep" and self.faults:
            return str(next(iter(self.faults.values())))
        return ""

    def action_keep(self) -> None:
        """Keep what is typed, and go back."""
        raise NotImplementedError


def rule(error: SpecError) -> str:
    """What a field must be, without its name and value, which stand beside it."""
    what = error.what.partition("; it ")[2] or error.what
    return f"{what} {error.way_out}".strip()
