"""What the tutorial's chain is made of: student, teacher, precision and problems.

It works on the built-in models, offline, and just so on GSM8K, with a student of the hub and a
teacher that somebody hosts. What cannot be is said before anything loads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from engine.chain.tuning import UNTOUCHED
from engine.errors import SpecError
from engine.models.registry import hosted
from tutor.tui.keys import key
from tutor.tui.screens.fields import Fields, Line
from tutor.tui.widgets.words import Words
from tutor.tutorial import run_words as wording
from tutor.tutorial.chain import PARTS, faults, problems_there
from tutor.tutorial.choice import BUILT_IN, Choice, trained

if TYPE_CHECKING:
    from engine.machine import Machine
    from engine.models.students import Student

AROUND = 4
"""Cells at the sides of the list of students."""


class Chain(Fields):
    """Two models, and what they are asked."""

    about = "The models and problems of the tutorial"
    BINDINGS: ClassVar = [
        key("f8", "built_in", "as handed out", "The built-in models and problems again."),
    ]

    def __init__(self) -> None:
        """Begins with what is chosen."""
        super().__init__()
        self._machine: Machine | None = None
        self._students: list[Student] = []
        self.choice = self.app.seen.choice
        """What the lines say."""

    def where(self) -> str:
        """Under the tutorial."""
        return "The tutorial › Models and problems"

    def groups(self) -> Iterable[tuple[str, Iterable[Line]]]:
        """All four."""
        lines = [
            Line(name, name, getattr(self.choice, name), about, offers)
            for name, (about, offers) in PARTS.items()
        ]
        yield "The chain", lines

    def on_mount(self) -> None:
        """The student has the focus; the machine is looked at meanwhile."""
        super().on_mount()
        self.typed("student").focus()
        self.app.study.order(lambda classroom: _listed(classroom.machine()), self._room)
        self.look()

    def body(self) -> Iterable[Widget]:
        """The form; below it, students to choose from."""
        yield from super().body()
        yield Words(id="students")

    def _room(self, found: tuple[Machine, list[Student]]) -> None:
        self._machine, self._students = found
        if self.is_attached:
            self._list()
            self.look()

    def _list(self) -> None:
        """What the listed students need here, in as many columns as there is room for."""
        from tutor.report.models import students_table

        if self._machine is None:
            return
        where = self.query_one("#students", Words)
        width = max(1, self.size.width - AROUND)
        precision = Choice().precision
        table = students_table(self._machine, self._students, precision, width, brief=True)
        where.say(table)

    def on_resize(self) -> None:
        """Another width, other lines."""
        super().on_resize()
        self._list()

    def read(self) -> Mapping[str, SpecError]:
        """The choice; what cannot be of it, by line."""
        typed = {name: self.typed(name).value.strip() for name in PARTS}
        models = {name: value for name, value in typed.items() if name != "problems"}
        now = replace(self.app.seen.choice, **models)
        self.choice = now.with_problems(typed["problems"] or BUILT_IN)
        found = faults(self.choice, self.app.home.path)
        if not found and self._machine is not None:
            found = self._fits(self._machine)
        return found

    def _fits(self, machine: Machine) -> dict[str, SpecError]:
        """Whether the student can learn here, with the settings as they are."""
        from engine.kinds import fits

        wanted = trained(self.choice, self.app.seen.tuning or UNTOUCHED)
        error = next(iter(fits.faults(wanted, machine, self.choice.source).values()), None)
        return {"student": error} if error else {}

    def told(self) -> str:
        """What the choice takes, and what it needs that may be missing."""
        from engine.kinds import fits

        parts = []
        wanted = trained(self.choice, self.app.seen.tuning or UNTOUCHED)
        need = None
        if self._machine is not None:
            tokens = fits.ROW_TOKENS[self.choice.source]
            need = fits.training_bytes(wanted, self._machine, tokens)
        if need is not None and self._machine is not None:
            room = wording.gigabytes(fits.memory(self._machine, self.choice.device))
            words = f"Fine-tuning by your settings takes {wording.gigabytes(need)} of {room}"
            parts.append(f"{words} ({self._machine}).")
        elif self._machine is not None:
            parts.append(f"What {self.choice.student} takes is not known before it is loaded.")
        if hosted(self.choice.teacher) is not None:
            parts.append("The teacher is asked over the network, and may cost money.")
        return " ".join(parts)

    def action_keep(self) -> None:
        """See whether the problems are there; then the tutorial is run with this."""
        if self.refuses("keep"):
            return
        wanted = self.choice
        self.app.order(lambda _: problems_there(wanted), self._kept)

    def _kept(self, wanted: Choice) -> None:
        self.app.choose(wanted)
        if self.app.screen is self:
            self.app.leave()

    def why_not(self, action: str) -> str:
        """Nothing is to be taken back where nothing is otherwise."""
        if action == "built_in" and all(
            self.typed(name).value == getattr(Choice(), name) for name in PARTS
        ):
            return "They are as they were handed out."
        return super().why_not(action)

    def action_built_in(self) -> None:
        """The models and problems of who has just begun; nothing is kept yet."""
        if self.refuses("built_in"):
            return
        for name in PARTS:
            self.typed(name).value = getattr(Choice(), name)


def _listed(machine: Machine) -> tuple[Machine, list[Student]]:
    """The machine, and the students that are listed for it."""
    from engine.models.students import students

    return machine, list(students(machine))
