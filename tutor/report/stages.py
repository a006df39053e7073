"""A unit's stages in plain text: how each stands, and what it came to."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tutor.report.paragraphs import prose_width
from tutor.tutorial import run_words as wording
from tutor.tutorial import size_words
from tutor.tutorial import stages as progress

if TYPE_CHECKING:
    from lessons.kit.course.course import Unit
    from tutor.tutorial.snapshot import Snapshot
    from tutor.tutorial.stages import Standing


def unit_text(unit: Unit, seen: Snapshot) -> str:
    """All stages, numbered, and the points so far."""
    places = progress.standings(unit, seen)
    parts = [stage_text(number, place) for number, place in enumerate(places, 1)]
    done = sum(place.state == "finished" for place in places)
    choice = seen.choice
    size = f"size {choice.preset}, {choice.student} learns from {choice.teacher}"
    told = f"{done} of {len(places)} done · {progress.points_line(unit, seen)} · {size}"
    told += f"\n{small}" if (small := size_words.in_full(seen.size)) else ""
    return "\n".join([*parts, "", *([seen.trouble] if seen.trouble else []), told])


def stage_text(number: int, place: Standing) -> str:
    """One of them: its state, its result, and what it does."""
    head = f"  {number}  {place.stage.name}: {_state(place)}"
    about = textwrap.fill(
        place.stage.about, prose_width(), initial_indent=" " * 5, subsequent_indent=" " * 5
    )
    return f"{head}\n{about}"


def _state(place: Standing) -> str:
    if place.run is None:
        return "not run yet"
    parts = [wording.state(place.run) if place.state != "finished" else "✓ finished", place.result]
    if place.state == "failed" and place.run.error:
        parts.append(place.run.error.get("what", ""))
    elif place.state != "finished":
        runs = len(place.stage.runs)
        parts.append(f"its run {place.at} of {runs}" if runs > 1 else "")
        parts += [wording.far(place.run), f"{place.left} of the task" if place.left else ""]
    return ", ".join(part for part in parts if part)
