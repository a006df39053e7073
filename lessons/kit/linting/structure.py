"""Lessons as they are put together: front matter, steps, names, and links to other lessons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import EngineError, SpecError
from lessons.kit.answers.reading import Unreadable, unit_of
from lessons.kit.course import course
from lessons.kit.course.lesson import Lesson
from lessons.kit.course.steps import Step
from lessons.kit.linting import template
from lessons.kit.linting.asked import unit_missed
from lessons.kit.linting.finding import Notes

LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")
"""A link, and where it leads to."""
IN_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Known:
    """What lessons may refer to."""

    lessons: tuple[str, ...]
    """Ids, in the order they are taken."""


def check_lesson(lesson: Lesson, known: Known, notes: Notes) -> None:
    """One lesson's text, its steps, and the functions behind them."""
    notes.counts["lessons"] += 1
    notes.counts["steps"] += len(lesson.steps)
    _front(lesson, known, notes)
    _links(lesson, known, notes)
    kinds = {"question": _named(lesson, "questions", notes), "lab": _named(lesson, "labs", notes)}
    for kind, functions in kinds.items():
        used = {step.name for step in lesson.steps if step.kind == kind}
        for name in used - set(functions):
            notes.add(lesson.id, f"{kind} {name}", f"{kind}s.py has no {kind} of that name.")
        for name in set(functions) - used:
            notes.add(lesson.id, f"{kind} {name}", "No step of the lesson shows it.")
    if not any(step.kind != "reading" for step in lesson.steps):
        notes.add(lesson.id, "lesson.md", "There is nothing to do in it.")
    for step in lesson.steps:
        _step(lesson, step, kinds["lab"], notes)
    _exercise(lesson, notes)
    for file, line, what in template.blanks(lesson.folder):
        notes.add(lesson.id, f"{file}, line {line}", f"Still to be filled in: {what}.")


def check_names(lessons: Sequence[Lesson], notes: Notes) -> None:
    """Ids of questions and labs, which `tutor ask` and `tutor lab` find without their lesson."""
    for kind in ("question", "lab"):
        seen: dict[str, str] = {}
        for lesson in lessons:
            for name in {step.name for step in lesson.steps if step.kind == kind}:
                if (first := seen.setdefault(name, lesson.id)) != lesson.id:
                    notes.add(lesson.id, f"{kind} {name}", f"{first} has a {kind} of that name.")


def _front(lesson: Lesson, known: Known, notes: Notes) -> None:
    for name in ("can", "sources"):
        lines = getattr(lesson, name)
        if not lines or not all(isinstance(line, str) and line.strip() for line in lines):
            notes.add(lesson.id, "front matter", f"{name} names nothing.")
    if not isinstance(lesson.title, str) or not lesson.title.strip():
        notes.add(lesson.id, "front matter", f"{lesson.title!r} is no title.")
    if not isinstance(lesson.minutes, int) or lesson.minutes < 1:
        notes.add(lesson.id, "front matter", f"{lesson.minutes!r} are no minutes.")
    for need in lesson.needs:
        if need not in known.lessons:
            notes.add(lesson.id, "front matter", f"It needs {need!r}, which is no lesson.")
        elif lesson.id in known.lessons and (
            known.lessons.index(need) >= known.lessons.index(lesson.id)
        ):
            notes.add(lesson.id, "front matter", f"It needs {need}, which does not come before it.")


def _links(lesson: Lesson, known: Known, notes: Notes) -> None:
    for step in lesson.steps:
        for target in LINK.findall(IN_CODE.sub("", step.text)):
            notes.counts["links"] += 1
            if not _resolves(target, lesson, known):
                where = f"lesson.md, line {step.line}"
                notes.add(lesson.id, where, f"The link to {target!r} leads nowhere.")


def _resolves(target: str, lesson: Lesson, known: Known) -> bool:
    if re.match(r"[a-z]+://", target):
        return True
    place = target.partition("#")[0].removeprefix("lesson:").removeprefix("../").strip("/")
    unit = lesson.id.partition("/")[0]
    ends = {id.rpartition("/")[2] for id in known.lessons}
    inside = not place or (lesson.folder / place).exists()
    return inside or place in known.lessons or f"{unit}/{place}" in known.lessons or place in ends


def _named(lesson: Lesson, what: str, notes: Notes) -> dict:
    try:
        return getattr(lesson, what)()
    except EngineError as error:
        notes.add(lesson.id, f"{what}.py", str(error))
        return {}


def _step(lesson: Lesson, step: Step, labs: dict, notes: Notes) -> None:
    where = f"lesson.md, line {step.line}"
    if step.kind == "predict":
        for says in _prediction(step):
            notes.add(lesson.id, where, says)
    if step.kind == "task" and step.name not in (stages := _stages(lesson)):
        known = f"it has {', '.join(stages)}" if stages else "it has none"
        notes.add(lesson.id, where, f"The unit has no stage {step.name!r}; {known}.")
    lab = step.settings.get("lab") if step.kind == "predict" else step.name
    if step.kind not in ("predict", "lab") or not labs:
        return
    if lab not in labs:
        if step.kind == "predict":
            notes.add(lesson.id, where, f"labs.py has no lab named {lab!r}.")
        return
    try:
        labs[lab].values(step.settings.get("set", {}))
    except SpecError as error:
        notes.add(lesson.id, where, str(error))


def _stages(lesson: Lesson) -> list[str]:
    """Ids of the stages of a lesson's unit."""
    unit = lesson.id.partition("/")[0]
    return [stage.id for each in course.load().units if each.id == unit for stage in each.stages]


def _prediction(step: Step) -> Iterable[str]:
    if not 0 < step.settings["within"] < 1:
        yield f"within = {step.settings['within']} is no share of what is measured."
    try:
        unit_of(step.settings["unit"])
    except Unreadable as error:
        yield f"unit: {error.why}"
    else:
        if says := unit_missed(step.settings["ask"], step.settings["unit"]):
            yield says


def _exercise(lesson: Lesson, notes: Notes) -> None:
    here = [step for step in lesson.steps if step.kind == "exercise"]
    files = [name for name in ("exercise", "solution", "checks") if _there(lesson, name)]
    if here and len(files) < 3:
        lacks = sorted({"exercise", "solution", "checks"} - set(files))
        notes.add(lesson.id, "exercise", f"It lacks {', '.join(f'{name}.py' for name in lacks)}.")
    if files and not here:
        notes.add(lesson.id, "exercise", f"No step of the lesson shows {files[0]}.py.")


def _there(lesson: Lesson, name: str) -> bool:
    return (lesson.folder / f"{name}.py").is_file()
