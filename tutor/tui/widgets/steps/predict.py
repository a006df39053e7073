"""A prediction: a number is named before the lab may run, then held against what it measures."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from lessons.kit.bench.request import Ended
from tutor.tui.classroom.pages import Predicted
from tutor.tui.widgets.answer import Answer
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.steps.answered import AnsweredStep
from tutor.tui.widgets.steps.step import head
from tutor.tui.widgets.words import Words


class PredictStep(AnsweredStep):
    """One number, and what was measured."""

    DEFAULT_CSS = """
    PredictStep {
        & > .line { height: 1; margin: 1 0 0 0; }
        & .prompt { width: 2; color: $primary; }
        & > .read-as { color: $foreground 60%; height: auto; min-height: 1; margin: 0 0 0 2; }
        & > .compared { height: auto; }
    }
    """

    class Computed(Message):
        """What came of the lab, from the bench's thread."""

        def __init__(self, ended: Ended) -> None:
            """All of it."""
            super().__init__()
            self.ended = ended

    def __init__(self, lesson, page) -> None:
        """Not predicted yet, unless the record says so."""
        super().__init__(lesson, page)
        self._field = Answer("your guess")
        self._field.disabled = page.done and page.last is not None
        self._compared = Words(classes="compared")
        self._compared.display = False
        self._told = False
        """Whether what was measured is shown."""
        self._busy = False

    def compose(self) -> Iterable[Widget]:
        """What is asked, and a line."""
        yield head(self, "a number before you see it")
        yield ProseView(self.page.text)
        yield Horizontal(Static("> ", classes="prompt"), self._field, classes="line")
        yield self._read_as
        yield self._compared

    def on_mount(self) -> None:
        """What was said before stands there."""
        self._says_read(self.how())
        if self.over:
            last = self.page.last
            self._field.value = last.typed
            self._says_read(f"read as {last.read_as}" if last.read_as else "")
        else:
            self._field.value = self.page.draft
        self.call_after_refresh(self._has_come)

    def how(self) -> str:
        """Of which unit it is."""
        unit = self.step.settings["unit"]
        return (
            f"A number, in {unit}. Any guess will do." if unit else "A number. Any guess will do."
        )

    def _tell(self, words: str) -> None:
        self._compared.say(words)
        self._compared.display = True

    def at(self, here: bool) -> None:
        """A number that was named before may have been measured by now; else it is measured."""
        super().at(here)
        if here and self.over and not self._told:
            self.app.study.order(lambda c: c.predicted(self.lesson, self.step), self._follow)

    def keep(self, typed: str) -> None:
        """As the draft of this step."""
        step = self.step
        self.app.study.order(lambda c: c.half_named(step, typed))

    def read(self, typed: str) -> None:
        """As a number of its unit."""
        step = self.step
        self.app.study.order(
            lambda c: (typed, *c.read_guess(step, typed)), lambda told: self.reads(*told)
        )

    @property
    def over(self) -> bool:
        """Whether a number was named."""
        return self._field.disabled

    @property
    def awaited(self) -> bool:
        """Until a number was named."""
        return not self.over

    def enter_does(self) -> str:
        """Predict, or go on."""
        if self.beside:
            return "back to the answer"
        return "next" if self.over else self.request or "predict"

    def enter(self) -> bool:
        """Take the number."""
        if self.over:
            return False
        if self.beside:
            self._enter_field()
            return True
        if request := self.request:
            self._carry_out(request)
            return True
        typed, spent, step = self._field.value, self.seconds(), self.step
        if not typed.strip():
            self._says_read(f"Nothing is typed yet. {self.how()} s skips it.")
        elif not self._busy:
            self._busy = True
            self.app.study.order(
                lambda c: c.predict(self.lesson, step, typed, spent), self._taken, self._fails
            )
        return True

    def _fails(self, error) -> None:
        self._busy = False
        self._says_read(str(error))

    def _taken(self, predicted: Predicted) -> None:
        self._busy = False
        if not self.is_attached:
            return
        if not predicted.readable:
            self._says_read(f"Not read, so nothing was taken down: {predicted.words}")
            return
        self._field.disabled = True
        self._says_read(f"read as {predicted.words}")
        self.focus(scroll_visible=False)
        self._follow(predicted)
        self.passed(predicted.place)

    def _follow(self, predicted: Predicted) -> None:
        """Say what was measured; where nothing was yet, measure it."""
        if not self.is_attached or not predicted.readable:
            return
        if predicted.measured:
            self._measured(predicted.measured)
        elif predicted.long:
            self._tell("Noted. The lab below measures it.")
        else:
            self._tell("Measuring …")
            settings = self.step.settings
            self.app.bench.submit(
                self.lesson.folder, settings["lab"], dict(settings["set"]), self._ended
            )

    def _measured(self, words: str) -> None:
        if self.is_attached and words:
            self._told = True
            self._tell(words)

    def _ended(self, ended: Ended) -> None:
        self.post_message(self.Computed(ended))

    def on_predict_step_computed(self, message: Computed) -> None:
        """Hold the number against the figure."""
        ended = message.ended
        if ended.error is not None:
            self._tell(str(ended.error))
        elif ended.figure is None:
            self._tell("Noted. The lab below measures it.")
        else:
            figure, step = ended.figure, self.step
            self.app.study.order(lambda c: c.hold(step, figure), self._measured, self._fails)
