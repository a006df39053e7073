"""The score card: what was measured, the points for it, and what would bring the missing ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from lessons.kit.course import load
from tutor import scoring
from tutor.keys import key
from tutor.screens.room import Room
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from tutor.watch import Snapshot


class Score(Room):
    """Reads the card of the tutorial as it is chosen now."""

    about = "Score card"
    BINDINGS: ClassVar = [
        key("t", "app.tutorial", "tutorial", "The tutorial: run what is missing."),
        key("u", "app.runs", "runs", "The runs behind the figures."),
    ]

    def where(self) -> str:
        """Under its unit."""
        return f"{load().unit('tutorial').name} › Score card"

    def body(self) -> Iterable[Widget]:
        """Figures and points; what to do next; time."""
        with VerticalScroll(id="score"):
            yield Words(id="figures")
            yield Words(id="advice")

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        super().on_mount()
        self.query_one("#score").focus()

    def show(self, seen: Snapshot) -> None:
        """The card as it stands."""
        figures, advice = self.query_one("#figures", Words), self.query_one("#advice", Words)
        if seen.card is None or not seen.card.runs:
            figures.say(Content("Nothing was measured yet. t opens the tutorial; a runs it all."))
            advice.say("")
            return
        figures.say(scoring.figures(seen.card))
        advice.say(scoring.advice(load().unit("tutorial"), seen))
