"""A run's curve as a PNG, for a notebook: what the run's screen draws with dots.

matplotlib is imported here alone, and only when a picture is made.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tutor.tutorial import run_curve as figures

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import View

INCHES, DOTS = (6.4, 3.2), 96
"""The size of a picture, and its dots an inch."""
MARKS = {"×": "x", "●": "o", "": ""}
"""What a screen draws points as, and what matplotlib calls that."""


def png(view: View) -> bytes | None:
    """The picture of a run; None where there is nothing to draw."""
    figure = figures.figure(view)
    if not figure.lines:
        return None
    from matplotlib.figure import Figure

    drawn = Figure(figsize=INCHES, dpi=DOTS, layout="constrained")
    axes = drawn.subplots()
    for line in figure.lines:
        xs, ys = zip(*figures.thinned(line.points), strict=True)
        style = "" if line.mark else "-"
        axes.plot(xs, ys, style, marker=MARKS.get(line.mark, line.mark), label=line.name)
    axes.set_ylim(bottom=figure.low, top=figure.high)
    axes.set_title(figure.caption, fontsize="medium")
    axes.grid(alpha=0.3)
    if len(figure.lines) > 1:
        axes.legend()
    out = io.BytesIO()
    drawn.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
