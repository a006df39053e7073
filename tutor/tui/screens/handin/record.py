"""The learner's record out to a file, and a file's record in: what would change is shown first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.content import Content

from tutor.report.question import counted
from tutor.tui.screens.handin.file import FileRoom, before, here

if TYPE_CHECKING:
    from engine.runs.home import Home
    from tutor.learner.carry import Foreseen, Imported
    from tutor.tui.threads.errand import Tell

RECORD = "record.json"
"""The file's name, where none is typed."""


class Out(FileRoom):
    """Writes it."""

    about = "Export your record"
    verb = "write it"
    intro = (
        "All that you have done in the lessons, as a JSON file: to keep, or to carry to another "
        "machine, where “Import a record” merges it. Runs and exercises' files are not in it."
    )

    def where(self) -> str:
        """In the room."""
        return "Hand in › Export your record"

    def default(self) -> str:
        """Here."""
        return here(RECORD)

    def do(self, file: Path) -> None:
        """Write it, after it was asked where there is one."""
        home = self.app.home
        self.replaces(
            file,
            lambda: self.order(lambda told: _write(home, file, told), self._written, "Writing"),
        )

    def _written(self, attempts: int) -> None:
        file = self.query_one("PathField").path
        words = f"{attempts:,} attempts are in {file}."
        self.came(Content.assemble(("✓ ", "$text-success"), words))


class In(FileRoom):
    """Looks at a file; Enter once more merges it."""

    about = "Import a record"
    intro = (
        "A record that was exported, here or on another machine, is merged into yours: what is "
        "here stays, and nothing counts twice. First you see what would change."
    )

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        super().__init__()
        self._foreseen_of: Path | None = None

    def where(self) -> str:
        """In the room."""
        return "Hand in › Import a record"

    def default(self) -> str:
        """What was written here."""
        return before(RECORD)

    def do(self, file: Path) -> None:
        """Show what would change; merge it where that was shown."""
        home, again = self.app.home, self._foreseen_of == file
        self._foreseen_of = None
        if again:
            self.order(lambda told: _merge(home, file, told), self._merged, "Merging")
        else:
            self.order(lambda told: _foresee(home, file, told), self._foreseen, "Reading")

    def _foreseen(self, found: Foreseen) -> None:
        if found.nothing:
            self.came("All of this record is in yours already: it would change nothing.")
            return
        self._foreseen_of = self.query_one("PathField").path
        self.came(Content.styled("This would change. ⏎ merges it, esc leaves it.", "bold"))
        self.say(lambda width: foreseen_text(found))
        self.refresh_bindings()

    def _merged(self, added: Imported) -> None:
        words = f"Merged: {added.attempts:,} attempts were new. {added.doubts}".rstrip()
        self.came(Content.assemble(("✓ ", "$text-success"), words))
        self.app.read_course()

    def changed(self) -> None:
        """Another file was not looked at."""
        self._foreseen_of = None

    def label_of(self, binding: Binding) -> str:
        """Enter merges what was looked at."""
        if binding.action == "obvious":
            return "merge it" if self._foreseen_of else "look at it"
        return super().label_of(binding)


def foreseen_text(found: Foreseen) -> str:
    """What an import would change, line by line."""
    gained = found.points_after - found.points_before
    lines = [
        f"{found.added.attempts:,} attempts are new, {found.added.sittings:,} variants are new or "
        "went on elsewhere.",
        f"Points: {counted(found.points_before)} now, {counted(found.points_after)} then"
        + (f", {gained:+.4g}." if gained else ": the same."),
    ]
    for lesson, steps in found.lessons.items():
        lines.append(f"{lesson}: {steps} step{'' if steps == 1 else 's'} would stand otherwise")
    return "\n".join([*lines, found.added.doubts]).rstrip()


def _write(home: Home, file: Path, told: Tell) -> int:
    from tutor.course import measuring
    from tutor.course import names as finding
    from tutor.learner.file import write
    from tutor.learner.record import Learner

    with Learner(home) as learner:
        told("Reading your record")
        measuring.catch_up(learner, finding.lessons(), home)
        record = learner.export()
    told(f"Writing {file.name}")
    write(record, file)
    return len(record["attempts"])


def _foresee(home: Home, file: Path, told: Tell) -> Foreseen:
    from tutor.learner.record import Learner

    with Learner(home) as learner:
        return learner.would_import(_read(file, told))


def _merge(home: Home, file: Path, told: Tell) -> Imported:
    from tutor.learner.record import Learner

    with Learner(home) as learner:
        return learner.import_(_read(file, told))


def _read(file: Path, told: Tell) -> Any:
    from tutor.learner.file import read

    told(f"Reading {file.name}")
    content = read(file)
    told("Holding it against your record")
    return content
