"""The course as the learner stands in it: lessons with their records, what is due, what is next.

Home paints with this before anything was read; `tutor.course.enrolment` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.learner.agenda import Portion
from tutor.learner.attempts import lesson_of

if TYPE_CHECKING:
    from lessons.kit.course.course import Unit
    from lessons.kit.course.lesson import Lesson
    from tutor.learner.mastery import Slip
    from tutor.learner.snapshot import LessonRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson in the course."""

    id: str
    unit: str
    """Its unit's id."""
    lesson: Lesson | None
    """None where it cannot be read."""
    record: LessonRecord | None
    trouble: str = ""
    """Why it cannot be read."""
    slips: tuple[Slip, ...] = ()
    """Known mistakes that recur in it."""

    @property
    def title(self) -> str:
        """As it is listed."""
        return self.lesson.title if self.lesson else self.id.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Syllabus:
    """All of it, at one moment."""

    ready: bool = False
    """False until it was read for the first time."""
    units: tuple[Unit, ...] = ()
    entries: tuple[Entry, ...] = ()
    review: Portion = field(default_factory=Portion)
    """What a review asks, and how much is due beside that."""
    place: str = ""
    """The step where the learner was last; empty where they never were."""
    trouble: str = ""
    """Why the record cannot be read."""
    new: bool = True
    """Whether nothing was done yet."""

    def entry(self, id: str) -> Entry | None:
        """The lesson of that id."""
        return next((each for each in self.entries if each.id == id), None)

    def of(self, unit: str) -> tuple[Entry, ...]:
        """The lessons of a unit."""
        return tuple(each for each in self.entries if each.unit == unit)

    def unit_of(self, id: str) -> str:
        """The name of a lesson's unit."""
        entry = self.entry(id)
        return next((u.name for u in self.units if entry and u.id == entry.unit), "")

    def after(self, id: str) -> tuple[str, str] | None:
        """Id and title of the lesson after one; None after the last."""
        ids = [each.id for each in self.entries]
        at = ids.index(id) + 1 if id in ids else len(ids)
        left = [each for each in self.entries[at:] if each.lesson]
        return (left[0].id, left[0].title) if left else None

    def goes_on(self) -> Entry | None:
        """The lesson to go on with: the one the learner was in, else the next that is not done."""
        here = self.entry(lesson_of(self.place)) if self.place else None
        if here and here.record and here.record.state != "done":
            return here
        at = self.entries.index(here) if here else 0
        ahead = (*self.entries[at:], *self.entries[:at])
        return next((e for e in ahead if e.record and e.record.state != "done"), None)

    def step_of(self, entry: Entry) -> int:
        """The number, from 1, of the step where the learner is in a lesson; 0 where not in it."""
        ids = [step.id for step in entry.lesson.steps]
        return ids.index(self.place) + 1 if self.place in ids else 0
