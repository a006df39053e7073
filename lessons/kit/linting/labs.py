"""Labs: each computes at its defaults, at the ends of its ranges, and as its lesson sets it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine.errors import EngineError
from engine.figures import BarChart, Figure, LineChart, Several
from lessons.kit.bench.bench import Bench
from lessons.kit.course.lesson import Lesson
from lessons.kit.lab import Lab, Value
from lessons.kit.linting.finding import Notes

LIMIT_SECONDS = 60.0
"""For one figure of a quick lab; a slow machine may take its time."""
LONG_LIMIT_SECONDS = 1800.0


def check_labs(lesson: Lesson, bench: Bench, long: bool, notes: Notes) -> None:
    """All labs of a lesson.

    Args:
        lesson: Whose.
        bench: Where they are computed.
        long: Whether labs that take minutes are tried too; else they are counted as left out.
        notes: What is found.
    """
    try:
        labs = lesson.labs()
    except EngineError:  # said by `structure`
        return
    for lab in labs.values():
        if lab.long and not long:
            notes.counts["labs left out"] += 1
            continue
        notes.counts["labs"] += 1
        for values, wanted in _settings(lesson, lab):
            _compute(lesson, lab, values, wanted, bench, notes)


def _settings(lesson: Lesson, lab: Lab) -> Iterator[tuple[dict[str, Value], set[str]]]:
    """Values to try, and the measured numbers that predictions want of each."""
    tried: dict[tuple, set[str]] = {tuple(values.items()): set() for values in lab.trials()}
    for step in lesson.steps:
        is_prediction = step.kind == "predict" and step.settings["lab"] == lab.name
        if is_prediction or (step.kind == "lab" and step.name == lab.name):
            values = lab.values(step.settings.get("set", {}))
            wanted = tried.setdefault(tuple(values.items()), set())
            wanted |= {step.settings["value"]} if is_prediction else set()
    for values, wanted in tried.items():
        yield dict(values), wanted


def _compute(
    lesson: Lesson, lab: Lab, values: dict, wanted: set[str], bench: Bench, notes: Notes
) -> None:
    shown = " ".join(f"{name}={value}" for name, value in values.items())
    where = f"lab {lab.name} {shown}".rstrip()
    try:
        limit = LONG_LIMIT_SECONDS if lab.long else LIMIT_SECONDS
        figure = bench.compute(lesson.folder, lab.name, values, limit=limit)
    except EngineError as error:
        notes.add(lesson.id, where, str(error))
        return
    notes.counts["figures"] += 1
    for says in _faults(figure, wanted):
        notes.add(lesson.id, where, says)


def _faults(figure: Figure, wanted: set[str]) -> Iterator[str]:
    if not figure.caption.strip():
        yield "Its caption says nothing."
    for name in sorted(wanted):
        value = figure.values.get(name)
        if value is None or not math.isfinite(value):
            yield f"A prediction is held against {name!r}, which is {value}."
    yield from _unworded(figure)


def _unworded(figure: Figure, above: Mapping[str, float] = MappingProxyType({})) -> Iterator[str]:
    """What a figure, and each within it, does not say of what it measured."""
    for name, value in figure.values.items():
        words = figure.words.get(name)
        if words is None and above.get(name) != value:
            yield f"It has no words for {name!r}; empty ones for what is told already."
        elif words and words.count("{}") != 1:
            yield f"The words for {name!r} are to have one {{}} for the number: {words!r}."
    for name in sorted(figure.words.keys() - figure.values.keys()):
        yield f"It has words for {name!r}, which it did not measure."
    if isinstance(figure, Several):
        for part in figure.figures:
            yield from _unworded(part, {**above, **figure.values})
    elif isinstance(figure, LineChart | BarChart):
        axes = {"y": figure.y} | ({"x": figure.x} if isinstance(figure, LineChart) else {})
        yield from (f"Its {axis} axis has no name." for axis, of in axes.items() if not of.strip())
        held = figure.values.keys() | above.keys()
        for name, axis in figure.places.items():
            if name not in held or axis not in axes:
                yield f"It has a place for {name!r} on {axis}, where there is no such number."
