"""Keeps a figure: its numbers on the clipboard, or all of it in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tutor.course.file_names import file_named
from tutor.report.saving.file import refuse, save
from tutor.report.saving.tsv import count, tsv

if TYPE_CHECKING:
    from tutor.report.saving.shown import Shown
    from tutor.tui.host import Host


def copy(app: Host, shown: Shown, way: str) -> None:
    """Copy the numbers as rows, through the terminal (OSC 52), which tells nothing back.

    Args:
        app: Its clipboard.
        shown: The figure.
        way: The keys that lead from here to a file, for whose terminal does not take it.
    """
    app.copy_to_clipboard(tsv(shown.figure))
    rows = count(shown.figure)
    app.notify(
        f"{rows:,} row{'' if rows == 1 else 's'} copied, with tabs between columns. If nothing can "
        f"be pasted, your terminal does not take it: {way}, and a name in .tsv.",
        title="Copied",
        markup=False,
    )


def keep(app: Host, shown: Shown, typed: str = "", why: str = "") -> None:
    """Ask for a file's name, and save the figure in it; what cannot be is asked again."""
    from tutor.tui.screens.ask import Ask

    words = (
        f"A name in .svg or .png for a picture, in .tsv for the numbers. It goes into {Path.cwd()}."
    )

    def named(typed: str | None) -> None:
        if typed is None:
            return
        try:
            refuse(file := file_named(typed))
        except EngineError as error:
            keep(app, shown, typed, str(error))
        else:
            _replacing(app, shown, file) if file.exists() else _save(app, shown, file)

    asked = "\n\n".join(filter(None, (why, words)))
    app.push_screen(Ask("Save the figure", asked, typed or f"{shown.name}.svg"), named)


def _replacing(app: Host, shown: Shown, file: Path) -> None:
    from tutor.tui.screens.confirm import Confirm

    asked = Confirm("Replace it?", f"{file} is there already.", "Replace it")
    app.push_screen(asked, lambda yes: _save(app, shown, file) if yes else None)


def _save(app: Host, shown: Shown, file: Path) -> None:
    """In a thread: the first picture of a process takes a second."""

    def work() -> None:
        try:
            save(shown, file)
        except EngineError as error:
            said, title, severity = str(error), "Not saved", "error"
        else:
            said, title, severity = str(file), "Saved", "information"
        app.call_from_thread(app.notify, said, title=title, severity=severity, markup=False)

    app.run_worker(work, thread=True)
