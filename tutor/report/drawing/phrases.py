"""What a figure measured, as short phrases: `11.3 times less error with dynamic ranges`.

A screen, plain text and a picture tell the same ones, each as it has room.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.figures import Figure
from lessons.kit.display import show

MISSING = "–"
LEAST = 8
"""Cells of a line that is wrapped, at least: a part of a screen has none before its place."""


def told(figure: Figure, above: Mapping[str, float] = MappingProxyType({})) -> list[str]:
    """A phrase for each number that a figure measured, in the order that it holds them.

    Args:
        figure: Any. A value without words is told by its name; one with empty words is not told.
        above: What the figure around it has told already: that is not told again.
    """
    return [
        phrase(figure.words.get(name, f"{name.replace('_', ' ')} {{}}"), value)
        for name, value in figure.values.items()
        if figure.words.get(name) != "" and (name not in above or above[name] != value)
    ]


def phrase(words: str, value: float) -> str:
    """The words with the number in its place."""
    return words.replace("{}", cell(value))


def together(phrases: Sequence[str], width: int = 80) -> str:
    """As many phrases on a line as fit; one that is longer than a line goes on below, set in."""
    lines: list[str] = []
    width = max(LEAST, width)
    for each in phrases:
        if len(each) > width:
            lines += textwrap.wrap(each, width, subsequent_indent="  ")
            continue
        if lines and len(lines[-1]) + 3 + len(each) <= width:
            lines[-1] += f"   {each}"
        else:
            lines += textwrap.wrap(each, max(1, width))
    return "\n".join(lines)


def cell(value: object) -> str:
    """A number rounded, a dash for none; any other thing as it is written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return show(value) if isinstance(value, int | float) else str(value)
