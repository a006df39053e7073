"""Exercises: each fails as it is shipped, and passes with its solution."""

from __future__ import annotations

from pathlib import Path

from engine.errors import EngineError
from lessons.kit.course.exercise import Exercise
from lessons.kit.course.lesson import Lesson
from lessons.kit.judging.grader import Grader
from lessons.kit.judging.verdict import NOT_JUDGED, PASSED
from lessons.kit.linting.finding import Notes


def check_exercise(lesson: Lesson, grader: Grader, notes: Notes) -> None:
    """A lesson's exercise, where it has one."""
    try:
        exercise = lesson.exercise()
        if exercise is None:
            return
        notes.counts["exercises"] += 1
        _shipped(exercise, grader, notes)
        _solved(exercise, grader, notes)
    except EngineError as error:
        notes.add(lesson.id, "exercise", str(error))


def _shipped(exercise: Exercise, grader: Grader, notes: Notes) -> None:
    report = _report(exercise, exercise.shipped, grader, notes)
    if report.passed:
        notes.add(exercise.lesson, "exercise.py", "It passes as it is shipped.")
    for result in report.results:
        if result.outcome == PASSED:
            notes.counts["checks passed as shipped"] += 1


def _solved(exercise: Exercise, grader: Grader, notes: Notes) -> None:
    for result in _report(exercise, exercise.solution, grader, notes).results:
        if result.outcome not in (PASSED, NOT_JUDGED):
            parts = (result.why, result.expected and f"expected {result.expected}", result.got)
            says = "; ".join(filter(None, parts))
            notes.add(exercise.lesson, f"solution.py, {result.name}", f"{result.outcome}: {says}")


def _report(exercise: Exercise, file: Path, grader: Grader, notes: Notes):
    report = grader.check(exercise, file)
    notes.counts["checks"] += len(report.results)
    for result in report.results:
        if result.outcome == NOT_JUDGED:
            where = f"checks.py, {result.name}"
            notes.add(exercise.lesson, where, f"Not judged of {file.name}: {result.why}")
    return report
