"""A line for a file's name, completed from what is there."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding
from textual.suggester import Suggester
from textual.widgets import Input

from tutor.course.file_names import file_named
from tutor.tui.keys import key


class Paths(Suggester):
    """Completes a path with the first that is there, in the order of the alphabet."""

    def __init__(self) -> None:
        """Nothing is remembered: files come and go."""
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The rest of a name, and a slash after a folder's."""
        return await asyncio.to_thread(completed, value)


class PathField(Input):
    """A path to type; Tab completes it, Enter is the screen's key."""

    DEFAULT_CSS = """
    PathField {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
        &:focus { border: none; background: $primary 15%; }
    }
    """
    BINDINGS: ClassVar[list[Binding]] = [
        key("tab", "complete", "complete", "Complete the name with what is there.", show=False),
    ]

    def __init__(self, value: str, placeholder: str = "") -> None:
        """`value` stands there at first; where it is empty, `placeholder` is shown."""
        super().__init__(value, placeholder, select_on_focus=False, suggester=Paths())
        self.cursor_blink = False

    @property
    def path(self) -> Path:
        """What is named.

        Raises:
            EngineError: No file can be named so.
        """
        return file_named(self.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but Enter."""
        return False if action == "submit" else super().check_action(action, parameters)

    def action_complete(self) -> None:
        """What Input has for the arrow to the right at the line's end; else to what is next."""
        before = self.value
        if self.cursor_position == len(before):
            self.action_cursor_right()
        if self.value == before:
            self.screen.focus_next()


def completed(value: str) -> str | None:
    """A path that begins like `value`; None where there is none, or nothing is typed."""
    folder, begins = os.path.split(value)
    if not value:
        return None
    try:
        names = sorted(os.listdir(os.path.expanduser(folder) or "."))
    except (OSError, ValueError):  # of the latter kind is a zero byte
        return None
    there = (name for name in names if name.startswith(begins) and name != begins)
    name = next((name for name in there if begins or not name.startswith(".")), None)
    if name is None:
        return None
    path = os.path.join(folder, name)
    return path + "/" * os.path.isdir(os.path.expanduser(path))
