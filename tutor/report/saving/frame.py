"""What is around a chart: its axes with their numbers, a legend, and what is named across it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from engine.figures import Reference
from tutor.report.drawing.held import SAID
from tutor.report.saving.sheet import Sheet, breadth, leading, wrapped
from tutor.report.saving.sides import Side
from tutor.report.saving.style import FAINT, INK, PREDICTED, SMALL

AIR = 0.1
"""Inches between neighbours."""
STEP = leading(SMALL)
"""Inches from one line of its words to the next."""
SAMPLE = 0.42
"""Inches of a line that a legend shows."""
NAME = 1.5
"""Inches that a name beside the plot is wide, at most, but for a longer word."""
DASH = (0, (5, 3))
"""How lines across a chart are drawn; none of its own lines is."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart's parts lie; `draw` puts up all but what is plotted."""

    wide: float
    """Inches of all of it."""
    plot: float
    """Inches that the plot is high."""
    x: Callable[[float], Side]
    """The x axis for a plot so many inches wide."""
    y: Side
    references: tuple[Reference, ...] = ()
    legend: tuple[tuple[str, dict], ...] = ()
    """Names, each with how its sample is drawn."""
    behind: float = 0.0
    """Inches right of the plot that what is plotted needs."""

    @property
    def high(self) -> float:
        """Inches of all of it."""
        side = self.x(self.room)
        rows = len(self._legend_rows()) + bool(self.y.name) + len(self._uprights(side))
        below = STEP * (bool(side.ticks) + bool(side.name)) + AIR
        return STEP * rows + AIR * (1 + bool(self.legend)) + self.plot + below

    @property
    def room(self) -> float:
        """Inches that the plot is wide."""
        left = max((breadth(text, SMALL) for text in self.y.ticks.values()), default=0.0)
        beside = (breadth(line, SMALL) for each in self._of("y") for line in _lines(each, self.y))
        return self.wide - left - AIR - self.behind - max(beside, default=0.0) - AIR

    def draw(self, sheet: Sheet, left: float, top: float) -> Axes:
        """The axes to plot on, with all that is around them.

        Args:
            sheet: The page.
            left: Inches from the page's left edge.
            top: Inches from the page's foot to the top of all of it.
        """
        for row in self._legend_rows():
            at = left
            for name, how in row:
                _sample(sheet, at, top - STEP / 2, how)
                sheet.write(at + SAMPLE + AIR, top - STEP / 2, name, SMALL)
                at += _entry(name)
            top -= STEP
        top -= AIR * bool(self.legend)
        if self.y.name:
            sheet.write(left, top - STEP / 2, self.y.name, SMALL, FAINT)
            top -= STEP
        side = self.x(self.room)
        begin = left + max((breadth(text, SMALL) for text in self.y.ticks.values()), default=0.0)
        begin += AIR
        rows = self._uprights(side)
        top -= STEP * len(rows)
        foot = top - AIR - self.plot
        for number, row in enumerate(rows):
            for start, name, colour in row:
                sheet.write(begin + start, top + (number + 0.3) * STEP, name, SMALL, colour)
        end = begin + self.room
        for y, line, colour in self._levels():
            sheet.write(end + self.behind + AIR, foot + y, line, SMALL, colour)
        if side.name:
            below = foot - STEP * (0.7 + bool(side.ticks)) - AIR
            sheet.write((begin + end) / 2, below, side.name, SMALL, FAINT, ha="center")
        axes = sheet.plot(begin, foot, self.room, self.plot)
        _set(axes, side, self.y)
        for each in self.references:
            if (side if each.axis == "x" else self.y).holds(each.at):
                draw = axes.axvline if each.axis == "x" else axes.axhline
                draw(each.at, color=_colour(each), linestyle=DASH, linewidth=1.4, zorder=1.5)
        return axes

    def _of(self, axis: str) -> list[Reference]:
        return sorted((each for each in self.references if each.axis == axis), key=lambda e: e.at)

    def _legend_rows(self) -> list[list[tuple[str, dict]]]:
        rows: list[list[tuple[str, dict]]] = []
        used = math.inf
        for name, how in self.legend:
            if used + _entry(name) > self.wide:
                rows.append([])
                used = 0.0
            rows[-1].append((name, how))
            used += _entry(name)
        return rows

    def _uprights(self, side: Side) -> list[list[tuple[float, str, str]]]:
        """(start, name, colour) of upright lines' names, lowest row first; none over another."""
        rows: list[list[tuple[float, str, str]]] = []
        ends: list[float] = []
        for each in self._of("x"):
            name = _told(each, side)
            size = breadth(name, SMALL)
            middle = min(max(side.share(each.at), 0.0), 1.0) * self.room
            start = max(0.0, min(middle - size / 2, self.room - size))
            at = next((at for at, end in enumerate(ends) if end + 2 * AIR <= start), len(rows))
            if at == len(rows):
                rows.append([])
                ends.append(0.0)
            rows[at].append((start, name, _colour(each)))
            ends[at] = start + size
        return rows

    def _levels(self) -> list[tuple[float, str, str]]:
        """(inches over the plot's foot, line, colour) of level lines' names, none over another."""
        every = [(each, _lines(each, self.y)) for each in self._of("y")]
        places: list[float] = []
        under = -math.inf
        for each, lines in every:
            own = min(max(self.y.share(each.at), 0.0), 1.0) * self.plot
            places.append(max(own, under + STEP * len(lines) / 2))
            under = places[-1] + STEP * len(lines) / 2
        over = self.plot + STEP / 2
        for at in range(len(every) - 1, -1, -1):  # down again, where they were pushed off the top
            half = STEP * len(every[at][1]) / 2
            places[at] = min(places[at], over - half)
            over = places[at] - half
        return [
            (place + STEP * ((len(lines) - 1) / 2 - number), line, _colour(each))
            for place, (each, lines) in zip(places, every, strict=True)
            for number, line in enumerate(lines)
        ]


def _set(axes: Axes, x: Side, y: Side) -> None:
    for side, which, own in ((x, "x", axes.xaxis), (y, "y", axes.yaxis)):
        axes.set(**{f"{which}scale": "log" if side.log else "linear"})
        axes.set(**{f"{which}lim": (side.low, side.high)})
        own.set_minor_locator(NullLocator())
        own.set_ticks(list(side.ticks), list(side.ticks.values()))
        if not side.counts:
            axes.grid(False, axis=which)
            axes.tick_params(axis=which, length=0, pad=6, labelcolor=INK)


def _told(each: Reference, side: Side) -> str:
    """Its name, with an arrow where the line is beyond the axis."""
    if side.holds(each.at):
        return each.name
    arrows = "←→" if each.axis == "x" else "↓↑"
    return f"{arrows[side.share(each.at) > 1]} {each.name}"


def _lines(each: Reference, side: Side) -> list[str]:
    return wrapped(_told(each, side), NAME, SMALL)


def _colour(each: Reference) -> str:
    return PREDICTED if each.name.startswith(SAID) else FAINT


def _entry(name: str) -> float:
    """Inches that a name and its sample take in a legend."""
    return SAMPLE + AIR + breadth(name, SMALL) + 3 * AIR


def _sample(sheet: Sheet, x: float, y: float, how: Mapping[str, object]) -> None:
    if "facecolor" in how:
        sheet.box(x, y - 0.07, SAMPLE, 0.14, **how)
    else:
        sheet.line((x, x + SAMPLE / 2, x + SAMPLE), (y, y, y), markevery=[1], **how)
