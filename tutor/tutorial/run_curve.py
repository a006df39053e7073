"""What a run's curve shows: lines over steps, and the same in words for who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.figures import Line as ChartLine
from engine.figures import LineChart
from engine.kinds.kind import KINDS, Metric, Running
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import View

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One series."""

    name: str
    points: Points
    joined: bool = True
    """Whether a line goes from point to point."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is drawn, and its caption."""

    caption: str
    """The figure in words: `loss 1.24 to 0.41`."""
    lines: tuple[Line, ...]
    low: float | None = None
    """Where the y axis begins; None leaves it to the data."""
    high: float | None = None
    x: str = "step"
    """What the x axis counts."""

    @property
    def holds(self) -> tuple[float, ...]:
        """What the y axis reaches, whatever the data."""
        return tuple(end for end in (self.low, self.high) if end is not None)


def figure(view: View) -> Figure:
    """The figure of a run, whatever its kind; one without lines where there is nothing yet."""
    kind = KINDS.get(view.run.kind)
    match kind.curve if kind else None:
        case Metric() as curve:
            return _metric(view, curve)
        case Running(then_policies=True) if (view.run.result or {}).get("grid"):
            return _policies(view)
        case Running(word=word):
            return _running_em(view, word)
    return Figure("" if view.run.result else "The figure comes at its end.", ())


def chart(figure: Figure, titled: bool = True) -> LineChart:
    """The same as a lab's figure is, without what its caption says.

    Args:
        figure: One with lines.
        titled: Whether there is room for what the x axis counts.
    """
    lines = []
    for line in figure.lines:
        xs, ys = zip(*line.points, strict=True)
        lines.append(ChartLine(line.name, xs, ys, line.joined))
    return LineChart(lines=tuple(lines), x=figure.x if titled else "", y="", caption=figure.caption)


def running_em(samples: Sequence[dict]) -> Points:
    """(judged so far, share of them that is right) after each sample."""
    points, right = [], 0
    for number, sample in enumerate(samples, start=1):
        right += sample["correct"]
        points.append((float(number), right / number))
    return tuple(points)


def _metric(view: View, curve: Metric) -> Figure:
    points, beside = view.metrics.get(curve.name, ()), view.metrics.get(curve.beside, ())
    word = curve.name.replace("_", " ")
    if not points:
        return Figure(f"The curve begins with the first {word}.", ())
    words = f"{word} {points[0][1]:.2f} to {points[-1][1]:.2f}"
    lines = [Line(word, points)]
    if beside:
        words += f", {curve.beside_word} {beside[-1][1]:.2f}"
        lines.append(Line(curve.beside_word, beside, joined=False))
    return Figure(words, tuple(lines), low=0.0)


def _running_em(view: View, what: str) -> Figure:
    points = running_em(view.samples)
    if not points:
        return Figure("The curve begins with the first answers.", ())
    words = f"{what} {wording.em(points[-1][1])}, {len(points):,} judged"
    return Figure(words, (Line(what, points),), low=0.0, high=1.0, x="judged")


def _policies(view: View) -> Figure:
    result = view.run.result
    points = sorted(
        (row["cost_saving"], row["em"])
        for row in result["grid"]
        if row["em"] is not None and row["cost_saving"] is not None
    )
    if not points:
        return Figure("No policy could be judged.", ())
    lines = [Line("policies", tuple(points), joined=False)]
    if result.get("em") is not None and result.get("cost_saving") is not None:
        lines.append(Line("chosen", ((result["cost_saving"], result["em"]),), joined=False))
    x = "share of the money saved"
    return Figure(f"EM over money saved, {len(points)} policies", tuple(lines), x=x)
