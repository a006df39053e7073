"""A lab: its controls, and the figure that follows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.widget import Widget

from engine.errors import SpecError
from engine.figures import Figure, UnknownFigure
from lessons.kit.bench.request import Ended
from lessons.kit.controls import Value
from lessons.kit.lab import Lab
from tutor.report.drawing.held import held
from tutor.report.saving.shown import Shown, shown
from tutor.tui.classroom.pages import LabPage
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.figure import FigureView
from tutor.tui.widgets.steps.step import StepView, head, head_line
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from tutor.course.predictions import Compared


class LabStep(StepView):
    """Quick labs are computed on the bench, long ones as runs."""

    DOES: ClassVar = frozenset({"figure", "copy", "pin", "cancel"})
    DEFAULT_CSS = """
    LabStep {
        & > .about, & > .status, & > .compared, & > .label { height: auto; color: $foreground 60%; }
        & > .compared { color: $foreground; }
        & > Controls { margin: 1 0 0 0; }
        & > FigureView { margin: 1 0 0 0; }
        & > .label { margin: 1 0 0 0; }
    }
    """

    class Computed(Message):
        """What came of a request, from the bench's thread."""

        def __init__(self, ended: Ended) -> None:
            """All of it."""
            super().__init__()
            self.ended = ended

    def __init__(self, lesson, page) -> None:
        """Nothing is computed before the learner is here."""
        super().__init__(lesson, page)
        self.lab: Lab | None = None
        self.figure: Figure | None = None
        self.ready: LabPage | None = None
        self._values: Mapping[str, Value] = {}
        self._recorded: Mapping[str, Value] | None = None
        self._controls: Controls | None = None
        self._view: FigureView | None = None
        self._pinned: FigureView | None = None
        self._held: list[Compared] = []
        """What was predicted of the figure."""
        self._run = 0
        self._refused = ""
        """Why what is typed into a control is no value."""
        self._status = Words(classes="status")
        self._compared = Words(classes="compared")

    def compose(self) -> Iterable[Widget]:
        """The head; controls and figure come with the learner, who was here before or was not."""
        yield head(self, self.step.name)
        yield self._status
        last = self.page.last
        if self.page.done and last is not None and last.outcome == "computed":
            at = f" at {last.typed}" if last.typed else ""
            self._say(f"✓ You looked at it{at}. Its figure comes when you go there.")
        else:
            self._say("")

    def begin(self) -> None:
        """Read the lab's declaration."""
        self.app.study.order(lambda c: c.lab(self.lesson, self.step), self._declared, self._fails)
        self._say("The lab is being set up …")

    def _fails(self, error) -> None:
        self._say(str(error))

    def _declared(self, ready: LabPage) -> None:
        if not self.is_attached:
            return
        self.ready, self.lab, self._values = ready, ready.lab, ready.values
        self.query_one(".head", Words).say(head_line(self, self.lab.name))
        self._controls = Controls(self.lab.parameters, self._values)
        self._view = FigureView(symbols=self.app.symbols)
        about = Words(self.lab.about, classes="about")
        self._compared.display = False
        self.mount(about, self._controls, before=self._status)
        self.mount(self._compared, self._view)
        self.call_after_refresh(self._is_set_up)
        if self.lab.long:
            self.watch(self.app, "seen", self._follow)
            self._find_run()
        else:
            self._compute()

    def _is_set_up(self) -> None:
        self.take_focus()
        self.post_message(self.Ready(self))

    def take_focus(self) -> None:
        """The controls."""
        if self.has_class("-at"):
            there = self._controls is not None and self._controls.can_focus
            (self._controls if there else self).focus(scroll_visible=False)

    def at(self, here: bool) -> None:
        """Whoever goes leaves a note of the values looked at last."""
        super().at(here)
        if here and self.figure is not None:
            self._compare(self.figure)  # a number may have been named since
        if not here and self.figure is not None and self._recorded != self._values:
            self._record()

    # Computing

    def on_controls_changed(self, event: Controls.Changed) -> None:
        """Other values: another figure."""
        event.stop()
        self._values, self._refused = event.values, ""
        if self.lab.long:
            self._find_run()
        else:
            self._compute()

    def on_figure_view_bit_clicked(self, event: FigureView.BitClicked) -> None:
        """A click on a bit flips it, in a lab that can; on the flipped one, flips it back."""
        event.stop()
        if self._controls is not None and "flip" in self._values:
            place = event.place + 1
            self._controls.set("flip", 0 if self._values["flip"] == place else place)

    def on_controls_refused(self, event: Controls.Refused) -> None:
        """Say what can be typed, until something else is."""
        event.stop()
        if event.why or self._refused:
            self._refused = event.why
            self._say(event.why)

    def _compute(self) -> None:
        self._say("" if self.figure is not None else "Computing; the first figure takes a moment …")
        folder, name, values = self.lesson.folder, self.lab.name, dict(self._values)
        self.app.bench.submit(folder, name, values, self._ended)

    def _ended(self, ended: Ended) -> None:
        self.post_message(self.Computed(ended))

    def on_lab_step_computed(self, message: Computed) -> None:
        """A figure, or why there is none."""
        ended = message.ended
        if ended.error is not None:
            error = ended.error
            self._say(error.way_out if isinstance(error, SpecError) else str(error))
        elif ended.figure is not None:
            self._show(ended.figure)

    def _say(self, words: str) -> None:
        self._status.say(words)
        self._status.display = bool(words)

    def _show(self, figure: Figure) -> None:
        self.figure = self._view.figure = figure
        self._held = []
        self._say(self._refused)
        self._compare(figure)
        if self._recorded is None:
            self._record()
        self.screen.refresh_bindings()

    def _compare(self, figure: Figure) -> None:
        """Hold the figure against what was predicted, where the controls stand as it was about."""
        from tutor.course.measuring import about

        values = dict(self._values)
        self._compared.display = False
        if about(self.lesson, self.lab, values):
            self.app.study.order(
                lambda c: (values, c.measure(self.lesson, self.lab, values, figure)),
                lambda measured: self._measured(*measured),
            )

    def _measured(self, values: Mapping[str, Value], compared: list[Compared]) -> None:
        from tutor.course.predictions import told

        if self.is_attached and values == self._values and self.figure is not None:
            self._held = compared
            self._view.figure = held(self.figure, compared)
            self._compared.say("\n".join(map(told, compared)))
            self._compared.display = bool(compared)

    def _record(self) -> None:
        self._recorded = dict(self._values)
        typed = " ".join(f"{each.name}={each.written(self._values[each.name])}"
                         for each in self.lab.parameters)  # fmt: skip
        spent, step = self.seconds(), self.step
        self.app.study.order(lambda c: c.computed(step, typed, spent), self.passed)

    # A long lab is a run

    def _find_run(self) -> None:
        """The newest run of these very values, if there is one."""
        self._run = next(
            (
                run.id
                for run in self.app.seen.runs
                if run.kind == "lab"
                and run.spec.get("lab") == self.lab.name
                and run.spec.get("lesson") == self.lesson.id
                and dict(run.spec.get("values", {})) == dict(self._values)
                and run.state not in ("failed", "cancelled")
            ),
            0,
        )
        self.figure = None
        self._follow(self.app.seen)
        if not self._run:
            self._say("This takes a while, so it is a run. Enter starts it with these values.")

    def _follow(self, seen) -> None:
        run = seen.run(self._run) if self._run else None
        if run is None:
            return
        if run.state == "finished":
            if self.figure is None:
                self._show_of(run)
        elif run.state == "failed":
            self._say(f"Run {run.id} failed: {(run.error or {}).get('what', '')}")
        else:
            from tutor.tutorial import run_words as wording

            self._say(f"Run {run.id}: {wording.far(run) or wording.state(run)}")
        self.screen.refresh_bindings()

    def _show_of(self, run) -> None:
        from lessons.kit.worker.lab import figure

        try:
            made = figure(run)
        except UnknownFigure as error:
            self._say(str(error))
        else:
            self._show(made)

    def _start(self) -> None:
        from lessons.kit.worker.lab import LabSpec

        spec = LabSpec(self.lesson.id, self.lab.name, dict(self._values))
        self._say("The run is being queued …")

        def started(run_id: int) -> None:
            self._run = run_id
            self._follow(self.app.seen)

        self.app.order(lambda desk: desk.client.submit(spec.kind, spec), started)

    # Keys

    def enter_does(self) -> str:
        """A long lab is run; then one goes on."""
        if self._controls is not None and self._controls.typing is not None:
            return "done"
        return "run" if self._may_start() else "next"

    def enter(self) -> bool:
        """Run a long lab that was not run yet; else go on."""
        if self._may_start():
            self._start()
            return True
        return False

    def _may_start(self) -> bool:
        return bool(self.lab and self.lab.long and not self._run and self.figure is None)

    def why_not(self, action: str) -> str:
        """A figure is needed."""
        if action in ("figure", "copy", "pin") and self.figure is None:
            return "There is no figure yet."
        if action == "cancel":
            return "" if self._run and self.figure is None else "Nothing computes here."
        return super().why_not(action)

    def label(self, action: str) -> str:
        """The pin's word depends on whether there is one."""
        words = {"figure": "full screen", "copy": "copy", "cancel": "cancel"}
        return words.get(action, "pin" if self._pinned is None else "pin this")

    def do_figure(self) -> None:
        """The figure, as large as the window."""
        self.app.open_figure(f"{self.lesson.title} › {self.lab.name}", self._shown())

    def do_copy(self) -> None:
        """The numbers, onto the clipboard."""
        self.app.copy_figure(self._shown(), way="full screen (g), s")

    def _shown(self) -> Shown:
        return shown(self.lesson.title, self.lab, self._values, self.figure, self._held)

    def do_pin(self) -> None:
        """Keep this figure under the next ones."""
        values = ", ".join(
            f"{each.label} {each.written(self._values[each.name])}" for each in self.lab.parameters
        )
        if self._pinned is None:
            self._label = Words(classes="label")
            self._pinned = FigureView(symbols=self.app.symbols)
            self.mount(self._label, self._pinned)
        self._label.say(f"Pinned: {values}")
        self._pinned.figure = self._view.figure

    def do_cancel(self) -> None:
        """End the run for good."""
        self.app.cancel(self._run)
        self._run = 0
        self._say("Cancelled. Enter starts it anew.")
        self.screen.refresh_bindings()
