"""What is saved: a figure, and what is known beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.figures import Figure

if TYPE_CHECKING:
    from lessons.kit.controls import Value
    from lessons.kit.lab import Lab
    from tutor.course.predictions import Compared


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure, and what is known beside it."""

    figure: Figure
    """As the lab gave it, without what was predicted."""
    source: str = ""
    """Where it is from: the lesson, the lab, its values."""
    compared: tuple[Compared, ...] = ()
    """Predictions, each held against what was measured."""
    name: str = "figure"
    """What a file of it is called by itself."""
    holds: tuple[float, ...] = ()
    """What the y axis of a line chart reaches, whatever is drawn: both ends of a share."""


def shown(
    lesson: str,
    lab: Lab,
    values: Mapping[str, Value],
    figure: Figure,
    compared: Iterable[Compared] = (),
) -> Shown:
    """A lab's figure.

    Args:
        lesson: The lesson's title.
        lab: The lab.
        values: What it computed with, all of them, read.
        figure: What it gave.
        compared: What was predicted of it.
    """
    told = (f"{each.label} {each.written(values[each.name])}" for each in lab.parameters)
    source = f"{lesson} › {lab.name}: {', '.join(told)}".removesuffix(": ")
    return Shown(figure, source, tuple(compared), lab.name)
