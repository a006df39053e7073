"""Review: the questions that are due, one after another, each as a fresh variant.

Those with slips come first. How each went sets the day on which it comes back.
"""

from __future__ import annotations

from typing import ClassVar

from engine.errors import EngineError
from tutor.keys import key
from tutor.pages import ToReview
from tutor.screens.steps import StepsRoom
from tutor.widgets.steps.question import QuestionStep
from tutor.widgets.steps.reviewed import Reviewed
from tutor.widgets.steps.step import StepView
from tutor.widgets.words import Words

SESSION = 20
"""Questions of one review, at most: who comes back after weeks is asked the rest another time."""


class Review(StepsRoom):
    """What is due now."""

    about = "Review"
    BINDINGS: ClassVar = [key("o", "lesson", "its lesson", "The question where it is taught.")]
    opening = "Looking up what is due …"

    def __init__(self) -> None:
        """Nothing is looked up yet."""
        super().__init__()
        self._due: tuple[ToReview, ...] = ()
        self._left = 0

    def where(self) -> str:
        """A place of its own."""
        return "Review"

    def on_mount(self) -> None:
        """Have what is due looked up."""
        super().on_mount()
        self.app.study.order(lambda c: c.to_review(), self._found, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#opening", Words).say(str(error))

    def _found(self, due: tuple[ToReview, ...]) -> None:
        if self.is_attached:
            self._due, self._left = due[:SESSION], len(due[SESSION:])
            self.put_up([self.following()], 0)

    def following(self) -> StepView | None:
        """The next question; after the last one, what came of them."""
        shown = len(self._views)
        if shown < len(self._due):
            due = self._due[shown]
            return QuestionStep(due.lesson, due.page, "review")
        return Reviewed(self._views, self._left) if shown == len(self._due) else None

    def went_to(self, view: StepView) -> None:
        """Say which lesson the question is from."""
        self._top.where = f"Review › {view.lesson.title}" if view.lesson else "Review"

    def far(self) -> str:
        """`2 of 5`."""
        return f"{min(self._at + 1, len(self._due))} of {len(self._due)}" if self._due else ""
