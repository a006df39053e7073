"""A run's curve as a PNG, for a notebook: what the run's screen draws with dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.report.saving.file import made
from tutor.report.saving.shown import Shown
from tutor.tutorial.run_curve import chart, figure

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import View


def png(view: View) -> bytes | None:
    """The picture of a run; None where there is nothing to draw."""
    curve = figure(view)
    return made(Shown(chart(curve), holds=curve.holds), ".png") if curve.lines else None
