"""Practice: one question, again and again, each time as a fresh variant, until it is left.

It counts as a review does: how it went sets the day on which the question comes back.
"""

from __future__ import annotations

from typing import ClassVar

from engine.errors import EngineError
from tutor.tui.classroom.pages import ToReview
from tutor.tui.keys import key
from tutor.tui.screens.steps import StepsRoom
from tutor.tui.widgets.steps.question import QuestionStep
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words


class Practice(StepsRoom):
    """What is shaky, until it is not."""

    about = "Practice"
    opening = "Making a fresh variant …"
    BINDINGS: ClassVar = [key("o", "lesson", "its lesson", "The question where it is taught.")]

    def __init__(self, step: str) -> None:
        """Args: the question step's id."""
        super().__init__()
        self._step = step
        self._asked: ToReview | None = None

    def where(self) -> str:
        """Its lesson."""
        return f"Practice › {self._asked.lesson.title}" if self._asked else "Practice"

    def on_mount(self) -> None:
        """Have the question looked up."""
        super().on_mount()
        step = self._step
        self.app.study.order(lambda c: c.to_practise(step), self._found, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#opening", Words).say(str(error))

    def _found(self, asked: ToReview) -> None:
        if self.is_attached:
            self._asked = asked
            self._top.where = self.where()
            self.put_up([self.following()], 0)

    def following(self) -> StepView | None:
        """Another variant."""
        return QuestionStep(self._asked.lesson, self._asked.page, "review")

    def why_not(self, action: str) -> str:
        """There is no other question to skip to, and always another variant of this one."""
        if action == "skip":
            return "n asks another variant; esc leaves."
        return super().why_not(action)

    def far(self) -> str:
        """How many variants were right so far."""
        endings = [view.asked.sitting.ending for view in self._views if view.asked is not None]
        return f"{endings.count('right')} right" if "right" in endings else ""
