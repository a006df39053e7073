"""What stands below the last question of a review: how each of them went, to be opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content
from textual.widget import Widget

from tutor.learner.agenda import Portion
from tutor.learner.wishes import PUT_OFF, SET_ASIDE
from tutor.report.reviews import left_words, portion_words
from tutor.tui.widgets.rows import Row, Rows, sides
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words

WORDS = {
    "right": ("✓", "right"),
    "missed": ("✗", "missed"),
    "": ("·", "left for another time"),
    "left": ("·", "left for another time"),
    PUT_OFF: ("→", "put off until tomorrow"),
    SET_ASIDE: ("–", "set aside; Progress brings it back"),
}
HOME = "home"
"""What the first row stands for; the others stand for the places of their questions."""


class Reviewed(StepView):
    """The end of a review: Enter goes home, or opens the question that is marked."""

    DEFAULT_CSS = """
    Reviewed {
        & > Words { height: auto; }
        & > Rows { height: auto; max-height: 60vh; margin: 1 0 0 0; }
        & > #due { margin: 1 0 0 0; }
    }
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
        self._rows, self._due = Rows(), Words(id="due")
        self._rows.display = bool(views)

    @property
    def step(self) -> None:
        """It is none."""
        return None

    def compose(self) -> Iterable[Widget]:
        """Filled when the learner comes here."""
        if self._asked:
            yield Words(Content.styled("That is all for now.", "bold"))
        yield self._rows
        yield self._due

    def at(self, here: bool) -> None:
        """Say how they went, as they stand now."""
        super().at(here)
        if here and self.is_mounted:
            self._say()

    def on_mount(self) -> None:
        """The first time, once it is there; only then can the list take the focus."""
        self._say()
        if self.has_class("-at"):
            self.call_after_refresh(self.take_focus)

    def say_left(self, left: Portion) -> None:
        """What is due besides, as it is now."""
        self._left = left
        if self.is_mounted:
            self._say()

    def take_focus(self) -> None:
        """The list, where something was asked."""
        (self._rows if self._asked else self).focus(scroll_visible=False)

    def _say(self) -> None:
        nothing = "No question is due. They come back after days, one by one."
        said = left_words(self._left) if self._asked else portion_words(self._left) or nothing
        self._due.say(said)
        self._due.display = bool(said)
        questions = [Row(self._drawn(view), place) for place, view in enumerate(self._asked)]
        self._rows.show([Row(lambda width: Content("Home"), HOME), *questions])
        self._rows.styles.height = len(questions) + 1

    def _drawn(self, view: StepView):
        """Its name and lesson, and what became of it."""
        ending = view.asked.sitting.ending if view.asked is not None else ""
        sign, word = WORDS[self._wished.get(view, ending)]
        name = f"{sign} {view.step.name}  {view.lesson.title}"
        return lambda width: sides(name, word, width)

    def enter_does(self) -> str:
        """Home, or the question that is marked."""
        return "home" if self._rows.value in (None, HOME) else "open in its lesson"

    def enter(self) -> bool:
        """Where the focus is beside the list: home."""
        self.app.leave()
        return True
