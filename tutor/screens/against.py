"""Which run to compare another with: a list of those that answered problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from engine.runs.judgements import KINDS
from tutor import wording
from tutor.keys import key
from tutor.widgets.rows import Row, Rows, sides

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.comparison import Comparison
    from engine.runs.snapshot import Run
    from tutor.app import TutorApp


class Against(ModalScreen[int | None]):
    """Gives the number of the run that was chosen; None where none was."""

    DEFAULT_CSS = """
    Against {
        align: center middle;
        #chosen {
            width: 90%; max-width: 100; height: auto; max-height: 80%; background: $surface;
            border: round $primary; border-title-color: $foreground; padding: 0 1;
        }
        Rows { height: auto; max-height: 100%; }
    }
    """
    BINDINGS: ClassVar = [key("escape,q", "leave", "back", "Compare nothing.")]

    def __init__(self, run: Run, others: Sequence[Run]) -> None:
        """`run` is to be compared with one of `others`, of which there is at least one."""
        super().__init__()
        self._run, self._others = run, others

    def compose(self) -> ComposeResult:
        """The list in a window."""
        with Vertical(id="chosen") as window:
            window.border_title = f"Compare run {self._run.id} with"
            window.border_subtitle = "⏎ compare · esc back"
            yield Rows(id="others")

    def on_mount(self) -> None:
        """Show them; the list has the focus."""
        rows = self.query_one(Rows)
        rows.styles.height = len(self._others)
        rows.show([_row(other) for other in self._others])
        rows.focus()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """That one."""
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss(None)


def why_not(run: Run | None, runs: Sequence[Run]) -> str:
    """Why a run cannot be compared, in a sentence; empty where it can."""
    if run is None:
        return "There is no run to compare yet."
    if run.kind not in KINDS:
        return f"Run {run.id} answers no problems: there is nothing to compare."
    if not _others(run, runs):
        return "There is no other run that has answered problems."
    return ""


def compare(app: TutorApp, run: Run) -> None:
    """Let the learner choose another run, and open the comparison, the older run first."""

    def chosen(other: int | None) -> None:
        if other is not None:
            pair = sorted((other, run.id))
            app.order(lambda desk: _compare(desk.client, *pair), _open)

    def _open(found: Comparison) -> None:
        from tutor.screens.compare import Compare

        app.push_screen(Compare(found))

    app.push_screen(Against(run, _others(run, app.seen.runs)), chosen)


def _compare(client: Client, first: int, second: int) -> Comparison:
    from engine.runs import comparison

    return comparison.compare(client, first, second)


def _others(run: Run, runs: Sequence[Run]) -> list[Run]:
    return [
        each
        for each in runs
        if each.kind in KINDS and each.id != run.id and (each.done or each.state == "finished")
    ]


def _row(run: Run) -> Row:
    def draw(width: int) -> Content:
        result = run.result or {}
        em = f"EM {wording.em(result['em'])}" if result.get("em") is not None else ""
        return sides(f"{run.id:>4}  {run.title}", em or wording.state(run), width)

    return Row(draw, run.id)
