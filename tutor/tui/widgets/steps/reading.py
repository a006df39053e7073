"""A text to read."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.steps.step import StepView


class ReadingStep(StepView):
    """The text, and nothing else."""

    def compose(self) -> Iterable[Widget]:
        """The text."""
        yield ProseView(self.page.text)
