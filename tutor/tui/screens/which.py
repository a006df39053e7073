"""Which run: a list to choose one from, in a window over the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from tutor.tui.keys import key
from tutor.tui.widgets.rows import Row, Rows, sides
from tutor.tui.widgets.window import Window
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run


class Which(Window[int | None]):
    """Gives the number of the run that was chosen; None where none was."""

    DEFAULT_CSS = """
    Which {
        align: center middle;
        #chosen {
            width: 90%; max-width: 100; height: auto; max-height: 80%; background: $surface;
            border: round $primary; border-title-color: $foreground; padding: 0 1;
        }
        Rows { height: auto; max-height: 100%; }
    }
    """
    BINDINGS: ClassVar = [key("escape,q", "leave", "back", "None of them.")]

    def __init__(self, title: str, does: str, runs: Sequence[Run]) -> None:
        """Args: what is asked, the word for Enter, and the runs, of which there is at least one."""
        super().__init__()
        self._title, self._does, self._runs = title, does, runs

    def compose(self) -> ComposeResult:
        """The list in a window."""
        with Vertical(id="chosen") as window:
            window.border_title = self._title
            window.border_subtitle = f"⏎ {self._does} · esc back"
            yield Rows(id="others")

    def on_mount(self) -> None:
        """Show them; the list has the focus."""
        rows = self.query_one(Rows)
        rows.styles.height = len(self._runs)
        rows.show([_row(run) for run in self._runs])
        rows.focus()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """That one."""
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss(None)


def _row(run: Run) -> Row:
    def draw(width: int) -> Content:
        result = run.result or {}
        em = f"EM {wording.em(result['em'])}" if result.get("em") is not None else ""
        return sides(f"{run.id:>4}  {run.title}", em or wording.state(run), width)

    return Row(draw, run.id)
