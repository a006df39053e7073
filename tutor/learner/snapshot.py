"""All that is known about a learner's way through the course, at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from tutor.learner.agenda import Ahead
from tutor.learner.attempts import DONE, Place, Shown
from tutor.learner.mastery import MASTERED, SHAKY, Rows, Slip, Standing
from tutor.learner.measurements import Tally
from tutor.learner.renaming import Gone


class Taught(Protocol):
    """A lesson: `lessons.kit.course.lesson.Lesson`, or anything with these two."""

    id: str
    steps: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class LessonRecord:
    """How far a lesson is."""

    lesson: str
    state: str
    """`new`, `begun` or `done`."""
    done: int
    """Steps done, as their text stands now."""
    steps: int
    points: float
    of: float
    changed: tuple[str, ...]
    """Steps whose text has changed since they were seen."""
    seconds: float
    """Spent on it."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, in local time."""

    date: str
    """Such as 2026-11-22."""
    attempts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The record of one learner, summed up."""

    points: float
    of: float
    lessons: tuple[LessonRecord, ...]
    mastered: tuple[str, ...]
    """Question steps."""
    shaky: tuple[str, ...]
    standings: tuple[Standing, ...]
    """Every question that was asked."""
    slips: tuple[Slip, ...]
    """Those that recur, the most frequent first."""
    predictions: Tally
    """How near the numbers were that were named before a lab ran."""
    seconds: float
    """Time spent, all in all."""
    days: tuple[Day, ...]
    """Days on which something was done, in their order."""
    due: int
    """Questions that are due now."""
    next_due: float | None
    """When the next question comes back, where none is due."""
    reviews: Ahead
    """The coming days, and the questions that are no usual ones."""
    at: float = field(default=0.0, compare=False)
    """When this was so, in seconds since 1970."""
    notes: tuple[str, ...] = ()
    """What is to be said of the record itself, such as rows that were set aside."""
    gone: tuple[Gone, ...] = ()
    """Steps that were done and are no longer in the course."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def lesson_record(
    lesson: Taught, places: Mapping[str, Place], seconds: float = 0.0
) -> LessonRecord:
    """How far one lesson is.

    Args:
        lesson: As it stands now.
        places: How its steps stand, by id; steps that are no more are left out of the sum.
        seconds: Spent on it.
    """
    there = [(step, places[step.id]) for step in lesson.steps if step.id in places]
    done = sum(place.done(step.hash) for step, place in there)
    changed = tuple(step.id for step, place in there if place.changed(step.hash))
    passed = done == len(lesson.steps) and done > 0
    return LessonRecord(
        lesson.id,
        "done" if passed else "begun" if there else "new",
        done,
        len(lesson.steps),
        sum(min(place.points, step.points) for step, place in there),
        sum(step.points for step in lesson.steps),
        changed,
        seconds,
    )


def days(rows: Rows) -> list[Day]:
    """Every day on which something was done."""
    told = rows(
        "SELECT date(at, 'unixepoch', 'localtime') AS day, count(*) AS attempts, "
        "sum(seconds) AS seconds FROM attempts GROUP BY day ORDER BY day"
    )
    return [Day(row["day"], row["attempts"], row["seconds"]) for row in told]


def summed_up(
    lessons: Sequence[LessonRecord],
    known: Sequence[Standing],
    slips: Sequence[Slip],
    when: Sequence[Day],
    predictions: Tally,
    due: int,
    reviews: Ahead,
    notes: Sequence[str],
    gone: Sequence[Gone],
    now: float,
) -> Snapshot:
    """The snapshot of these parts."""
    return Snapshot(
        points=sum(each.points for each in lessons),
        of=sum(each.of for each in lessons),
        lessons=tuple(lessons),
        mastered=tuple(each.step for each in known if each.state == MASTERED),
        shaky=tuple(each.step for each in known if each.state == SHAKY),
        standings=tuple(known),
        slips=tuple(slip for slip in slips if slip.recurs),
        predictions=predictions,
        seconds=sum(day.seconds for day in when),
        days=tuple(when),
        due=due,
        next_due=None if due else reviews.next,
        reviews=reviews,
        at=now,
        notes=tuple(notes),
        gone=tuple(gone),
    )


def first_open(lesson: Taught, places: Mapping[str, Place]) -> str | None:
    """The first step that is neither done nor skipped as its text stands now."""
    for step in lesson.steps:
        place = places.get(step.id)
        if place is None or place.changed(step.hash) or place.state not in (DONE, "skipped"):
            return step.id
    return None
