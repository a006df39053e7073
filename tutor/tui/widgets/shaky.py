"""Questions that are shaky or set aside, and slips that recur, as rows that can be acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.actions import SkipAction
from textual.containers import VerticalScroll
from textual.content import Content

from tutor.tui.widgets.rows import Row, Rows, heading, sides

if TYPE_CHECKING:
    from tutor.learner.mastery import Slip
    from tutor.learner.snapshot import Snapshot

FAINT = "$foreground 60%"
NONE = "Nothing is shaky."
QUESTION, LEECH, ASIDE = "question", "leech", "aside"
"""What a row of a question stands for: shaky, lost again and again, or set aside."""


class Shaky(Rows):
    """As high as its rows, in a column that scrolls: beyond its ends the arrows scroll that."""

    DEFAULT_CSS = """
    Shaky { height: auto; overflow-y: hidden; margin: 0 0 1 0; }
    """

    def show_of(self, record: Snapshot, title: Callable[[str], str]) -> None:
        """Take the rows of a record.

        Args:
            record: What is known.
            title: The title of the lesson that a step is in.
        """
        leeches, aside = record.reviews.leeches, record.reviews.set_aside
        shaky = [step for step in record.shaky if step not in leeches]
        rows = [heading("! Shaky"), *(_question(step, title(step)) for step in shaky)]
        if not shaky:
            rows.append(heading(f"  {NONE if not leeches else 'Nothing else is shaky.'}"))
        if leeches:
            rows[:0] = [
                heading("! Lost on several days: read it up. It is asked once a week."),
                *(_question(step, title(step), LEECH) for step in leeches),
                heading(""),
            ]
        if record.slips:
            rows += [heading(""), heading("Slips that recur")]
            for slip in record.slips:
                rows += _slip(slip, title(slip.step))
        if aside:
            rows += [heading(""), heading("Set aside: in no review until brought back")]
            rows += [_question(step, title(step), ASIDE) for step in aside]
        self.styles.height = len(rows)
        self.show(rows)

    @property
    def step(self) -> str:
        """The marked question's step; empty where there is none."""
        return self.value[1] if isinstance(self.value, tuple) else ""

    @property
    def what(self) -> str:
        """What the marked row stands for; empty where none is marked."""
        return self.value[0] if isinstance(self.value, tuple) else ""

    def action_step(self, by: int) -> None:
        """By one row; there is nothing further to mark at the ends."""
        before = self.cursor
        super().action_step(by)
        if self.cursor == before:
            raise SkipAction()
        self._bring_to_sight()

    def action_page(self, by: int) -> None:
        """The column's."""
        raise SkipAction()

    def action_end(self, which: int) -> None:
        """The column's."""
        raise SkipAction()

    def _bring_to_sight(self) -> None:
        column = next(each for each in self.ancestors if isinstance(each, VerticalScroll))
        row, seen = self.region.y + self.cursor, column.region
        beyond = min(0, row - seen.y) or max(0, row - seen.bottom + 1)
        if beyond:
            column.scroll_relative(y=beyond, animate=False)


def _question(step: str, title: str, what: str = QUESTION) -> Row:
    return Row(lambda width: _sides(step.rpartition("/")[2], title, width), (what, step))


def _slip(slip: Slip, title: str) -> Sequence[Row]:
    where = f"{slip.step.rpartition('/')[2]}, {title}"
    says = " ".join(slip.says.split())
    return (
        Row(
            lambda width: _sides(
                f"{slip.name}  on {slip.variants} of {slip.of} variants", where, width
            ),
            ("slip", slip.step, slip.name),
        ),
        Row(lambda width: Content.styled(f"  {says}", FAINT).truncate(width, ellipsis=True)),
    )


def _sides(left: str, right: str, width: int) -> Content:
    return sides(f"  {left}", Content.styled(right, FAINT), width)
