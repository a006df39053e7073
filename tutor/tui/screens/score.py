"""The score card: what was measured, the points for it, and what would bring the missing ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from lessons.kit.course.course import load
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.words import Words
from tutor.tui.words import score_card as scoring
from tutor.tui.words import tasks as task_words

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import Snapshot

AROUND = 5
"""Cells at the sides of the card, with its scroll bar."""


class Score(Room):
    """Reads the card of the tutorial as it is chosen now."""

    about = "Score card"
    BINDINGS: ClassVar = [
        key("t", "app.tutorial", "tutorial", "The tutorial: run what is missing."),
        key("u", "app.runs", "runs", "The runs behind the figures."),
        key("h", "app.handin", "hand in", "The notebook to submit, and files out and in."),
    ]

    def where(self) -> str:
        """Under its unit."""
        return f"{load().unit('tutorial').name} › Score card"

    def body(self) -> Iterable[Widget]:
        """The five tasks; the figures; what to do next; time."""
        with VerticalScroll(id="score"):
            with Vertical(id="measured"):
                yield Words(id="points")
                yield Words(id="figures")
            yield Words(id="advice")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        super().on_mount()
        self.query_one("#score").focus()

    def on_resize(self) -> None:
        """Lines are laid out anew."""
        super().on_resize()
        self.show(self.app.seen)

    def show(self, seen: Snapshot) -> None:
        """The card as it stands."""
        unit = load().unit("tutorial")
        points, figures = self.query_one("#points", Words), self.query_one("#figures", Words)
        advice = self.query_one("#advice", Words)
        width = min(task_words.WIDE, max(1, self.size.width - AROUND))
        points.say(scoring.tasks(unit, seen, width) if seen.tasks else Content("Reading …"))
        if seen.card is None or not seen.card.runs:
            figures.say(Content("\nNothing was measured yet. t opens the tutorial; a runs it all."))
            advice.say("")
            return
        figures.say(scoring.figures(seen.card, width))
        advice.say(scoring.advice(unit, seen))
