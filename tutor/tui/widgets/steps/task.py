"""A task of the tutorial in a lesson: how it stands, what it is worth, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from lessons.kit.course.course import load
from tutor.tui.widgets.steps.step import FAINT, StepView, head
from tutor.tui.widgets.words import Words
from tutor.tui.words import tasks as task_words
from tutor.tutorial import run_words as wording
from tutor.tutorial import stages as progress

if TYPE_CHECKING:
    from lessons.kit.course.course import Stage
    from tutor.tutorial.snapshot import Snapshot
    from tutor.tutorial.stages import Standing


class TaskStep(StepView):
    """Its runs have screens of their own; it is done when they have finished once."""

    DOES: ClassVar = frozenset({"edit"})
    DEFAULT_CSS = """
    TaskStep > #stands { height: auto; }
    """
    _told = False

    @property
    def stage(self) -> Stage:
        """The stage that it is about."""
        unit = self.lesson.id.partition("/")[0]
        return load().unit(unit).stage(self.step.name)

    def compose(self) -> Iterable[Widget]:
        """How it stands."""
        stage = self.stage
        yield head(self, stage.name, f"{stage.points:g} points")
        yield Words(id="stands")

    def on_mount(self) -> None:
        """Follow the runs."""
        self.watch(self.app, "seen", self._seen)

    def _seen(self, seen: Snapshot) -> None:
        place = progress.standing(self.stage, seen)
        self.query_one("#stands", Words).say(self._words(place, seen))
        if place.state == "finished" and not self.page.done and not self._told:
            self._told = True
            step, ran, spent = self.step, f"run {place.run.id}", self.seconds()
            self.app.study.order(lambda c: c.computed(step, ran, spent), self.passed)

    def _words(self, place: Standing, seen: Snapshot) -> Content:
        glyph, word, colour = wording.STATES.get(place.state, ("○", "not run yet", FAINT))
        result = f"  {place.result}" if place.result else ""
        lines = [
            Content(self.stage.about),
            Content.assemble((f"{glyph} {word}{task_words.far(place)}", colour), result),
        ]
        if place.task is not None:
            lines.append(task_words.card_line(place.task, seen))
        return Content("\n").join(lines)

    def enter_does(self) -> str:
        """Open it until it is done."""
        return "next" if self.page.done else "open"

    def enter(self) -> bool:
        """Open the tutorial at this task; once it has run, go on."""
        if self.page.done:
            return False
        self.app.open_task(self.step.name)
        return True

    def label(self, action: str) -> str:
        """The footer's word for `e`."""
        return "open the task"

    def do_edit(self) -> None:
        """Open the tutorial at this task, done or not."""
        self.app.open_task(self.step.name)
