"""Two runs' answers to one problem: side by side, or one under the other under 100 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from engine.evaluation.answers import locate
from tutor.tui.keys import key
from tutor.tui.screens.room import LEAST_WIDTH, Room
from tutor.tui.widgets import answer_rows as judged
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from engine.chain.comparison import Comparison, Flip, Side

BESIDE = 100
"""Columns from which the two stand side by side."""


class Both(Room):
    """One of a comparison's flips; n and b go through them."""

    about = "Both answers"
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-tiny"), (LEAST_WIDTH, "-normal"), (BESIDE, "-beside")]
    BINDINGS: ClassVar = [
        key("n", "other(1)", "next", "The next problem that flipped."),
        key("b", "other(-1)", "before", "The problem before."),
        key("tab", "app.focus_next", "other side", "To the other answer, to scroll it."),
    ]

    def __init__(self, found: Comparison, places: Sequence[int], at: int) -> None:
        """Shows the flip at `places[at]` of the comparison's; n and b go through `places`."""
        super().__init__()
        self.found, self._places, self._at = found, places, at

    @property
    def flip(self) -> Flip:
        """The one that is shown."""
        return self.found.flips[self._places[self._at]]

    def where(self) -> str:
        """Under its comparison."""
        runs = f"{self.found.first.run} and {self.found.second.run}"
        return f"Runs › {runs} compared › {self.flip.problem_id}"

    def body(self) -> Iterable[Widget]:
        """The question, and the two answers."""
        yield Words(id="asked")
        with Container(id="both"):
            for name in ("first", "second"):
                with VerticalScroll(id=name, classes="side"):
                    yield Words(id=f"{name}-said")

    def on_mount(self) -> None:
        """Arrows scroll the first answer at once."""
        super().on_mount()
        self._say()
        self.query_one("#first").focus()

    def _say(self) -> None:
        flip = self.flip
        self._top.where = self.where()
        words = "gained" if flip.gained else "lost"
        number = f"{words}, {self._at + 1:,} of {len(self._places):,}"
        self.query_one("#asked", Words).say(
            Content.assemble((f"{number}; gold {flip.gold}\n", "$foreground 60%"), flip.question)
        )
        for name, side, row in (
            ("first", self.found.first, flip.first),
            ("second", self.found.second, flip.second),
        ):
            self.query_one(f"#{name}-said", Words).say(_answer(side, row))
            self.query_one(f"#{name}").scroll_home(animate=False)

    def why_not(self, action: str) -> str:
        """There may be only one."""
        if action.startswith("other") and len(self._places) == 1:
            return "Only this problem is in the list."
        return ""

    def action_other(self, by: int) -> None:
        """Another flip of the list; after the last comes the first."""
        if not self.refuses("other"):
            self._at = (self._at + by) % len(self._places)
            self._say()


def _answer(side: Side, row: Mapping[str, Any]) -> Content:
    """Whose it is, what it came to, and all of it."""
    said = row["extracted"] if row["extracted"] is not None else "nothing"
    return Content.assemble(
        (f"run {side.run} ", "bold"),
        judged.verdict(row),
        f", said {said}, found by {judged.stage(row)}\n",
        (f"{side.title}\n\n", "$foreground 60%"),
        judged.marked(row["text"], locate(row["text"])),
    )
