"""Two runs on the same problems: scores, table of flips, verdict, and the problems that flipped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from tutor.report import comparison as report
from tutor.tui.keys import key
from tutor.tui.screens.room import LEAST_WIDTH, Room
from tutor.tui.widgets.rows import Row, Rows
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from engine.chain.comparison import Comparison, Flip

FILTERS = ("all", "gained", "lost")
WORDS = {True: ("▲ gained", "$text-success"), False: ("▼ lost", "$text-error")}
"""What became of a problem, by glyph and word, and the colour."""


class Compare(Room):
    """Shows one comparison, which no longer changes."""

    about = "Two runs compared"
    BINDINGS: ClassVar = [
        key("f", "filter(1)", "filter", "All that flipped, those gained, or those lost."),
        key("F", "filter(-1)", "filter back", "The filter before this one.", show=False),
    ]

    def __init__(self, found: Comparison) -> None:
        """`found` is what came of it."""
        super().__init__()
        self.found = found
        self._filter = "all"

    def where(self) -> str:
        """Among the runs."""
        return f"Runs › {self.found.first.run} and {self.found.second.run} compared"

    def body(self) -> Iterable[Widget]:
        """What came of it, and the list of flips."""
        yield Words(id="came")
        yield Words(id="verdict")
        yield Words(id="count", classes="muted")
        yield Rows(id="flips", empty=self._empty())

    def on_mount(self) -> None:
        """Nothing here changes any more."""
        super().on_mount()
        self.query_one("#verdict", Words).say(verdict(self.found))
        self._list()
        self.query_one(Rows).focus()

    def on_resize(self) -> None:
        """The tables have another width."""
        super().on_resize()
        around = self.query_one("#came", Words)
        around.say(came(self.found, max(LEAST_WIDTH, self.size.width) - around.gutter.width))

    def _empty(self) -> str:
        return "No problem flipped." if not self.found.flips else "None of them. f shows others."

    def _list(self) -> None:
        shown = self._kept(self._filter)
        self.query_one(Rows).show([_row(flip, place) for place, flip in shown])
        others = (self._after(by) for by in (1, 2))
        counted = " · ".join(f"{name} {len(self._kept(name)):,}" for name in others)
        self.query_one("#count", Words).say(
            f"  {self._filter}: {len(shown):,} of {len(self.found.flips):,} flipped · {counted}"
            + (". Enter shows both answers." if shown else "")
        )

    def _kept(self, name: str) -> list[tuple[int, Flip]]:
        keeps = {"all": (True, False), "gained": (True,), "lost": (False,)}[name]
        return [(at, flip) for at, flip in enumerate(self.found.flips) if flip.gained in keeps]

    def label_of(self, binding: Binding) -> str:
        """The filter's key says what comes next."""
        return f"show {self._after(1)}" if binding.action == "filter(1)" else binding.description

    def why_not(self, action: str) -> str:
        """A filter needs something to leave out."""
        if not self.found.flips and (action.startswith("filter") or action == "open"):
            return "No problem flipped: there is nothing to choose from."
        return ""

    def _after(self, by: int) -> str:
        return FILTERS[(FILTERS.index(self._filter) + by) % len(FILTERS)]

    def action_filter(self, by: int) -> None:
        """The next filter, or the one before."""
        if not self.refuses("filter"):
            self._filter = self._after(by)
            self._list()
            self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Both answers to one problem."""
        from tutor.tui.screens.both import Both

        places = [place for place, _ in self._kept(self._filter)]
        self.app.push_screen(Both(self.found, places, places.index(event.value)))


def came(found: Comparison, width: int | None = None) -> str:
    """Scores, table, difference and p, as the report has them."""
    parts = (report.scores, report.flips, report.measures)
    return "\n\n".join(part(found, width) for part in parts)


def verdict(found: Comparison) -> Content:
    """Which is better or that it is noise, and what else has to be said."""
    notes = "".join(f"\n{note}" for note in found.notes)
    return Content.assemble((found.verdict, "bold"), notes)


def _row(flip: Flip, place: int) -> Row:
    def draw(width: int) -> Content:
        words, colour = WORDS[flip.gained]
        said = [row["extracted"] or "nothing" for row in (flip.first, flip.second)]
        line = Content.assemble(
            (f"{words:<9}", colour),
            f" said {said[0]:>7} then {said[1]:>7}",
            (f"  gold {flip.gold:>7}  ", "$foreground 60%"),
            " ".join(flip.question.split()),
        )
        return line.truncate(width, ellipsis=True)

    return Row(draw, place)
