"""Reads the syllabus: the lessons from their folders, how far the learner is from the record."""

from __future__ import annotations

from engine.errors import EngineError
from lessons.kit.course.course import load
from lessons.kit.course.lesson import lesson
from tutor.course.syllabus import Entry, Syllabus
from tutor.learner.record import Learner
from tutor.learner.snapshot import lesson_record


def syllabus(learner: Learner, session: int, daily: int) -> Syllabus:
    """How the learner stands now. A lesson that cannot be read is told in its place.

    Args:
        learner: The record.
        session: Questions of one review, at most.
        daily: Questions of all reviews of a day, at most.
    """
    course = load()
    entries = []
    for unit in course.units:
        for name in unit.lessons:
            entries.append(_entry(learner, unit.id, f"{unit.id}/{name}"))
    known = {step.id for each in entries if each.lesson for step in each.lesson.steps}
    place = learner.place() or ""
    return Syllabus(
        ready=True,
        units=course.units,
        entries=tuple(entries),
        review=learner.agenda.portion(known, session, daily),
        place=place,
        new=not place,
    )


def _entry(learner: Learner, unit: str, id: str) -> Entry:
    try:
        there = lesson(id)
    except EngineError as error:
        return Entry(id, unit, None, None, str(error))
    recurring = tuple(
        slip for slip in learner.slips(step.id for step in there.steps) if slip.recurs
    )
    return Entry(id, unit, there, lesson_record(there, learner.steps(id)), slips=recurring)
