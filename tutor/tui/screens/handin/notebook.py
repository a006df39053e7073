"""The notebook: written to be handed in, and verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from engine.errors import EngineError
from tutor.tui.keys import key
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.handin.errand import FAINT
from tutor.tui.screens.handin.file import FileRoom, before, here
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from tutor.handin.export import Exported
    from tutor.handin.verify import Verdict
    from tutor.tutorial.snapshot import Snapshot


class Export(FileRoom):
    """Writes it, then verifies what was written."""

    about = "Export the tutorial"
    verb = "write it"
    intro = (
        "What is handed in: code as written, settings, the runs that earned the points with their "
        "figures, and every answer. It ends in .ipynb for a notebook, .md for a text."
    )

    def where(self) -> str:
        """In the room."""
        return "Hand in › Export the tutorial"

    def default(self) -> str:
        """A notebook in the folder that one is in."""
        return here("tutorial.ipynb")

    def show(self, seen: Snapshot) -> None:
        """The points as they stand, until there is more to say."""
        if not self.going_on and seen.tasks:
            self.say(lambda width: tasks(seen))

    def do(self, file: Path) -> None:
        """Write it, after it was asked where there is one."""
        from tutor.handin.export import check_name

        try:
            check_name(file)
        except EngineError as error:
            self.failed(error)
            return
        self.replaces(file, lambda: self._write(file))

    def _write(self, file: Path) -> None:
        from tutor.handin.export import export

        home = self.app.home
        self.order(lambda told: export(home, file, told), self._written, "Writing")

    def _written(self, written: Exported) -> None:
        file = written.files[0]
        words = f"{written.handed.points:g} of {written.of:g} points are in {file}."
        if file.suffix == ".ipynb":
            self.app.switch_screen(Verify(file, words))
        else:
            more = f" {len(written.files) - 1} pictures are beside it." * (len(written.files) > 1)
            self.came(Content.assemble(("✓ ", "$text-success"), words, more))


class Verify(FileRoom):
    """Counts a notebook again."""

    about = "Verify a notebook"
    verb = "verify"
    intro = (
        "Problems, answers, scores and points are counted again from the recorded texts; no model "
        "is asked. The learner's code runs only where you say so."
    )
    BINDINGS: ClassVar = [
        key("r", "checks", "run its code", "Check the learner's code too, which runs it; asks."),
    ]

    def __init__(self, file: Path | None = None, words: str = "") -> None:
        """Begins at once where a file is given.

        Args:
            file: What was just written.
            words: What is to be said of it.
        """
        super().__init__()
        self._file, self._words = file, words
        self._verdict: Verdict | None = None

    def where(self) -> str:
        """In the room."""
        return "Hand in › Verify a notebook"

    def default(self) -> str:
        """The file, or the one that an export has written here, or the newest notebook here."""
        return str(self._file or before("tutorial.ipynb", "*.ipynb"))

    def on_mount(self) -> None:
        """What was written is verified at once."""
        super().on_mount()
        if self._file is not None:
            self.do(self._file)

    def do(self, file: Path) -> None:
        """Count it again, without running anything of it."""
        self._count(file, run_checks=False)

    def _count(self, file: Path, *, run_checks: bool) -> None:
        from tutor.handin.verify import verify

        self._verdict = None
        if file != self._file:
            self._file, self._words = file, ""
        self.order(
            lambda told: verify(file, run_checks=run_checks, told=told), self._counted, "Reading"
        )

    def _counted(self, verdict: Verdict) -> None:
        from tutor.handin.verdict import sentence, verdict_text

        self._verdict = verdict
        good = verdict.follows and verdict.untouched
        sign = ("✓ ", "$text-success") if good and verdict.counted else ("! ", "$text-warning")
        if not good:
            sign = ("✗ ", "$text-error")
        way_out = " r runs the learner's code, and counts them." * verdict.waits_for_code
        head = [(f"{self._words}\n", "bold")] if self._words else []
        self.came(Content.assemble(*head, sign, (sentence(verdict), "bold"), way_out))
        self.say(lambda width: verdict_text(verdict, width, summed_up=False))
        self.query_one("#errand-came").focus()
        self.refresh_bindings()

    def changed(self) -> None:
        """The verdict is about the file before."""
        self._verdict = None

    def why_not(self, action: str) -> str:
        """There has to be code that was not run."""
        if action == "checks":
            if self._verdict is None:
                return "Verify a notebook first."
            if not self._verdict.waits_for_code:
                return "No code of this notebook is left to run."
            return self._busy()
        return super().why_not(action)

    def action_checks(self) -> None:
        """Ask, then run it."""
        if self.refuses("checks"):
            return
        words = (
            "The checks run the code that is in the notebook, on this machine and as you. It runs "
            "in a process of its own, with a limit of time; that is no protection against code "
            "that means harm. Do it only for a notebook from somebody you trust."
        )
        asked = Confirm("Run the learner's code?", words, "Run it", "Do not")
        file = self._file
        self.app.push_screen(asked, lambda yes: yes and self._count(file, run_checks=True))


def tasks(seen: Snapshot) -> Content:
    """The five tasks with their points, as they would be handed in now."""
    lines = [
        Content.assemble(
            f"{task.name:<20}",
            (f"{task.points:>4g} of {task.of:<3g} ", "bold"),
            (wording.earned_by(task), FAINT),
        )
        for task in seen.tasks
    ]
    return Content("\n").join(lines)
