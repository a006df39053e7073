"""Hand in: the room with all that is written to a file, read from one, or looked at across runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from tutor.tui import doors
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.rows import Row, Rows, heading, sides
from tutor.tui.widgets.words import Words
from tutor.tutorial.snapshot import Snapshot


class HandIn(Room):
    """A list; Enter opens what is marked."""

    about = "Hand in"
    BINDINGS: ClassVar = [
        key("t", "app.tutorial", "tutorial", "The tutorial: its five tasks."),
        key("p", "app.score", "points", "The score card: what was measured, and the points."),
        key("u", "app.runs", "runs", "All runs, the newest first."),
    ]

    def where(self) -> str:
        """A place of its own."""
        return "Hand in"

    def body(self) -> Iterable[Widget]:
        """The list, and words about the marked row."""
        yield Rows(id="offered")
        yield Words(id="about-offered", classes="muted")

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(Rows).focus()

    def show(self, seen: Snapshot) -> None:
        """What there is, and beside the first what it is worth."""
        rows, group = [], ""
        for door in doors.LISTED:
            if door.group != group:
                rows.append(heading(group := door.group))
            rows.append(_row(door, _points(seen) if door.command == "export" else ""))
        self.query_one(Rows).show(rows)
        self._tell()

    def _tell(self) -> None:
        marked = self.query_one(Rows).value
        words = next((door.about for door in doors.LISTED if door.command == marked), "")
        self.query_one("#about-offered", Words).say(words)

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        self._tell()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Enter or a click."""
        self.app.action_door(event.value)


def _points(seen: Snapshot) -> str:
    of = sum(task.of for task in seen.tasks)
    return f"{seen.points:g} of {of:g} points" if of else ""


def _row(door: doors.Door, right: str) -> Row:
    return Row(lambda width: sides(f"  {door.title}", right, width), door.command)
