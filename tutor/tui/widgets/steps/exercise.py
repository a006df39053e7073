"""An exercise in its lesson: how it stands, and the way into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from tutor.learner.attempts import Place
from tutor.report.question import counted
from tutor.tui.widgets.steps.step import StepView, head
from tutor.tui.widgets.words import Words


class ExerciseStep(StepView):
    """The exercise itself has a screen of its own."""

    DOES: ClassVar = frozenset({"edit"})
    DEFAULT_CSS = """
    ExerciseStep > #stands { height: auto; }
    """

    def compose(self) -> Iterable[Widget]:
        """How it stands."""
        yield head(self, "exercise.py", counted(self.step.points))
        yield Words(id="stands")

    def on_mount(self) -> None:
        """As the record has it."""
        self._stands()

    def _stands(self) -> None:
        place, last = self.page.place, self.page.last
        if self.page.done:
            words = Content.assemble(
                ("✓ ", "bold $success"), f"All checks passed: {counted(place.points)} had."
            )
        elif last is not None and last.says:
            words = Content.assemble(("✗ ", "bold $error"), last.says)
        else:
            words = Content("Enter opens your file, with its checks beside it.")
        self.query_one("#stands", Words).say(words)

    def enter_does(self) -> str:
        """Open it until it is done."""
        return "next" if self.page.done else "open"

    def enter(self) -> bool:
        """Open it; once it has passed, go on."""
        if self.page.done:
            return False
        self._open(edit=False)
        return True

    def do_edit(self) -> None:
        """Open it in the learner's editor."""
        self._open(edit=True)

    def _open(self, *, edit: bool) -> None:
        self.app.open_exercise_step(self.lesson, self.step, edit=edit)

    def resumed(self) -> None:
        """The learner comes back from it."""
        step = self.step
        self.app.study.order(lambda c: c.stands(step), self._again)

    def _again(self, told: tuple[Place | None, object]) -> None:
        if self.is_attached:
            place, last = told
            self.page = replace(self.page, place=place, last=last)
            self._stands()
            self.post_message(self.Scored())
