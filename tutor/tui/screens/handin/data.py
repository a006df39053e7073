"""A teacher's answers out to a file, and a file's answers in as a teacher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from engine.kinds import TEACH
from tutor.tui.keys import key
from tutor.tui.screens.handin.errand import FAINT
from tutor.tui.screens.handin.file import FileRoom, here
from tutor.tui.screens.which import Which
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from engine.kinds.specs import TeachSpec
    from engine.runs.home import Home
    from engine.runs.snapshot import Run
    from tutor.tui.host import Host
    from tutor.tui.threads.errand import Tell

KEEP, RATIONALE = ("correct", "all"), ("full", "answer only")
NO_TEACHER = "No teacher has answered yet: run “Ask the teacher” in the tutorial."


def out(app: Host) -> None:
    """First whose answers."""
    runs = [run for run in app.seen.runs if run.kind == TEACH.name and run.state == "finished"]
    if not runs:
        app.notify(NO_TEACHER, title="Not now", severity="warning", markup=False)
        return
    asked = Which("Whose answers?", "these", runs)
    app.push_screen(asked, lambda id: id and app.push_screen(Out(app.seen.run(id))))


class Out(FileRoom):
    """Writes the data set of a teach run."""

    about = "Export a teacher's answers"
    verb = "write it"
    intro = (
        "The answers that were kept, in the problems' order. A name that ends in .jsonl is written "
        "as OpenAI's chat format for fine-tuning; any other is a folder for `datasets`."
    )

    def __init__(self, run: Run) -> None:
        """`run` is a finished teach run."""
        super().__init__()
        self._run = run

    def where(self) -> str:
        """In the room."""
        return f"Hand in › The answers of run {self._run.id}"

    def default(self) -> str:
        """Here, by the run's number."""
        return here(f"answers-{self._run.id}.jsonl")

    def do(self, file: Path) -> None:
        """Write it; what is there is never replaced."""
        home, run = self.app.home, self._run

        def give(told: Tell) -> Path:
            from engine.teachers.imports import give

            told(f"Writing {file.name}")
            return give(run, home, file)

        self.order(give, self._written, "Writing")

    def _written(self, file: Path) -> None:
        kept = (self._run.result or {}).get("kept", 0)
        words = f"{kept:,} answers of run {self._run.id} are in {file}."
        self.came(Content.assemble(("✓ ", "$text-success"), words))


class In(FileRoom):
    """Brings a file in as a finished teach run."""

    about = "Import answers as a teacher"
    verb = "bring it in"
    intro = (
        "A file of JSON lines, or a folder that `datasets` saved, becomes a teach run that a "
        "student can learn from. What this home knows the question of is judged by its gold "
        "answer; any other answer is taken at its word."
    )
    BINDINGS: ClassVar = [
        key("f6", "turn_keep", "which answers", "Keep correct answers alone, or all of them."),
        key("f7", "turn_rationale", "how much", "Teach all that was written, or the answer only."),
    ]

    def __init__(self) -> None:
        """As the command has it."""
        super().__init__()
        self._keep, self._rationale = KEEP[0], RATIONALE[0]

    def where(self) -> str:
        """In the room."""
        return "Hand in › Answers as a teacher"

    def default(self) -> str:
        """The folder that one is in."""
        return here()

    def choices(self) -> Iterable[Widget]:
        """What is kept of it."""
        yield Words(id="errand-choice", classes="choice")

    def on_mount(self) -> None:
        """Say what is chosen."""
        super().on_mount()
        self._say_choice()

    def _say_choice(self) -> None:
        keep, rationale = (self._keep, "bold"), (self._rationale, "bold")
        between, end = ("  f6    teach  ", FAINT), ("  f7", FAINT)
        words = Content.assemble(("keep    ", FAINT), keep, between, rationale, end)
        self.query_one("#errand-choice", Words).say(words)

    def why_not(self, action: str) -> str:
        """What is brought in is no longer chosen."""
        return self._busy() if action.startswith("turn") else super().why_not(action)

    def action_turn_keep(self) -> None:
        """The other of the two."""
        if not self.refuses("turn_keep"):
            self._keep = KEEP[1 - KEEP.index(self._keep)]
            self._say_choice()

    def action_turn_rationale(self) -> None:
        """The other of the two."""
        if not self.refuses("turn_rationale"):
            self._rationale = RATIONALE[1 - RATIONALE.index(self._rationale)]
            self._say_choice()

    def do(self, file: Path) -> None:
        """Look whether a run could learn from it, keep a copy, and queue the run."""
        home, keep, rationale = self.app.home, self._keep, self._rationale
        self.order(
            lambda told: _taken_in(home, file, keep, rationale, told), self._submit, "Reading"
        )

    def _submit(self, spec: TeachSpec) -> None:
        self.came("Queued as a run of its own.")
        self.app.order(lambda desk: desk.client.submit(spec.kind, spec), self._queued)

    def _queued(self, run_id: int) -> None:
        if self.is_attached:
            self.app.leave()
        self.app.open_run(run_id)


def _taken_in(home: Home, file: Path, keep: str, rationale: str, told: Tell) -> TeachSpec:
    """What a run of that file would be; the file is kept in the home."""
    from engine.kinds.specs import TeachSpec
    from engine.models.registry import FILE
    from engine.teachers import imports

    spec = TeachSpec(teacher=f"{FILE}{file}", keep=keep, rationale=rationale)
    spec.check()
    told("Looking whether a student could learn from it")
    imports.check(file, home, keep, rationale)
    told("Keeping a copy")
    return replace(spec, teacher=imports.keep(file, home))
