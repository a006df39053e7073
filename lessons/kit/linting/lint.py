"""`tutor lint`: whether the course is what it says, for authors and for the test suite.

    report = lint()                      the whole course
    report = lint([lesson], parts=["questions"], seeds=20)

Four parts: `structure` (names, sources, needs, links), `questions` (each under many seeds),
`exercises` (each fails as shipped, passes solved) and `labs` (each at its defaults and ends).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from time import perf_counter

from engine.errors import EngineError
from lessons.kit.bench.bench import Bench
from lessons.kit.course import course, same
from lessons.kit.course.lesson import Lesson, lesson
from lessons.kit.judging.grader import Grader
from lessons.kit.linting.exercises import check_exercise
from lessons.kit.linting.finding import Finding, LintReport, Notes, Tried
from lessons.kit.linting.labs import check_labs
from lessons.kit.linting.names import check_old_names, released
from lessons.kit.linting.questions import check_question
from lessons.kit.linting.same import check_same
from lessons.kit.linting.structure import Known, check_lesson, check_names

__all__ = ["PARTS", "SEEDS", "Finding", "LintReport", "Tried", "lint"]

PARTS = ("structure", "questions", "exercises", "labs")
SEEDS = 200
"""Variants of each question."""


def lint(
    lessons: Sequence[Lesson] | None = None,
    *,
    parts: Collection[str] = PARTS,
    seeds: int = SEEDS,
    long: bool = False,
    told: Callable[[str], object] = lambda what: None,
) -> LintReport:
    """Look through lessons.

    Args:
        lessons: Which; None for all of the course. They may need and link to one another and to
            the course's.
        parts: Some of PARTS.
        seeds: Variants of each question.
        long: Whether labs that take minutes are computed too.
        told: Called with what is looked at next, in words.

    Raises:
        ValueError: There is no such part.
    """
    if unknown := set(parts) - set(PARTS):
        raise ValueError(f"There is no part {', '.join(sorted(unknown))}; there are {PARTS}.")
    notes, seconds = Notes(), {}
    ids, whole = course.load().lessons, lessons is None
    if whole:
        lessons = _all(ids, notes)
    known = Known(tuple(dict.fromkeys([*ids, *(each.id for each in lessons)])))
    computes = "labs" in parts and any((each.folder / "labs.py").is_file() for each in lessons)
    judges = "exercises" in parts and any((each.folder / "checks.py").is_file() for each in lessons)
    with (
        Bench() if computes else nullcontext() as bench,
        Grader() if judges else nullcontext() as grader,
    ):
        for part in PARTS:
            if part not in parts:
                continue
            began = perf_counter()
            for each in lessons:
                told(f"{part} of {each.id}")
                match part:
                    case "structure":
                        check_lesson(each, known, notes)
                    case "questions":
                        _questions(each, seeds, notes)
                    case "exercises":
                        check_exercise(each, grader, notes)
                    case "labs":
                        check_labs(each, bench, long, notes)
            if part == "structure":
                check_names(lessons, notes)
                if whole:
                    check_old_names(course.load(), lessons, released(), notes)
                    check_same(lessons, same.known(), notes)
            seconds[part] = perf_counter() - began
    return LintReport(tuple(notes.findings), tuple(notes.tried), dict(notes.counts), seconds)


def _all(ids: Sequence[str], notes: Notes) -> list[Lesson]:
    found = []
    for id in ids:
        try:
            found.append(lesson(id))
        except EngineError as error:
            notes.add(id, "lesson.md", str(error))
    return found


def _questions(lesson: Lesson, seeds: int, notes: Notes) -> None:
    try:
        questions = lesson.questions()
    except EngineError as error:
        notes.add(lesson.id, "questions.py", str(error))
        return
    for id, function in questions.items():
        check_question(lesson, id, function, seeds, notes)
