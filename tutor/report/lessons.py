"""Lessons in plain text: a list of them, and one of them from its first step to its last."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tutor.course.sources import about_documents
from tutor.report import markdown
from tutor.report.paragraphs import prose_width, room, wrapped
from tutor.report.question import counted
from tutor.report.table import shorter, table

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from tutor.learner.attempts import Place
    from tutor.learner.snapshot import LessonRecord

HEADS = ("", "lesson", "title", "takes", "steps", "points")
STATES = {"new": "○ new", "begun": "◐ begun", "done": "● done"}
"""A lesson's glyph and word."""
WIDTH = 76
"""Of what is laid out here, where there is room."""


def list_text(lessons: Sequence[Lesson], records: Sequence[LessonRecord]) -> str:
    """One line a lesson; where that has not room for its title too, its id stands for it."""
    rows = [
        (
            STATES[record.state],
            lesson.id,
            lesson.title,
            f"{lesson.minutes} min",
            f"{record.done}/{record.steps}",
            f"{record.points:.3g}/{record.of:g}",
        )
        for lesson, record in zip(lessons, records, strict=True)
    ]
    if not rows:
        return "There are no lessons yet."
    width = room()
    title = HEADS.index("title")
    fewer = [(*row[:title], *row[title + 1 :]) for row in (HEADS, *rows)]
    return shorter(
        table(rows, HEADS, right=(3, 4, 5), width=width),
        table(fewer[1:], fewer[0], right=(2, 3, 4), width=width),
    )


def as_dict(lesson: Lesson, record: LessonRecord) -> dict[str, Any]:
    """A lesson as `tutor lessons --json` lists it."""
    return {
        "lesson": lesson.id,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "needs": list(lesson.needs),
        "can": list(lesson.can),
        "state": record.state,
        "done": record.done,
        "steps": record.steps,
        "points": record.points,
        "of": record.of,
        "changed": list(record.changed),
        "seconds": record.seconds,
    }


def steps_dict(lesson: Lesson, places: Mapping[str, Place]) -> list[dict[str, Any]]:
    """A lesson's steps as `tutor read --json` gives them."""
    rows = []
    for step in lesson.steps:
        place = places.get(step.id)
        rows.append(
            {
                "step": step.id,
                "kind": step.kind,
                "name": step.name,
                "text": step.text,
                "settings": dict(step.settings),
                "of": step.points,
                "points": place.points if place else 0,
                "state": place.state if place else "new",
                "changed": place.changed(step.hash) if place else False,
            }
        )
    return rows


def head_text(lesson: Lesson) -> str:
    """What the lesson is, before it begins."""
    lines = [f"{lesson.title} ({lesson.id}), {lesson.minutes} minutes, {counted(lesson.points)}"]
    lines += ["", "You will be able to", *(f"  - {each}" for each in lesson.can)]
    if lesson.needs:
        lines += ["", f"Needs  {', '.join(lesson.needs)}"]
    return "\n".join(lines)


def sources_text(lesson: Lesson) -> str:
    """Where it is from."""
    told = [
        textwrap.fill(each, prose_width(WIDTH), initial_indent="  - ", subsequent_indent="    ")
        for each in lesson.sources
    ]
    said = wrapped(about_documents(lesson.sources), prose_width(WIDTH))
    return "\n".join(["Sources", *told, *(["", said] if said else [])])


def lesson_text(lesson: Lesson, places: Mapping[str, Place]) -> str:
    """All of a lesson, with the command for each step that is done rather than read."""
    parts = [head_text(lesson)]
    parts += [step_text(lesson, step, places.get(step.id)) for step in lesson.steps]
    return "\n\n".join([*parts, sources_text(lesson)])


def step_text(lesson: Lesson, step: Step, place: Place | None) -> str:
    """One step as it is read."""
    if step.kind == "reading":
        return markdown.text(step.text)
    rule = f"--- {title(step)}{_standing(step, place)} "
    head = rule + "-" * max(3, prose_width(WIDTH) - len(rule))
    return "\n".join([head, *_invitation(lesson, step)])


def title(step: Step) -> str:
    """A step's kind and name: `question absmax-scale`."""
    return step.kind if step.name == step.kind else f"{step.kind} {step.name}"


def _invitation(lesson: Lesson, step: Step) -> Iterator[str]:
    """What to do, and the command that does it."""
    folder = lesson.id.rpartition("/")[2]
    if step.kind == "predict":
        yield markdown.text(step.text)
        yield f"  tutor lab {step.settings['lab']} --predict NUMBER"
    elif step.kind == "lab":
        given = "".join(f" {name}={value}" for name, value in step.settings.get("set", {}).items())
        yield f"  tutor lab {step.name}{given}"
    elif step.kind == "question":
        yield f"  tutor ask {step.name}"
    elif step.kind == "task":
        yield f"  tutor pipeline --task {step.name}"
    else:
        yield f"  tutor check {folder}"


def _standing(step: Step, place: Place | None) -> str:
    if place is None:
        return ""
    points = f", {place.points:.3g} of {step.points:g} points" if step.points else ""
    changed = ", changed since" if place.changed(step.hash) else ""
    return f": {place.state}{points}{changed}"
