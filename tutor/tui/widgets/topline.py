"""The line at the top of every screen: where you are, and what goes on behind you."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.tui.widgets.rows import sides
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import Snapshot

APART = 2
"""Cells between the two ends, at least."""


class TopLine(Widget):
    """Left the place, right the run that computes and the machine."""

    DEFAULT_CSS = """
    TopLine {
        height: 2;
        padding: 0 1;
        border-bottom: solid $foreground 20%;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    where: reactive[str] = reactive("")
    """The place, outermost first: `Runs › 14 fine-tune`."""
    about: reactive[str] = reactive("")
    """How far it is here: `4 of 9 · 8/32 points`."""
    behind: reactive[tuple[str, ...]] = reactive(())
    """What goes on: `fine-tune 43% 1:12 left`, `4 queued`, `CPU, 2 cores`."""

    def __init__(self, where: str) -> None:
        """`where` can be set again later."""
        super().__init__()
        self.set_reactive(TopLine.where, where)

    def on_mount(self) -> None:
        """Follow what the watch sees."""
        self.watch(self.app, "seen", self._seen)

    def _seen(self, seen: Snapshot) -> None:
        parts = [wording.short(run) for run in seen.runs if run.state == "running"]
        queued = sum(run.state == "queued" for run in seen.runs)
        if queued:
            parts.append(f"{queued} queued")
        self.behind = (*parts, seen.machine) if seen.machine else tuple(parts)

    def render(self) -> Content:
        """Both ends; where the place would lose more than half, less of what goes on."""
        place, _, last = self.where.rpartition(" › ")
        left = Content.assemble((f"{place} › " if place else "", "$foreground 60%"), (last, "bold"))
        parts, width = [*filter(None, [self.about]), *self.behind], self.content_size.width
        room = width - APART - min(left.cell_length, width // 2)
        while len(parts) > 1 and cell_len(" · ".join(parts)) > room:
            parts.pop()
        return sides(left, Content.styled(" · ".join(parts), "$foreground 60%"), width)
