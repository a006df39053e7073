"""A question of any kind: asked, read while it is typed, graded, helped with, asked anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from lessons.kit.question import Choice, Essay
from tutor.learner import points
from tutor.pages import Asked, Told
from tutor.report.help import hint_price, solution_offer, solution_price
from tutor.report.question import counted, how_to_answer
from tutor.widgets.answer import Answer
from tutor.widgets.options import Options
from tutor.widgets.prose import ProseView
from tutor.widgets.steps.essay import EssayBody
from tutor.widgets.steps.step import StepView, head, head_line
from tutor.widgets.words import Words

SIGNS = {
    "right": ("✓", "bold $success"), "imprecise": ("≈", "bold $warning"),
    "unreadable": ("?", "bold $warning"), "judged": ("●", "bold $primary"),
}  # fmt: skip
"""What stands before a verdict; anything else is not right yet."""
WRONG = ("✗", "bold $error")


class QuestionStep(StepView):
    """One question step: the variant in hand, or the one that was answered last."""

    DOES: ClassVar = frozenset({"hint", "another", "worked"})
    DEFAULT_CSS = """
    QuestionStep {
        & > ProseView { margin: 0; }
        & > #body { height: auto; margin: 1 0 0 0; }
        & .line { height: 1; }
        & .prompt { width: 2; color: $primary; }
        & .read-as { color: $foreground 60%; height: auto; min-height: 1; margin: 0 0 0 2; }
        & > #hints > ProseView { margin: 1 0 0 0; }
        & > #hints { height: auto; }
        & > #verdict, & > #worked { margin: 1 0 0 0; }
        & > #came { color: $foreground 60%; height: auto; }
    }
    """

    def __init__(self, lesson, page, purpose: str = "lesson") -> None:
        """A question; `purpose` is `lesson` or `review`."""
        super().__init__(lesson, page)
        self.asked: Asked | None = None
        self.told: Told | None = None
        self._purpose = purpose
        self._busy = self._warned = False
        self._field: Answer | Options | EssayBody | None = None
        self._read_as = Words(classes="read-as")
        self._hints = 0

    def compose(self) -> Iterable[Widget]:
        """Empty places, filled as the question goes on."""
        yield head(self, self.step.name, counted(self.step.points))
        yield ProseView(self.page.asked, id="ask")
        body = Vertical(id="body")
        body.display = False
        yield body
        yield Vertical(id="hints")
        yield ProseView(id="verdict")
        yield Words(id="came")  # what came of it, in a line
        yield ProseView(id="worked")

    def on_mount(self) -> None:
        """What was answered before stands there."""
        self._say_came("")
        last = self.page.last
        if self.page.done and last is not None and last.typed:
            sign, style = SIGNS.get(last.outcome, WRONG)
            words = Content.assemble((f"{sign} ", style), f"You answered {last.typed}")
            self._head_says(f"#{last.seed}", f"{counted(self.page.place.points)} had")
            self._say_came(words)

    # The variant

    def begin(self) -> None:
        """Ask; what was answered before is only looked back at."""
        if not self.page.done or self._purpose == "review":
            self._order(lambda c: c.asking.ask(self.lesson, self.step, self._purpose), self._show)

    def _order(self, order, then) -> None:
        self._busy = True
        self.app.study.order(order, then, self._failed)

    def _failed(self, error) -> None:
        self._busy = False
        self.app.notify(error.way_out or "", title=error.what, severity="error", markup=False)

    def _show(self, asked: Asked) -> None:
        """Put up a variant that is to be answered."""
        self._busy = self._warned = False
        if not self.is_attached:
            return
        self.asked, self.told = asked, None
        with self.app.batch_update():
            self.query_one("#ask", ProseView).say(asked.ask)
            self.query_one("#verdict", ProseView).say(())
            self._say_came("")
            self.query_one("#hints").remove_children()
            self._hints = 0
            self._put_up_body(asked)
            self._stands()
        self.post_message(self.Grew(self))

    def _put_up_body(self, asked: Asked) -> None:
        body, kind = self.query_one("#body"), asked.variant.body
        body.remove_children()
        body.display = True
        self._read_as = Words(classes="read-as")
        if isinstance(kind, Choice):
            self._field = Options(asked.options, several=kind.several)
            body.mount(self._field, self._read_as)
        elif isinstance(kind, Essay):
            self._field = EssayBody(kind, asked.sitting.draft)
            body.mount(self._field, self._read_as)
        else:
            self._field = Answer()
            self._field.value = asked.sitting.draft  # as a tutor that was killed has left it
            line = Horizontal(Static("> ", classes="prompt"), self._field, classes="line")
            body.mount(line, self._read_as)
        self._says_read(how_to_answer(kind))
        self.call_after_refresh(self.take_focus)

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
        self.query_one("#worked", ProseView).say(
            asked.worked, Content.styled("Worked solution", "bold") if asked.worked else None
        )
        for place in range(self._hints, len(asked.hints)):
            before = Content.styled(f"Hint {place + 1}", "bold $primary")
            self.query_one("#hints").mount(ProseView(asked.hints[place], before=before))
        self._hints = len(asked.hints)
        self.screen.refresh_bindings()

    def _say_came(self, words: Content | str) -> None:
        came = self.query_one("#came", Words)
        came.say(words)
        came.display = bool(words)

    def _head_says(self, seed: str, *paid: str) -> None:
        name = f"{self.step.name} {seed}"
        self.query_one(".head", Words).say(head_line(self, name, " · ".join(paid)))

    # The answer

    @property
    def typed(self) -> str:
        """What is typed or marked now."""
        if self._field is None:
            return ""
        return self._field.value if isinstance(self._field, Answer) else self._field.typed

    @property
    def over(self) -> bool:
        """Whether no answer is waited for: there is none in hand, or it has ended."""
        return self.asked is None or self.asked.sitting.closed

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how it is read, while it is typed."""
        event.stop()
        self.screen.refresh_bindings()
        asked, typed = self.asked, event.value
        if asked is None:
            return
        if not typed.strip():
            self._says_read(how_to_answer(asked.variant.body))
            self.app.study.order(lambda c: c.asking.draft(asked, ""))
            return
        self.app.study.order(
            lambda c: (typed, *c.asking.read_as(asked, typed)), lambda told: self._read(*told)
        )

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep a text while it is written."""
        event.stop()
        asked, text = self.asked, event.text_area.text
        if asked is not None and not self.over:
            self.app.study.order(lambda c: c.asking.draft(asked, text))

    def _read(self, typed: str, words: str, readable: bool) -> None:
        if self.is_attached and typed == self.typed and not self.over:
            self._says_read(f"read as {words}" if readable else f"not read yet: {words}")

    def _says_read(self, words: str) -> None:
        self._read_as.say(words)

    def enter_does(self) -> str:
        """Answer, or go on."""
        if self.over:
            ended = self.asked is not None and self.asked.sitting.ending == "missed"
            return "fresh variant" if ended else "next"
        return "answer"

    def enter(self) -> bool:
        """Answer; after a right one, go on; after too many misses, ask anew."""
        if self._busy:
            return True
        if self.over:
            if self.asked is not None and self.asked.sitting.ending == "missed":
                self.do_another()
                return True
            return False
        essay = self._field if isinstance(self._field, EssayBody) else None
        if essay and not essay.ready():
            return True
        typed, asked, spent = self.typed, self.asked, self.seconds()
        if not typed.strip():
            done = "marked" if isinstance(self._field, Options) else "typed"
            self._says_read(f"Nothing is {done} yet. {how_to_answer(asked.variant.body)}")
        elif essay:
            met = essay.met
            self._order(lambda c: c.asking.judge(self.step, asked, typed, met, spent), self._tell)
        else:
            self._order(lambda c: c.asking.answer(self.step, asked, typed, spent), self._tell)
        return True

    def _tell(self, told: Told) -> None:
        """Say what became of the answer."""
        self._busy = False
        if not self.is_attached:
            return
        self.asked, self.told = told.asked, told
        sign, style = SIGNS.get(told.outcome, WRONG)
        came = told.came
        if told.asked.sitting.ending == "missed":
            offer = solution_offer("w", told.asked.sitting, self.step.points, self.page.points)
            came = f"That was the third miss. Enter asks a fresh variant. {offer}"
        elif self._missed:
            came = self._help_left()
        with self.app.batch_update():
            self.query_one("#verdict", ProseView).say(told.says, Content.styled(sign, style))
            self._say_came(came)
            self._stands()
            if told.asked.sitting.closed:
                self._close_body()
            elif isinstance(self._field, Answer) and told.outcome != "unreadable":
                self._field.graded()
        self.passed(told.place)
        self.post_message(self.Grew(self))

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
        self._says_read(f"read as {self.told.read_as}" if self.told.read_as else "")
        self.focus(scroll_visible=False)

    def take_focus(self) -> None:
        """The line, the options or the text; the step itself where nothing is asked."""
        if self.has_class("-at"):
            field = self._field
            there = field is not None and not field.disabled
            (field if there else self).focus(scroll_visible=False)

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
                self._say_came(self._help_left())
            self._stands()
            if self.asked.sitting.closed:  # a review ends with its solution
                self._field.disabled = True
                self.focus(scroll_visible=False)
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
