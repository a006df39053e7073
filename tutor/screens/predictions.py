"""All samples of a run as judged: question, answer, right or wrong, the stage that extracted it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from tutor import judged
from tutor.keys import key
from tutor.screens.room import Room
from tutor.widgets.reading import Reading
from tutor.widgets.rows import Rows
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from tutor.watch import View

FILTERS: dict[str, Callable[[dict], bool]] = {
    "all": lambda sample: True,
    "wrong": lambda sample: not sample["correct"],
    "right": lambda sample: bool(sample["correct"]),
    "no number": lambda sample: sample["extracted"] is None,
}
"""What can be left over of the list."""


class Predictions(Room):
    """The evidence of one run."""

    about = "Samples"
    BINDINGS: ClassVar = [
        key("f", "filter", "filter", "All, only wrong, only right, or without a number.")
    ]

    def __init__(self, run_id: int) -> None:
        """`run_id` is the run's number."""
        super().__init__()
        self.run_id = run_id
        self._filter = "all"
        self._listed = (-1, "")

    def where(self) -> str:
        """Under its run."""
        return f"Runs › {self.run_id} › Samples"

    def body(self) -> Iterable[Widget]:
        """What is shown, and the list."""
        yield Words(id="count", classes="muted")
        yield Words(judged.HEADER, id="header", classes="muted")
        yield Rows(id="samples", empty="No sample is like that. f shows others.")

    def on_mount(self) -> None:
        """Follow the run."""
        super().on_mount()
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
        keeps = FILTERS[self._filter]
        rows = [
            judged.row(sample, place) for place, sample in enumerate(view.samples) if keeps(sample)
        ]
        self.query_one(Rows).show(rows)
        right = sum(sample["correct"] for sample in view.samples)
        self.query_one("#count", Words).say(
            f"  {self._filter}: {len(rows):,} of {len(view.samples):,} samples, {right:,} right. "
            "Enter shows one in full."
        )

    def label_of(self, binding: Binding) -> str:
        """The filter's key says what comes next."""
        if binding.action == "filter":
            return f"show {self._after()}"
        return binding.description

    def _after(self) -> str:
        names = list(FILTERS)
        return names[(names.index(self._filter) + 1) % len(names)]

    def action_filter(self) -> None:
        """The next filter."""
        self._filter = self._after()
        self._viewed(self.app.view)
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The whole of a sample."""
        sample = self.app.view.samples[event.value]
        self.app.push_screen(Reading(f"Sample {event.value + 1}", judged.in_full(sample)))
