"""All runs, the newest first; a filter; Enter opens one."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from tutor import wording
from tutor.keys import key
from tutor.screens import against
from tutor.screens.room import Room
from tutor.widgets.rows import Row, Rows, sides
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.watch import Snapshot

NONE_YET = (
    "No run yet. t opens the tutorial, where Run starts one; the commands do it too: "
    "tutor run --help."
)
FILTERS = ("all", "going on", "score", "teach", "fine-tune", "sample", "cascade")
"""By what still happens, and by kind."""


class Runs(Room):
    """The table of runs."""

    about = "Runs"
    BINDINGS: ClassVar = [
        key("f", "filter(1)", "filter", "Show only some: those going on, or one kind."),
        key("F", "filter(-1)", "filter back", "The filter before this one.", show=False),
        key("v", "compare", "compare", "Compare the marked run with another on the same problems."),
        key("t", "app.tutorial", "tutorial", "The tutorial: its five stages."),
    ]

    def __init__(self) -> None:
        """Shows all of them at first."""
        super().__init__()
        self._filter = "all"

    def where(self) -> str:
        """A place of its own."""
        return "Runs"

    def body(self) -> Iterable[Widget]:
        """What is shown, and the table."""
        yield Words(id="count", classes="muted")
        yield Rows(id="runs", empty=NONE_YET)

    def show(self, seen: Snapshot) -> None:
        """The runs as they stand."""
        runs = [run for run in seen.runs if _is(run, self._filter)]
        rows = self.query_one(Rows)
        rows.empty = (
            "None of the runs is of this kind now. f shows others." if seen.runs else NONE_YET
        )
        rows.show([_row(run) for run in runs])
        words = f"{self._filter}: {len(runs)} of {len(seen.runs)} runs"
        self.query_one("#count", Words).say(f"  {seen.trouble or words}")

    def label_of(self, binding: Binding) -> str:
        """The filter's key says what comes next."""
        return f"show {self._after(1)}" if binding.action == "filter(1)" else binding.description

    def why_not(self, action: str) -> str:
        """A filter needs something to leave out."""
        if action.startswith("filter") and not self.app.seen.runs:
            return "There is no run to filter yet."
        if action == "compare":
            return against.why_not(self._marked(), self.app.seen.runs)
        return ""

    def _marked(self) -> Run | None:
        return self.app.seen.run(self.query_one(Rows).value)

    def _after(self, by: int) -> str:
        return FILTERS[(FILTERS.index(self._filter) + by) % len(FILTERS)]

    def action_filter(self, by: int) -> None:
        """The next filter, or the one before."""
        if not self.refuses("filter"):
            self._filter = self._after(by)
            self.show(self.app.seen)
            self.refresh_bindings()

    def action_compare(self) -> None:
        """The marked run with another."""
        if not self.refuses("compare"):
            against.compare(self.app, self._marked())

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Another run can be compared, or not."""
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The run's own screen."""
        self.app.open_run(event.value)


def _is(run: Run, name: str) -> bool:
    if name == "going on":
        return run.state in wording.GOING_ON
    return name == "all" or wording.KINDS.get(run.kind) == name


def _row(run: Run) -> Row:
    def draw(width: int) -> Content:
        state = Content.styled(f"{wording.state(run):<14}", wording.colour(run))
        left = Content(f"{run.id:>4}  ") + state + Content(run.title)
        return sides(left, _came_of_it(run, wide=width > 100), width)

    return Row(draw, run.id)


def _came_of_it(run: Run, *, wide: bool) -> str:
    """How far it is, or what came out; in a wide window also how long it took, and when."""
    result = run.result or {}
    if run.state in wording.GOING_ON:
        came = wording.share(run.done, run.total) if run.total else ""
        if run.state == "running" and run.eta_seconds:
            came += f"  {wording.duration(run.eta_seconds)} left"
    elif result.get("em") is not None:
        came = f"EM {wording.em(result['em'])}"
    elif "kept" in result:
        came = f"{wording.count(result['kept'])} kept"
    elif result.get("validation_loss") is not None:
        came = f"loss {result['validation_loss']:.2f}"
    else:
        came = ""
    if not wide:
        return came
    when = time.strftime("%d %b %H:%M", time.localtime(run.created))
    return f"{came:>12}  {wording.duration(run.seconds) if run.started else '':>8}  {when}"
