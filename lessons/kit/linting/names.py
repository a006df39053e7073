"""Names that a release had: each must still stand for something, or be said to be gone.

python -m lessons.kit.linting.names      adds the names of today to names.toml, for a release
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from lessons.kit.course.course import Course
from lessons.kit.course.lesson import Lesson, every_lesson
from lessons.kit.linting.finding import Notes

FILE = "names.toml"
HEAD = """\
# Every step that a release had, by its lesson, but for its texts. A learner may have done any of
# them, so a name that is no longer in the course must stand in course.toml as renamed or removed.
# `python -m lessons.kit.linting.names` adds those of today; nothing is taken out by hand.
"""


def released() -> tuple[str, ...]:
    """All names of steps that were ever out."""
    told = tomllib.loads(files("lessons").joinpath(FILE).read_text(encoding="utf-8"))
    return tuple(f"{lesson}/{step}" for lesson, steps in told.items() for step in steps)


def check_old_names(
    course: Course, lessons: Sequence[Lesson], released: Iterable[str], notes: Notes
) -> None:
    """Whether nothing that a learner may have done has dropped out of sight.

    Args:
        course: With its old names.
        lessons: All of its lessons.
        released: Names of steps that were ever out.
        notes: Takes what is found.
    """
    steps = {step.id for lesson in lessons for step in lesson.steps}
    there = steps | set(course.lessons)
    gone: dict[str, list[str]] = {}
    for id in released:
        lesson, kind, label = id.rsplit("/", 2)
        removed = {id, lesson, course.today(id)} & set(course.removed)
        if course.today(id) not in steps and not removed:
            gone.setdefault(lesson, []).append(f"{kind}/{label}")
    for lesson, lost in gone.items():
        says = (
            f"{', '.join(lost)} {'is' if len(lost) == 1 else 'are'} no longer in the course: what "
            "learners have done there drops out of sight. course.toml has [renamed] for a new "
            "name, and removed for what is gone."
        )
        notes.add(lesson, "names", says)
    for old, new in course.renamed.items():
        if old in there:
            notes.add(old, "names", f"course.toml renames it to {new}, but it is in the course.")
        elif course.today(new) not in there and new not in course.removed:
            notes.add(old, "names", f"course.toml renames it to {new}, which there is not.")
    for id in course.removed:
        if id in there:
            notes.add(id, "names", "course.toml says that it is removed, but it is in the course.")


def written(lessons: Iterable[Lesson], released: Iterable[str]) -> str:
    """The file with the names of today beside those that were out."""
    known: dict[str, dict[str, None]] = {}
    for id in (*released, *(step.id for lesson in lessons for step in lesson.steps)):
        lesson, kind, label = id.rsplit("/", 2)
        if kind != "reading":
            known.setdefault(lesson, {})[f"{kind}/{label}"] = None
    tables = [
        f'"{lesson}" = [\n' + "".join(f'    "{step}",\n' for step in steps) + "]\n"
        for lesson, steps in known.items()
    ]
    return "\n".join([HEAD, *tables])


if __name__ == "__main__":
    file = Path(str(files("lessons").joinpath(FILE)))
    file.write_text(written(every_lesson(), released() if file.is_file() else ()), encoding="utf-8")
