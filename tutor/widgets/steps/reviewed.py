"""What stands below the last question of a review: how each of them went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget

from tutor.widgets.steps.step import StepView
from tutor.widgets.words import Words

WORDS = {
    "right": ("✓", "right"),
    "missed": ("✗", "missed"),
    "": ("·", "left for another time"),
    "left": ("·", "left for another time"),
}


class Reviewed(StepView):
    """The end of a review."""

    DEFAULT_CSS = """
    Reviewed > Words { height: auto; }
    """

    def __init__(self, views: Sequence[StepView], left: int = 0) -> None:
        """`views` are those of the questions that were asked; `left` more are due."""
        super().__init__(None, None)
        self._asked, self._left = tuple(views), left

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

    def _said(self) -> Content:
        if not self._asked:
            return Content("No question is due. They come back after days, one by one.")
        parts: list = [("That is all for now.\n", "bold")]
        for view in self._asked:
            ending = view.asked.sitting.ending if view.asked is not None else ""
            sign, word = WORDS[ending]
            parts.append(f"\n{sign} {view.step.name}  {view.lesson.title}: {word}")
        if self._left:
            parts.append(f"\n\n{self._left} more {'is' if self._left == 1 else 'are'} due.")
        return Content.assemble(*parts)

    def enter_does(self) -> str:
        """Back."""
        return "home"

    def enter(self) -> bool:
        """Back."""
        self.app.leave()
        return True
