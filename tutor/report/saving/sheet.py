"""A blank page in inches, and how wide words are on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from tutor.report.saving.style import BODY, INK, WIDE

LEADING = 1.35
"""From one line of text to the next, in heights of its letters."""


class Sheet:
    """A page: x from its left edge and y from its foot, both in inches."""

    def __init__(self, high: float) -> None:
        """White, `WIDE` across."""
        self.high = high
        self.figure = Figure(figsize=(WIDE, high), facecolor="white")
        self._axes = self.plot(0, 0, WIDE, high)
        self._axes.set(xlim=(0, WIDE), ylim=(0, high), xticks=[], yticks=[])
        self._axes.set_axis_off()

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = BODY,
        colour: str = INK,
        bold: bool = False,
        ha: str = "left",
        va: str = "center",
    ) -> None:
        """A line of text at a point."""
        weight = "bold" if bold else "normal"
        self._axes.text(x, y, text, fontsize=size, color=colour, fontweight=weight, ha=ha, va=va)

    def line(self, x: tuple[float, ...], y: tuple[float, ...], **how: object) -> None:
        """A line through points, styled as matplotlib's lines are."""
        self._axes.add_line(Line2D(x, y, **how))

    def box(self, x: float, y: float, wide: float, high: float, **how: object) -> None:
        """A box with its lower left corner at a point, styled as matplotlib's patches are."""
        self._axes.add_patch(Rectangle((x, y), wide, high, **how))

    def plot(self, x: float, y: float, wide: float, high: float) -> Axes:
        """A rectangle with axes of its own."""
        return self.figure.add_axes((x / WIDE, y / self.high, wide / WIDE, high / self.high))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part of a page, from margin to margin."""

    high: float
    """Inches."""
    put: Callable[[Sheet, float, float], None]
    """`put(sheet, left, top)` draws it with its upper left corner there."""


@lru_cache(maxsize=4096)
def breadth(text: str, size: float = BODY, bold: bool = False) -> float:
    """How many inches wide a line of text is."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return width / 72


def leading(size: float) -> float:
    """Inches from one line of text to the next."""
    return size * LEADING / 72


def wrapped(text: str, wide: float, size: float = BODY, bold: bool = False) -> list[str]:
    """Lines of a text that are no wider than so many inches, but for a longer word."""
    return joined(text.split(), wide, size, bold, " ")


def joined(
    parts: list[str], wide: float, size: float = BODY, bold: bool = False, between: str = "   "
) -> list[str]:
    """As many parts on a line as fit."""
    lines: list[str] = []
    for each in parts:
        longer = f"{lines[-1]}{between}{each}" if lines else each
        if lines and breadth(longer, size, bold) <= wide:
            lines[-1] = longer
        else:
            lines.append(each)
    return lines
