"""All runs, the newest first, a chain under its heading; a filter; Enter opens one."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from engine.kinds.kind import typed
from engine.runs.chains import chains_with
from tutor.tui.keys import key
from tutor.tui.screens import against, control
from tutor.tui.screens.handin import runs as handin_runs
from tutor.tui.screens.room import Room
from tutor.tui.widgets.rows import Row, Rows, sides
from tutor.tui.widgets.run_rows import heading
from tutor.tui.widgets.words import Words
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.chains import Chain
    from engine.runs.snapshot import Run
    from tutor.tutorial.snapshot import Snapshot

NONE_YET = (
    "No run yet. t opens the tutorial, where Run starts one; the commands do it too: "
    "tutor run --help."
)
WHOLE = ("all", "going on")
"""Filters that leave a chain whole."""


class Runs(Room):
    """The table of runs."""

    about = "Runs"
    BINDINGS: ClassVar = [
        key("space", "pause_or_resume", "pause", "Pause what is marked, or let it go on."),
        key("c", "cancel", "cancel", "End what is marked for good; asks first."),
        key("f", "filter(1)", "filter", "Show only some: those going on, or one kind."),
        key("F", "filter(-1)", "filter back", "The filter before this one.", show=False),
        key("e", "audit", "audit", "Every answer of the marked run as three judges see it."),
        key("v", "compare", "compare", "Compare the marked run with another on the same problems."),
        key("t", "app.tutorial", "tutorial", "The tutorial: its five stages."),
        key("h", "app.handin", "hand in", "The notebook to submit, and files out and in."),
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

    def on_mount(self) -> None:
        """The keys go to the table."""
        super().on_mount()
        self.query_one(Rows).focus()

    def show(self, seen: Snapshot) -> None:
        """The runs as they stand."""
        runs = [run for run in seen.runs if _is(run, self._filter)]
        rows = self.query_one(Rows)
        groups = seen.chains if self._filter in WHOLE else []
        rows.empty = (
            "None of the runs is of this kind now. f shows others." if seen.runs else NONE_YET
        )
        rows.show(list(_rows(runs, [chain for chain in groups if chain.size > 1], seen.foreseen)))
        words = f"{self._filter}: {len(runs)} of {len(seen.runs)} runs"
        self.query_one("#count", Words).say(f"  {seen.trouble or words}")

    def label_of(self, binding: Binding) -> str:
        """The filter's key says what comes next; space what it does to what is marked."""
        if binding.action == "pause_or_resume" and (marked := self._marked()) is not None:
            return control.word(marked)
        return f"show {self._after(1)}" if binding.action == "filter(1)" else binding.description

    def why_not(self, action: str) -> str:
        """A filter needs something to leave out."""
        if action.startswith("filter") and not self.app.seen.runs:
            return "There is no run to filter yet."
        if action in ("pause_or_resume", "cancel"):
            return control.why_not(action, self._marked())
        if action == "audit":
            return handin_runs.why_no_audit(self._run())
        if action == "compare":
            return against.why_not(self._run(), self.app.seen.runs)
        return ""

    def _marked(self) -> Run | list[Chain] | None:
        """The marked run, or the chain whose heading is marked."""
        match self.query_one(Rows).value:
            case ("chain", number):
                return chains_with([number], self.app.seen.runs) or None
            case number:
                return self.app.seen.run(number)

    def _run(self) -> Run | None:
        """The marked run; of a chain, the one that says how it stands."""
        marked = self._marked()
        if not isinstance(marked, list):
            return marked
        [chain] = marked
        return next((run for run in chain.runs if run.state == chain.state), chain.runs[0])

    def _after(self, by: int) -> str:
        """By what still happens, and by kind."""
        filters = (*WHOLE, *(kind.word for kind in typed().values()))
        return filters[(filters.index(self._filter) + by) % len(filters)]

    def action_filter(self, by: int) -> None:
        """The next filter, or the one before."""
        if not self.refuses("filter"):
            self._filter = self._after(by)
            self.show(self.app.seen)
            self.refresh_bindings()

    def action_audit(self) -> None:
        """Every answer of the marked run."""
        if not self.refuses("audit"):
            handin_runs.open_audit(self.app, self._run().id)

    def action_compare(self) -> None:
        """The marked run with another."""
        if not self.refuses("compare"):
            against.compare(self.app, self._run())

    def action_pause_or_resume(self) -> None:
        """Have what is marked stand still, or go on."""
        if not self.refuses("pause_or_resume"):
            control.pause_or_resume(self.app, self._marked())

    def action_cancel(self) -> None:
        """End what is marked for good, if the learner says so twice."""
        if not self.refuses("cancel"):
            control.cancel(self.app, self._marked())

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Another run can be compared, or not."""
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The run's own screen; of a chain, that of the run that computes or holds it up."""
        if (run := self._run()) is not None:
            self.app.open_run(run.id)


def _is(run: Run, name: str) -> bool:
    if name == "going on":
        return run.state in wording.GOING_ON
    return name == "all" or wording.kind(run) == name


def _rows(
    runs: Sequence[Run], groups: Sequence[Chain], foreseen: Mapping[int, float | None]
) -> Iterator[Row]:
    """The newest first; a chain's runs that are not over stand together, where its newest is."""
    of = {run.id: chain for chain in groups for run in chain.runs}
    shown, told = {run.id for run in runs}, set[int]()
    for run in runs:
        if run.id in told:
            continue
        members = (run,)
        if chain := of.get(run.id):
            yield heading(chain, foreseen)
            members = tuple(each for each in reversed(chain.runs) if each.id in shown)
        for member in members:
            told.add(member.id)
            yield _row(member, foreseen.get(member.id), inside=chain is not None)


def _row(run: Run, foreseen: float | None, *, inside: bool) -> Row:
    def draw(width: int) -> Content:
        state = Content.styled(f"{wording.state(run):<14}", wording.colour(run))
        left = Content(f"{'  ' if inside else ''}{run.id:>4}  ") + state + Content(run.title)
        return sides(left, _came_of_it(run, foreseen, wide=width > 100), width)

    return Row(draw, run.id)


def _came_of_it(run: Run, foreseen: float | None, *, wide: bool) -> str:
    """How far it is, or what came out; in a wide window also how long it took, and when."""
    result = run.result or {}
    if run.state in wording.GOING_ON:
        came = wording.share(run.done, run.total) if run.total else ""
        if run.state == "running" and run.eta_seconds:
            came += f"  {wording.duration(run.eta_seconds)} left"
        elif run.state == "queued" and foreseen is not None:
            came += f"  ~{wording.duration(max(1, foreseen))}"
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
