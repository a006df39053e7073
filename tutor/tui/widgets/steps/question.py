"""A question of any kind: asked, read while it is typed, graded, helped with, asked anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from lessons.kit.question import Essay
from tutor.course import requests
from tutor.learner import points
from tutor.report.help import hint_price, solution_offer, solution_price
from tutor.report.question import counted, how_to_answer
from tutor.tui.classroom.pages import Asked, Told
from tutor.tui.widgets.answer import KEYS, Answer
from tutor.tui.widgets.options import Options
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.steps.answered import AnsweredStep, field_for
from tutor.tui.widgets.steps.essay import EssayBody
from tutor.tui.widgets.steps.feedback import Feedback
from tutor.tui.widgets.steps.step import head, head_line
from tutor.tui.widgets.words import Words


class QuestionStep(AnsweredStep):
    """One question step: the variant in hand, or the one that was answered last."""

    DOES: ClassVar = frozenset({"hint", "another", "worked"})
    KEYS: ClassVar = KEYS
    """What is a key on its line while that is idle."""
    DEFAULT_CSS = """
    QuestionStep {
        & > ProseView { margin: 0; }
        & > #body { height: auto; margin: 1 0 0 0; }
        & .line { height: 1; }
        & .prompt { width: 2; color: $primary; }
        & .read-as { color: $foreground 60%; height: auto; min-height: 1; margin: 0 0 0 2; }
    }
    """

    def __init__(self, lesson, page, purpose: str = "lesson") -> None:
        """A question; `purpose` is `lesson` or `review`."""
        super().__init__(lesson, page)
        self.asked: Asked | None = None
        self.told: Told | None = None
        self._purpose = purpose
        self._busy = self._warned = False
        self._hints = 0
        self._feedback = Feedback()

    def compose(self) -> Iterable[Widget]:
        """Empty places, filled as the question goes on."""
        yield head(self, self.step.name, counted(self.step.points))
        yield ProseView(self.page.asked, id="ask")
        body = Vertical(id="body")
        body.display = False
        yield body
        yield self._feedback

    def on_mount(self) -> None:
        """What was answered before stands there."""
        last = self.page.last
        if self.page.done and not self.page.in_hand and last is not None and last.typed:
            self._head_says(f"#{last.seed}", f"{counted(self.page.place.points)} had")
            self._feedback.looked_back(last.outcome, last.typed)

    # The variant

    def begin(self) -> None:
        """Ask; what was answered before is only looked back at."""
        if not self.page.done or self.page.in_hand or self._purpose == "review":
            self._order(lambda c: c.asking.ask(self.lesson, self.step, self._purpose), self._show)
        else:
            super().begin()

    def _order(self, order, then) -> None:
        self._busy = True
        self.app.study.order(order, then, self._failed)

    def _failed(self, error) -> None:
        self._busy = False
        if isinstance(self._field, Answer):
            self._field.mend()
        self.app.notify(error.way_out or "", title=error.what, severity="error", markup=False)

    def _show(self, asked: Asked) -> None:
        """Put up a variant that is to be answered."""
        self._busy = self._warned = False
        if not self.is_attached:
            return
        self.asked, self.told = asked, None
        with self.app.batch_update():
            self.query_one("#ask", ProseView).say(asked.ask)
            self._feedback.clear()
            self._hints = 0
            body = self.query_one("#body")
            body.display = True
            self.put_up(body, field_for(asked, self.KEYS))
            self._stands()
        self.post_message(self.Grew(self))

    def how(self) -> str:
        """What may be typed; a text says that itself."""
        body = self.asked.variant.body
        return "" if isinstance(body, Essay) else how_to_answer(body)

    def _stands(self) -> None:
        """Head, hints and solution as the sitting stands."""
        asked = self.asked
        sitting, of = asked.sitting, self.step.points
        paid = [f"{sitting.misses} of {points.MISSES} misses"] if sitting.misses else []
        if sitting.hints:
            paid.append(f"{sitting.hints} hint{'s' if sitting.hints > 1 else ''}")
        if not sitting.closed:
            after = " after help" if sitting.after_help else ""
            paid.append(f"worth {counted(sitting.worth(of))}{after}")
        self._head_says(f"#{sitting.seed}", *paid)
        self._feedback.helped(asked, self._hints)
        self._hints = len(asked.hints)
        self.screen.refresh_bindings()

    def _head_says(self, seed: str, *paid: str) -> None:
        name = f"{self.step.name} {seed}"
        self.query_one(".head", Words).say(head_line(self, name, " · ".join(paid)))

    # The answer

    @property
    def over(self) -> bool:
        """Whether no answer is waited for: there is none in hand, or it has ended."""
        return self.asked is None or self.asked.sitting.closed

    @property
    def awaited(self) -> bool:
        """While it is being made, too."""
        return not self.over or (self.asked is None and self._busy)

    def keep(self, typed: str) -> None:
        """As the draft of the variant in hand."""
        asked = self.asked
        self.app.study.order(lambda c: c.asking.draft(asked, typed))

    def on_input_changed(self, event: Input.Changed) -> None:
        """What could not be read is no longer what stands there; the base says how this is read."""
        unreadable = self.told is not None and self.told.outcome == "unreadable"
        if unreadable and event.value != self.told.answered.attempt.typed:
            self.told = None
            self._feedback.unjudged()

    def read(self, typed: str) -> None:
        """As this variant's kind is read; what is read is kept with it."""
        asked = self.asked
        self.app.study.order(
            lambda c: (typed, *c.asking.read_as(asked, typed)), lambda told: self.reads(*told)
        )

    @property
    def _ended_missed(self) -> bool:
        """Whether it ended with the last miss; a text is judged by its writer, and has none."""
        missed = self.asked is not None and self.asked.sitting.ending == "missed"
        return missed and not isinstance(self.asked.variant.body, Essay)

    def enter_does(self) -> str:
        """Answer, or go on."""
        if self.over:
            return "fresh variant" if self._ended_missed else "next"
        if self.beside:
            return "back to the answer"
        if request := self.request:
            return self.label(request) if request in self.DOES else request
        if isinstance(self._field, EssayBody):
            return "done" if self._field.judging else "new line"
        return "answer"

    def enter(self) -> bool:
        """Answer; after a right one, go on; after too many misses, ask anew."""
        if self._busy:
            return True
        if self.over:
            if self._ended_missed:
                self.do_another()
            return self._ended_missed
        if self.beside:
            self._enter_field()
            return True
        if request := self.request:
            self._warned |= request == requests.WORKED  # its price stands below the line
            self._carry_out(request)
            return True
        self._answer()
        return True

    def _answer(self) -> None:
        field, typed, asked, spent = self._field, self.typed, self.asked, self.seconds()
        if isinstance(field, EssayBody):
            if field.judging:
                met = field.met
                self._order(
                    lambda c: c.asking.judge(self.step, asked, typed, met, spent), self._tell
                )
            return
        if not typed.strip():
            done = "marked" if isinstance(field, Options) else "typed"
            self._says_read(f"Nothing is {done} yet. {self.how()}")
            return
        if isinstance(field, Answer):
            field.graded()  # at once: what is typed until the verdict is there is the next answer
        self._order(lambda c: c.asking.answer(self.step, asked, typed, spent), self._tell)

    def _tell(self, told: Told) -> None:
        """Say what became of the answer."""
        self._busy = False
        if not self.is_attached:
            return
        self.asked, self.told = told.asked, told
        body, sitting = told.asked.variant.body, told.asked.sitting
        judged = isinstance(body, Essay)
        came = told.came
        if self._ended_missed:
            offer = solution_offer("w", sitting, self.step.points, self.page.points)
            came = f"That was the third miss. Enter asks a fresh variant. {offer}"
        elif judged and sitting.ending == "missed":
            came = f"{told.came} n asks it anew."
        elif self._missed:
            came = self._help_left()
        with self.app.batch_update():
            self._feedback.judged("judged" if judged else told.outcome, told.says, came)
            self._stands()
            self._answered(told)
        self.passed(told.place)
        self.post_message(self.Grew(self))
        self.call_after_refresh(self._show_verdict)

    def _answered(self, told: Told) -> None:
        """What was answered stays to be seen, and how it was read below it."""
        typed, field = told.answered.attempt.typed, self._field
        if isinstance(field, Answer) and told.asked.sitting.closed:
            field.value = typed  # whatever was typed since
        same = self.typed == typed
        if isinstance(field, Options):
            self._says_read(f"You answered {', '.join(typed.split())}.")
        elif same and not isinstance(field, EssayBody):
            self._says_read(f"read as {told.read_as}" if told.read_as else "")
        if told.asked.sitting.closed:
            self._close_body()
        elif isinstance(field, Answer) and told.outcome == "unreadable" and same:
            field.mend()

    def _show_verdict(self) -> None:
        if self.is_attached and self.has_class("-at"):
            self._feedback.show_verdict()

    @property
    def _missed(self) -> bool:
        """Whether the last answer was a miss, and another one is waited for."""
        outcome = self.told.outcome if self.told else "right"
        return outcome not in ("right", "judged", "unreadable", "imprecise") and not self.over

    def _help_left(self) -> str:
        sitting = self.asked.sitting
        if len(self.asked.variant.body.hints) == sitting.hints:
            return "Try again, or see the solution with w."
        return f"Try again; or h gives a hint{hint_price(sitting, self.step.points)}."

    def _close_body(self) -> None:
        """Nothing more is typed; what was typed stays to be seen."""
        self._field.disabled = True
        self.focus(scroll_visible=False)

    # Help, at its price

    def label(self, action: str) -> str:
        """The footer's word, with the price."""
        if action == "hint" and not self.over:
            price = self.asked.sitting.hint_costs(self.step.points)
            return f"hint −{price:.2g}" if price else "hint"
        return {"hint": "hint", "another": "new variant", "worked": "solution"}[action]

    def why_not(self, action: str) -> str:
        """What there is no more of."""
        if action == "another" and self.asked is None and self.page.done:
            return ""
        if action in self.DOES and self.asked is None:
            return "The question is still being made." if self._busy else "n asks it anew."
        if action == "hint":
            if self.over:
                return "This variant is over; n asks a fresh one."
            if len(self.asked.hints) == len(self.asked.variant.body.hints):
                return "There is no further hint. w shows the worked solution."
        if action == "worked" and self.asked.worked:
            return "The worked solution is shown already."
        return super().why_not(action)

    def would(self, request: str) -> str:
        """Help says its price before it is paid."""
        of = self.step.points
        if request not in self.DOES or self.why_not(request):
            return super().would(request)
        if request == requests.HINT:
            does = f"takes the next hint{hint_price(self.asked.sitting, of)}"
        elif request == requests.ANOTHER:
            does = "asks the same with other numbers"
        else:
            price = solution_price(self.asked.sitting, of, self.page.points)
            does = f"shows the solution{f', and {price}' if price else ''}"
        return f"⏎ {does}. Type on to answer."

    def do_hint(self) -> None:
        """One more hint."""
        if not self._busy:
            asked = self.asked
            self._order(lambda c: c.asking.hint(asked), self._helped)

    def do_worked(self) -> None:
        """The worked solution; where it has a price that was not said, it is asked for twice."""
        price = solution_price(self.asked.sitting, self.step.points, self.page.points)
        said = self._warned or self.asked.sitting.ending == "missed"
        if price and not said:
            self._warned = True
            self._says_read(f"The solution {price}, this variant and others. w again opens it.")
        elif not self._busy:
            asked = self.asked
            self._order(lambda c: c.asking.worked(asked), self._helped)

    def _helped(self, asked: Asked) -> None:
        self._busy = False
        if self.is_attached:
            self.asked = asked
            if self._warned and asked.worked:
                self._says_read("")
            if self._missed:
                self._feedback.say(self._help_left())
            self._stands()
            if self.asked.sitting.closed:  # a review ends with its solution
                self._close_body()
            self.post_message(self.Grew(self))

    def do_another(self) -> None:
        """A fresh variant."""
        if self._busy:
            return
        asked = self.asked
        if asked is None:
            self._order(lambda c: c.asking.ask(self.lesson, self.step, self._purpose), self._show)
        else:
            self._order(lambda c: c.asking.another(self.lesson, self.step, asked), self._show)
