"""What stands below the last question of a review: how each of them went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content
from textual.widget import Widget

from tutor.learner.agenda import Portion
from tutor.learner.wishes import PUT_OFF, SET_ASIDE
from tutor.report.reviews import left_words, portion_words
from tutor.widgets.steps.step import StepView
from tutor.widgets.words import Words

WORDS = {
    "right": ("✓", "right"),
    "missed": ("✗", "missed"),
    "": ("·", "left for another time"),
    "left": ("·", "left for another time"),
    PUT_OFF: ("→", "put off until tomorrow"),
    SET_ASIDE: ("–", "set aside; Progress brings it back"),
}


class Reviewed(StepView):
    """The end of a review."""

    DEFAULT_CSS = """
    Reviewed > Words { height: auto; }
    """

    def __init__(
        self, views: Sequence[StepView], wished: Mapping[StepView, str], left: Portion
    ) -> None:
        """What came of a review.

        Args:
            views: Those of the questions that were asked.
            wished: Of them, what was put off or set aside.
            left: What is due besides.
        """
        super().__init__(None, None)
        self._asked, self._wished, self._left = tuple(views), wished, left

    @property
    def step(self) -> None:
        """It is none."""
        return None

    def compose(self) -> Iterable[Widget]:
        """A line for each, filled when the learner comes here."""
        yield Words()

    def at(self, here: bool) -> None:
        """Say how they went, as they stand now."""
        super().at(here)
        if here:
            self.query_one(Words).say(self._said()) if self.is_mounted else None

    def on_mount(self) -> None:
        """The first time, once it is there."""
        self.query_one(Words).say(self._said())

    def say_left(self, left: Portion) -> None:
        """What is due besides, as it is now."""
        self._left = left
        if self.is_mounted:
            self.query_one(Words).say(self._said())

    def _said(self) -> Content:
        if not self._asked:
            nothing = "No question is due. They come back after days, one by one."
            return Content(portion_words(self._left) or nothing)
        parts: list = [("That is all for now.\n", "bold")]
        for view in self._asked:
            ending = view.asked.sitting.ending if view.asked is not None else ""
            sign, word = WORDS[self._wished.get(view, ending)]
            parts.append(f"\n{sign} {view.step.name}  {view.lesson.title}: {word}")
        if words := left_words(self._left):
            parts.append(f"\n\n{words}")
        return Content.assemble(*parts)

    def enter_does(self) -> str:
        """Back."""
        return "home"

    def enter(self) -> bool:
        """Back."""
        self.app.leave()
        return True
