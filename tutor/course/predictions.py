"""A number named before a lab runs, held against what the lab then measures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.figures import Figure
    from lessons.kit.answers.reading import Number
    from lessons.kit.course.steps import Step
    from tutor.learner.measurements import Measurement

TIMES_FROM = 9
"""From this error on, `15 times too much` says more than `1,400% off`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said, and what it was."""

    said: float
    measured: float
    """In the same unit."""
    off: float | None
    """The error as a share of what was measured; None where that is 0."""
    near: bool
    """Whether it is as near as the prediction asks."""
    words: str
    """All of it in one sentence."""
    value: str = ""
    """What the lab calls it."""
    unit: str = ""
    """What both numbers count."""


def read(step: Step, typed: str) -> Number:
    """The number that was typed for a prediction.

    Raises:
        lessons.kit.answers.reading.Unreadable: It is none; the words say why.
    """
    from lessons.kit.answers.reading import read_number

    return read_number(typed, step.settings["unit"])


def measures(step: Step, figure: Figure) -> bool:
    """Whether a figure holds the value that a prediction is about, as a number."""
    return math.isfinite(figure.values.get(step.settings["value"], math.nan))


def compare(step: Step, said: float, figure: Figure) -> Compared:
    """Hold a number against the figure of the prediction's lab.

    Raises:
        EngineError: The figure does not hold the value that the prediction is about, or that
            is no number.
    """
    from lessons.kit.display import show
    from lessons.kit.units import many

    key, within = step.settings["value"], step.settings["within"]
    if not measures(step, figure):
        raise EngineError(
            f"The lab measured {figure.values.get(key, 'nothing')!r} as {key!r}, which {step.id} "
            "is about."
        )
    measured = float(figure.values[key])
    off = abs(said - measured) / abs(measured) if measured else None
    near = said == measured if off is None else off <= within
    unit = many(step.settings["unit"])
    words = f"You said {show(said)}, measured {show(measured)} {unit}".rstrip()
    how = _how(said, measured, off)
    if near and off:
        how += f", within {100 * within:g}%"
    other = "" if near else _other(said, key, figure)
    return Compared(
        said, measured, off, near, f"{words}: {how}.{other}", key, step.settings["unit"]
    )


def told(held: Compared | Measurement) -> str:
    """How near a number was, behind a sign that says whether that is near enough."""
    words = held.words if isinstance(held, Compared) else held.says
    return f"{'✓' if held.near else '≠'} {words}"


def _other(said: float, key: str, figure: Figure) -> str:
    """The value of the figure that was named instead, as 127 is where 100 + 100 saturates."""
    from lessons.kit.display import show

    if len(f"{abs(said):g}".strip("0.")) < 2:  # of one digit it is as likely by chance
        return ""
    named = (name for name, value in figure.values.items() if name != key and value == said)
    name = next(named, "")
    return f" {show(said)} is another value of this lab, {name!r}." if name else ""


def _how(said: float, measured: float, off: float | None) -> str:
    """How far off it is, in a few words."""
    from lessons.kit.display import show

    if said == measured:
        return "exactly that"
    if off is None:
        return "not nothing"
    if said * measured < 0:
        return "of the other sign"
    if off <= TIMES_FROM:
        return f"{show(100 * off, 2)}% off"
    return f"{show(said / measured, 2)} times too much"
