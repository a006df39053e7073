"""The audit of a run: every answer as three judges see it, and by which rule it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from engine.evaluation.audit import ONLY, counts
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets import answer_rows as judged
from tutor.tui.widgets.reading import Reading
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import View


class Predictions(Room):
    """The evidence of one run."""

    about = "Audit"
    BINDINGS: ClassVar = [
        key("f", "filter(1)", "filter", "Wrong, right, without a number, where judges differ."),
        key("F", "filter(-1)", "filter back", "The filter before this one.", show=False),
    ]

    def __init__(self, run_id: int) -> None:
        """`run_id` is the run's number."""
        super().__init__()
        self.run_id = run_id
        self._filter = "all"
        self._listed = (-1, "")

    def where(self) -> str:
        """Under its run."""
        return f"Runs › {self.run_id} › Audit"

    def body(self) -> Iterable[Widget]:
        """What is shown, and the list."""
        yield Words(id="count", classes="muted")
        yield Words(id="right", classes="muted")
        yield Words(judged.AUDIT_HEADER, id="header", classes="muted")
        yield Rows(id="samples", empty="No sample is like that. f shows others.")

    def on_mount(self) -> None:
        """Follow the run."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.watch(self.app, "view", self._viewed)

    def on_screen_resume(self) -> None:
        """Its run is looked at."""
        super().on_screen_resume()
        self.app.look_at(self.run_id)

    def _viewed(self, view: View | None) -> None:
        if view is None or view.run.id != self.run_id:
            return
        if (len(view.samples), self._filter) == self._listed:
            return
        self._listed = (len(view.samples), self._filter)
        keeps = ONLY[self._filter]
        rows = [
            judged.audit_row(sample, place)
            for place, sample in enumerate(view.samples)
            if keeps(sample)
        ]
        self.query_one(Rows).show(rows)
        number = counts(view.samples)
        others = [self._after(by) for by in range(1, len(ONLY))]
        self.query_one("#count", Words).say(
            f"  {self._filter}: {len(rows):,} of {len(view.samples):,} · "
            + " · ".join(f"{name} {number[name]:,}" for name in others)
        )
        self.query_one("#right", Words).say(
            f"  right by robust {number['robust']:,} · strict {number['strict']:,} · "
            f"flexible {number['flexible']:,}. Enter shows one in full."
        )

    def label_of(self, binding: Binding) -> str:
        """The filter's key says what comes next."""
        return f"show {self._after(1)}" if binding.action == "filter(1)" else binding.description

    def _after(self, by: int) -> str:
        names = list(ONLY)
        return names[(names.index(self._filter) + by) % len(names)]

    def action_filter(self, by: int) -> None:
        """The next filter, or the one before."""
        self._filter = self._after(by)
        self._viewed(self.app.view)
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The whole of a sample."""
        sample = self.app.view.samples[event.value]
        self.app.push_screen(Reading(judged.title(sample, event.value), judged.in_full(sample)))
