"""Review: the questions that are due, one after another, each as a fresh variant.

How each went sets the day on which it comes back. One can be put off until tomorrow or set aside,
and what was done last can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from engine.errors import EngineError
from tutor.learner.agenda import Portion
from tutor.learner.wishes import PUT_OFF, SET_ASIDE, Wish
from tutor.report import reviews as report
from tutor.tui.classroom.pages import Reviewing
from tutor.tui.keys import key
from tutor.tui.screens.steps import ON, StepsRoom
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.steps.due import DueStep
from tutor.tui.widgets.steps.reviewed import HOME, Reviewed
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from tutor.tui.classroom.classroom import Classroom


class Review(StepsRoom):
    """What is due now."""

    about = "Review"
    opening = "Looking up what is due …"
    BINDINGS: ClassVar = [
        key("s", "skip", "tomorrow", f"Not today: it is asked again from tomorrow on.{ON}"),
        key("z", "aside", "set aside", "Ask it no more, until Progress brings it back."),
        key("ctrl+z", "undo", "take back", "Take back what you did last in this review."),
        key("o", "lesson", "its lesson", "The question where it is taught."),
        key("m", "more", "more", "Ask more of what is due, beyond what the day asks, too."),
    ]
    FIRST: ClassVar = ("go_on", "open", "more", "skip", "aside", "undo")

    def __init__(self, limit: int | None = None) -> None:
        """Nothing is looked up yet; `limit` as `Classroom.to_review` has it."""
        super().__init__()
        self._limit = limit
        self._asks: Reviewing | None = None
        self._left = Portion()
        self._wished: dict[StepView, str] = {}
        """What was put off or set aside."""
        self._answered = False

    def where(self) -> str:
        """A place of its own."""
        return "Review"

    def on_mount(self) -> None:
        """Have what is due looked up."""
        super().on_mount()
        limit = self._limit
        self.app.study.order(lambda c: c.to_review(limit), self._found, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#opening", Words).say(str(error))

    def _found(self, asks: Reviewing) -> None:
        if not self.is_attached:
            return
        self._asks, self._left = asks, asks.portion
        self.put_up([self.following()], 0)
        if asks.questions and asks.portion.waiting:
            self._column.mount(Words(report.portion_words(asks.portion), id="portion"), before=0)

    def following(self) -> StepView | None:
        """The next question; after the last one, what came of them."""
        shown, questions = len(self._views), self._asks.questions
        if shown < len(questions):
            due = questions[shown]
            taught = due.lesson.taught(due.page.step)
            note = report.leech_words(due.lesson, taught) if due.leech else ""
            return DueStep(due.lesson, due.page, note)
        if shown == len(questions):
            left = Portion() if questions else self._asks.portion  # it is looked up there
            return Reviewed(self._views, self._wished, left)
        return None

    def went_to(self, view: StepView) -> None:
        """Say which lesson the question is from; at the end, what is left is looked up."""
        self._top.where = f"Review › {view.lesson.title}" if view.lesson else "Review"
        if isinstance(view, Reviewed):
            self.app.study.order(lambda c: c.to_review().portion, self._found_left)

    def _found_left(self, portion: Portion) -> None:
        self._left = portion
        if self.is_attached and isinstance(self._view, Reviewed):
            self._view.say_left(portion)
            self.refresh_bindings()

    def far(self) -> str:
        """`2 of 5`."""
        count = len(self._asks.questions) if self._asks else 0
        return f"{min(self._at + 1, count)} of {count}" if count else ""

    def on_step_view_scored(self) -> None:
        """An answer can be taken back, though a fresh variant is asked meanwhile."""
        self._answered = self._answered or self._any_answered()
        super().on_step_view_scored()

    # Keys

    @property
    def _in_hand(self) -> bool:
        """Whether the question one is at waits for an answer."""
        view = self._view if self._views else None
        return isinstance(view, DueStep) and view not in self._wished and view.in_hand

    @property
    def _can_be_set_aside(self) -> bool:
        """Whether one is at a question, answered or not, that is not set aside yet."""
        return isinstance(self._view, DueStep) and self._wished.get(self._view) != SET_ASIDE

    def label_of(self, binding: Binding) -> str:
        """How many more are asked; behind an answer there is nothing to put off."""
        if binding.action == "skip" and self._views and not self._in_hand:
            return "next"
        if binding.action == "more" and self._left.due:
            return f"{self._more()} more"
        if binding.action == "open" and self._views:
            return self._view.enter_does()
        return super().label_of(binding)

    def why_not(self, action: str) -> str:
        """What can be wished of the question one is at."""
        if action == "aside" and self._views and not self._can_be_set_aside:
            return "There is no question here to set aside."
        if action == "undo" and not (self._wished or self._answered or self._any_answered()):
            return "Nothing was done in this review yet."
        if action == "more" and not (self._views and isinstance(self._view, Reviewed)):
            return "The questions of this review come first."
        if action == "more" and not self._left.due:
            return "No question is due."
        return super().why_not(action)

    def _any_answered(self) -> bool:
        return any(isinstance(view, DueStep) and view.answered for view in self._views)

    def action_skip(self) -> None:
        """Not today; or on from what is answered."""
        if self.refuses("skip"):
            return
        if not self._in_hand:
            self._next()
        else:
            step = self._view.step.id
            self._wish(PUT_OFF, report.PUT_OFF, lambda c: c.learner.agenda.put_off(step))

    def action_aside(self) -> None:
        """No more."""
        if not self.refuses("aside"):
            step = self._view.step.id
            self._wish(SET_ASIDE, report.SET_ASIDE, lambda c: c.learner.agenda.set_aside(step))

    def _wish(self, kind: str, words: str, order: Callable[[Classroom], bool]) -> None:
        self._wished[self._view] = kind
        self._view.say_wish(words)
        self.app.study.order(order)
        self._next()

    def action_undo(self) -> None:
        """What was done last."""
        if self.refuses("undo"):
            return
        since = self._asks.portion.at
        steps = {view.step.id for view in self._views if view.step is not None}
        self.app.study.order(lambda c: c.learner.agenda.undo(since, steps), self._undone)

    def _undone(self, wish: Wish | None) -> None:
        self._answered = False
        if wish is None:
            self.app.notify("Nothing was done in this review yet.", title="Not now")
            return
        if not self.is_attached:
            return
        place = next(at for at, view in enumerate(self._views) if view.step.id == wish.step)
        view = self._views[place]
        self._wished.pop(view, None)
        if wish.sitting:
            view.ask_anew()
        else:
            view.say_wish("")
        self._go(place)
        words = report.TAKEN_BACK if wish.sitting else report.BROUGHT_BACK
        self.app.notify(words, title=view.step.name, timeout=4, markup=False)

    def action_lesson(self) -> None:
        """The question in its lesson; one that does not stick, at the text that teaches it."""
        if not self.refuses("lesson"):
            self._read_up(self._at)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """What Enter opens in the list at the end: a question, or the way home."""
        if event.value == HOME:
            self.app.leave()
        else:
            self._read_up(event.value)

    def on_rows_marked(self) -> None:
        """Enter does something else there."""
        self.refresh_bindings()

    def _read_up(self, place: int) -> None:
        due = self._asks.questions[place]
        text = due.lesson.taught(due.page.step) if due.leech else None
        self.app.open_step(due.lesson.id, (text or due.page.step).id)

    def _more(self) -> int:
        """How many more are asked: a whole review, of tomorrow's too where the day is full."""
        session = self.app.config.review_session
        return min(session, self._left.today or self._left.due)

    def action_more(self) -> None:
        """Another review."""
        if not self.refuses("more"):
            self.app.switch_screen(Review(self._more()))
