"""An errand with a file: where it is, and whether it may be replaced."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.widgets import Input

from engine.errors import EngineError
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.handin.errand import ErrandRoom
from tutor.tui.widgets.path import PathField


class FileRoom(ErrandRoom):
    """The line is a path."""

    label = "file"
    wants = "a file's name or path; Tab completes it"
    """What is to be typed."""

    def default(self) -> str:
        """What stands in the line at first."""
        raise NotImplementedError

    def do(self, file: Path) -> None:
        """Do it with that file."""
        raise NotImplementedError

    def line(self) -> Input:
        """A path, completed from what is there; while it is empty, it says what to type."""
        return PathField(self.default(), placeholder=self.wants)

    def begin(self, typed: str) -> None:
        """From where the tutor was opened, where it names no folder."""
        try:
            file = self.query_one(PathField).path
        except EngineError as error:
            self.failed(error)
        else:
            self.do(file)

    def not_ready(self) -> str:
        """A file has to be named."""
        named = self.query_one(PathField).value.strip() if self.is_mounted else ""
        return "" if named else "Type a file's name first."

    def replaces(self, file: Path, then: Callable[[], None]) -> None:
        """Go on at once where there is no such file, and else when the learner says so."""
        if not file.exists():
            then()
            return
        asked = Confirm("Replace it?", f"{file} is there already.", "Replace it", "Keep it")
        self.app.push_screen(asked, lambda yes: yes and then())


def here(name: str = "") -> str:
    """A path where the tutor was opened, or in the user's own folder where that is not theirs."""
    folder = Path.cwd() if os.access(Path.cwd(), os.W_OK) else Path.home()
    return os.path.join(folder, name)


def before(name: str, like: str = "") -> str:
    """The path of a file that was written here before; empty where there is none.

    Args:
        name: How it is named unless somebody names it otherwise.
        like: A pattern of others that may be meant; the newest of them is taken.
    """
    folder = Path(here())
    if (folder / name).exists():
        return here(name)
    found = [file for file in folder.glob(like) if file.is_file()] if like else []
    newest = max(found, key=lambda file: file.stat().st_mtime, default=None)
    return str(newest) if newest else ""
