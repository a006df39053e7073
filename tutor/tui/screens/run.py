"""One run: what it does, how far, how long, how well; then the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.widget import Widget

from engine.figures import UnknownFigure
from engine.kinds.kind import KINDS
from lessons.kit.worker import lab as lab_run
from tutor.tui.keys import key
from tutor.tui.screens import against, control
from tutor.tui.screens.room import Room
from tutor.tui.widgets import answer_rows as judged
from tutor.tui.widgets.curve import Curve
from tutor.tui.widgets.figure import FigureView
from tutor.tui.widgets.reading import Reading
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.words import Cropped, Words
from tutor.tui.words import run as outcome
from tutor.tutorial import run_curve as figures

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import Snapshot, View

LATEST = 200
"""Samples in this screen's list; the audit shows all of them."""


class RunRoom(Room):
    """Follows one run; the run itself belongs to the worker."""

    about = "A run"
    BINDINGS: ClassVar = [
        key("space", "pause_or_resume", "pause", "Pause this run, or let it go on."),
        key("c", "cancel", "cancel", "End this run for good; asks first."),
        key("e", "samples", "audit", "Every answer as three judges see it; filter them."),
        key("v", "compare", "compare", "Compare this run with another on the same problems."),
        key("l", "log", "log", "The run's log."),
        key("s", "settings", "settings", "Result, settings and record: all that is known of it."),
        key("g", "curve", "curve", "The curve alone, or everything again."),
    ]

    def __init__(self, run_id: int) -> None:
        """`run_id` is the run's number."""
        super().__init__()
        self.run_id = run_id
        self._listed = 0

    @property
    def seen(self) -> View | None:
        """The latest view of this run, if it was read yet."""
        view = self.app.view
        return view if view is not None and view.run.id == self.run_id else None

    @property
    def complete(self) -> bool:
        """Whether all that there is to show is on the screen, the curve too."""
        if self.seen is None or not self.is_mounted:
            return False
        return self.query_one(Curve).figure == figures.figure(self.seen)

    def where(self) -> str:
        """The run's number and what it does."""
        run = self.seen.run if self.seen else self.app.seen.run(self.run_id)
        return f"Runs › {self.run_id} {run.title}" if run else f"Runs › {self.run_id}"

    def body(self) -> Iterable[Widget]:
        """Progress on top; curve and settings; samples; log."""
        yield Words(id="head")
        with Container(id="run"):
            with Vertical(id="drawn"):
                yield Words(id="caption", classes="muted")
                yield Curve(self.app.symbols, id="curve")
                with VerticalScroll(id="made-scroll", can_focus=False):
                    yield FigureView(symbols=self.app.symbols, id="made")
            yield Cropped("s shows all of it", id="facts")
            with Vertical(id="judged"):
                yield Words(judged.HEADER, id="header", classes="muted")
                yield Rows(id="samples", follows=True, empty="Nothing was judged yet.")
            yield Words(id="log")

    def show(self, seen: Snapshot) -> None:
        """What a queued run waits for may have changed."""
        if self.seen is not None:
            self._write_head()

    def on_mount(self) -> None:
        """Follow the run."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.watch(self.app, "view", self._viewed)

    def on_screen_resume(self) -> None:
        """This run is looked at, whatever was looked at before."""
        super().on_screen_resume()
        self.app.look_at(self.run_id)
        self._viewed(self.app.view)

    def _viewed(self, _: object) -> None:
        view = self.seen
        if view is None or not self.in_sight:
            return
        self._top.where = self.where()
        kind = KINDS.get(view.run.kind)
        over = view.run.state in ("finished", "failed", "cancelled")
        unjudged = (kind is not None and not kind.answers) or (over and not view.samples)
        self.set_class(unjudged, "-unjudged")
        self.set_class(view.run.kind == lab_run.KIND, "-lab")
        if len(view.samples) != self._listed:
            first = max(0, len(view.samples) - LATEST)
            self.query_one(Rows).show(judged.rows(view.samples[first:], first))
            self._listed = len(view.samples)
        self.query_one("#facts", Words).say(outcome.facts(view.run))
        self._write_head()
        self._write_log()
        self._draw()
        self.refresh_bindings()

    def _draw(self) -> None:
        if self.seen is None:
            return
        figure = figures.figure(self.seen)
        self.query_one("#caption", Words).say(figure.caption)
        curve = self.query_one(Curve)
        curve.display = bool(figure.lines)
        curve.figure = figure
        try:
            made = lab_run.figure(self.seen.run)
        except UnknownFigure as error:
            made = None
            self.query_one("#caption", Words).say(str(error))
        shown = self.query_one("#made", FigureView)
        if made is not None and shown.figure != made:
            shown.figure = made
            around = self.query_one("#made-scroll")
            around.can_focus = True
            around.focus()

    def _write_head(self) -> None:
        head = self.query_one("#head", Words)
        width = max(20, self.size.width - 4)
        head.say(outcome.head(self.seen, width, self.app.seen.runs))

    def _write_log(self) -> None:
        log = self.query_one("#log", Words)
        lines = self.seen.log[-max(1, log.content_size.height) :]
        log.say("\n".join(outcome.without_date(line) for line in lines) or "The log is empty.")

    def on_resize(self) -> None:
        """The bar and the log have another size."""
        super().on_resize()
        if self.seen:
            self.call_after_refresh(self._write_head)
            self.call_after_refresh(self._write_log)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The whole of a sample."""
        sample = self.seen.samples[event.value]
        self.app.push_screen(Reading(judged.title(sample, event.value), judged.in_full(sample)))

    def label_of(self, binding: Binding) -> str:
        """Space pauses or resumes."""
        if binding.action == "pause_or_resume" and self.seen:
            return control.word(self.seen.run)
        return binding.description

    def why_not(self, action: str) -> str:
        """What this run cannot do as it stands."""
        if self.seen is None:
            return "" if action in ("leave", "open") else "The run is still being read."
        run = self.seen.run
        if action in ("pause_or_resume", "cancel"):
            return control.why_not(action, run)
        if action in ("samples", "open") and not self.seen.samples:
            kind = KINDS.get(run.kind)
            return (kind.unjudged if kind else "") or "Nothing was judged yet."
        if action == "compare":
            return against.why_not(run, self.app.seen.runs)
        return ""

    def action_pause_or_resume(self) -> None:
        """Pause what goes on, resume what stands still."""
        if not self.refuses("pause_or_resume"):
            control.pause_or_resume(self.app, self.seen.run)

    def action_cancel(self) -> None:
        """End it for good, if the learner says so twice."""
        if not self.refuses("cancel"):
            control.cancel(self.app, self.seen.run)

    def action_samples(self) -> None:
        """All answers, with a filter."""
        if not self.refuses("samples"):
            from tutor.tui.screens.predictions import Predictions

            self.app.push_screen(Predictions(self.run_id))

    def action_compare(self) -> None:
        """This run with another."""
        if not self.refuses("compare"):
            against.compare(self.app, self.seen.run)

    def action_log(self) -> None:
        """The log, as it grows."""
        if not self.refuses("log"):
            self.app.push_screen(Reading(f"Log of run {self.run_id}", self._log_text, follows=True))

    def _log_text(self) -> str:
        lines = "\n".join(self.seen.log) or "The log is empty."
        return f"The whole log: {self.seen.log_path}\n\n{lines}"

    def action_settings(self) -> None:
        """All that is known of the run."""
        if not self.refuses("settings"):
            self.app.push_screen(
                Reading(
                    f"Run {self.run_id}", lambda: outcome.record(self.seen.run, self.app.seen.runs)
                )
            )

    def action_curve(self) -> None:
        """The curve alone."""
        self.toggle_class("-curve-alone")

    def action_leave(self) -> None:
        """From the curve alone to the run; from the run to where one came from."""
        if self.has_class("-curve-alone"):
            self.action_curve()
        else:
            super().action_leave()
