"""Lessons, labs, exercises, and the learner's record: what the study's thread works with.

Everything here may take its time; what it gives back is immutable and made ready for the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.machine import Machine, machine
from engine.runs.home import Home
from lessons.kit import question
from lessons.kit.answers.reading import Unreadable
from lessons.kit.controls import Value
from lessons.kit.course.exercise import reset
from lessons.kit.course.lesson import Lesson, lesson
from lessons.kit.course.steps import Step
from lessons.kit.lab import Lab
from tutor import config
from tutor.course import measuring
from tutor.course import predictions as prediction
from tutor.course.enrolment import syllabus
from tutor.course.predictions import Compared, told
from tutor.course.syllabus import Syllabus
from tutor.learner import bookmarks, newcomer
from tutor.learner.attempts import DONE, Attempt, Place, lesson_of
from tutor.learner.mastery import Slip
from tutor.learner.record import Learner
from tutor.learner.snapshot import Snapshot
from tutor.tui.classroom import exercise as exercises
from tutor.tui.classroom.exercise import ExercisePage
from tutor.tui.classroom.pages import (
    LabPage,
    Opened,
    Outlined,
    Page,
    Predicted,
    Reviewing,
    ToReview,
)
from tutor.tui.classroom.questions import Asking
from tutor.tui.searching.course import items
from tutor.tui.searching.index import Index
from tutor.tui.words.prose import prose

if TYPE_CHECKING:
    from engine.figures import Figure


class Classroom:
    """One learner, and the course."""

    def __init__(self, home: Home) -> None:
        """Opens nothing yet: a home that cannot be used is told with the first order."""
        self.home = home
        self._learner: Learner | None = None
        self._index: Index | None = None

    def close(self) -> None:
        """Close the record."""
        if self._learner is not None:
            self._learner.close()

    @property
    def learner(self) -> Learner:
        """The record.

        Raises:
            EngineError: It cannot be read or written.
        """
        if self._learner is None:
            self._learner = Learner(self.home)
        return self._learner

    # The course, a lesson, and the learner's place

    def course(self) -> Syllabus:
        """How the learner stands in the course."""
        settings = config.read()
        return syllabus(self.learner, settings.review_session, settings.review_day)

    def lesson(self, id: str) -> Lesson:
        """A lesson of the course.

        Raises:
            EngineError: There is none, or it cannot be read.
        """
        return lesson(id)

    def open(self, id: str, at: str = "") -> Opened:
        """A lesson with all its steps.

        Args:
            id: The lesson's.
            at: The step to begin with; empty for where the learner was, and for the first step of
                a lesson that they were at the end of.
        """
        wanted = self.lesson(id)
        measuring.catch_up(self.learner, [wanted], self.home)
        places = self.learner.steps(id)
        pages = tuple(self._page(wanted, step, places.get(step.id)) for step in wanted.steps)
        known = {page.step.id for page in pages}
        stood = self.learner.place(id)
        if stood == pages[-1].step.id and all(page.passed for page in pages):
            stood = ""  # who comes back to a lesson that is through begins it again
        at = next((each for each in (at, stood) if each in known), "")
        at = at or next((page.step.id for page in pages if not page.passed), pages[0].step.id)
        self.learner.go_to(at)
        return Opened(wanted, pages, at, self.learner.points(id), frozenset(self.bookmarks()))

    def outline(self, id: str) -> Outlined:
        """How the steps of a lesson stand; the learner's place stays."""
        wanted, places = self.lesson(id), self.learner.steps(id)
        pages = tuple(Page(step, places.get(step.id), ()) for step in wanted.steps)
        place = self.learner.place(id) or pages[0].step.id
        return Outlined(wanted, pages, place, frozenset(self.bookmarks()))

    def _page(self, lesson: Lesson, step: Step, place: Place | None) -> Page:
        page = Page(step, place, prose(step.text))
        if step.kind == "predict":
            page = replace(page, draft=self.learner.half_named(step.id))
        if step.kind == "reading" or place is None or place.changed(step.hash):
            return page
        last = next(iter(self.learner.history(step.id, 1)), None)
        if step.kind != "question" or last is None or not last.seed or place.state != DONE:
            return replace(page, last=last)
        variant = question.variant(lesson.questions()[last.question], last.seed)
        in_hand = self.learner.in_hand(step, step.name)
        return replace(page, last=last, asked=prose(variant.body.ask), in_hand=in_hand)

    def go_to(self, step: Step) -> None:
        """The learner is there."""
        self.learner.go_to(step.id)

    def read(self, step: Step, seconds: float) -> Place | None:
        """A text was read."""
        if not self.learner.done(step.id, step.hash):
            self.learner.read(step, seconds)
        return self.learner.step(step.id)

    def skip(self, step: Step, seconds: float) -> Place | None:
        """A step was passed over."""
        self.learner.skipped(step, seconds)
        return self.learner.step(step.id)

    def progress(self) -> Snapshot:
        """All that is known about the learner's way through the course."""
        there = [entry.lesson for entry in self.course().entries if entry.lesson is not None]
        measuring.catch_up(self.learner, there, self.home)
        return self.learner.progress(there, config.read().review_day)

    def machine(self) -> Machine:
        """What this machine has."""
        return machine(self.home.cards)

    def welcomed(self) -> None:
        """The first screen was seen."""
        newcomer.welcomed(self.home)

    def to_review(self, limit: int | None = None) -> Reviewing:
        """The questions that a review asks, and how much is due beside them.

        Args:
            limit: So many, whatever the settings say of a review and of a day; None for these.
        """
        steps = {
            step.id: (entry.lesson, step)
            for entry in self.course().entries
            if entry.lesson is not None
            for step in entry.lesson.steps
        }
        settings = config.read()
        portion = self.learner.agenda.portion(
            steps.keys(), settings.review_session, settings.review_day, limit
        )
        questions = []
        for due in portion.ask:
            lesson, step = steps[due.step]
            page = Page(step, self.learner.step(step.id), ())
            questions.append(ToReview(lesson, page, due.leech))
        return Reviewing(portion, tuple(questions))

    def turn_bookmark(self, step: str) -> bool:
        """Mark a step to find it again, or take its mark away; whether it is marked now."""
        now = self.learner.now()
        with self.learner.database.transaction() as connection:
            return bookmarks.turn(connection, step, now)

    def bookmarks(self) -> tuple[str, ...]:
        """The marked steps, the one that was marked last first."""
        return bookmarks.marked(self.learner.database.rows)

    def to_practise(self, step: str) -> ToReview:
        """A question, whether or not it is due.

        Raises:
            EngineError: The course has no such step.
        """
        within = self.lesson(lesson_of(step))
        return ToReview(within, Page(within.step(step), self.learner.step(step), ()))

    # Search

    def index(self) -> Index:
        """The course by its words; made when it is first wanted, for it takes half a second."""
        if self._index is None:
            there = [entry.lesson for entry in self.course().entries if entry.lesson is not None]
            self._index = Index(items(there))
        return self._index

    def slips(self) -> list[Slip]:
        """Known mistakes that were made."""
        return self.learner.slips()

    # Labs and predictions

    def lab(self, lesson: Lesson, step: Step) -> LabPage:
        """The lab of a step.

        Raises:
            EngineError: There is none of that name, or a value in its block cannot be.
        """
        lab = _lab(lesson, step.name)
        return LabPage(lab, lab.values(step.settings.get("set", {})))

    def measure(
        self, lesson: Lesson, lab: Lab, values: Mapping[str, Value], figure: Figure
    ) -> list[Compared]:
        """Hold what was named for a lab against its figure; what came of it."""
        return measuring.measure(self.learner, lesson, lab, values, figure)

    def hold(self, step: Step, figure: Figure) -> str:
        """The same for one prediction, whose lab has computed what it is about."""
        compared = measuring.hold(self.learner, step, figure)
        return told(compared) if compared else ""

    def computed(self, step: Step, typed: str, seconds: float) -> Place | None:
        """A lab was looked at with these values."""
        self.learner.computed(step, typed, seconds)
        return self.learner.step(step.id)

    def read_guess(self, step: Step, typed: str) -> tuple[str, bool]:
        """How a prediction is read, or why it cannot be; and whether it can. It is kept."""
        self.half_named(step, typed)
        try:
            return prediction.read(step, typed).read_as, True
        except Unreadable as error:
            return error.why, False

    def half_named(self, step: Step, typed: str) -> None:
        """A number is being typed; it is kept if the disk takes it."""
        with suppress(EngineError):  # a full disk is told with the number, not at every key
            self.learner.naming(step.id, typed)

    def predict(self, lesson: Lesson, step: Step, typed: str, seconds: float) -> Predicted:
        """Take a number down, before its lab runs."""
        try:
            number = prediction.read(step, typed)
        except Unreadable as error:
            return Predicted(False, error.why)
        self.learner.predicted(step, typed, number.read_as, seconds)
        self.half_named(step, "")
        return self.predicted(lesson, step)

    def predicted(self, lesson: Lesson, step: Step) -> Predicted:
        """The number that was named last, and what came of it."""
        long = _lab(lesson, step.settings["lab"]).long
        place = self.learner.step(step.id)
        named = next(iter(self.learner.named(step)), None)
        if named is None:
            return Predicted(False, "", place, long)
        measured = told(named.measurement) if named.measurement else ""
        return Predicted(True, named.attempt.read_as, place, long, measured)

    @property
    def asking(self) -> Asking:
        """The questions."""
        return Asking(self.learner)

    # Exercises

    def exercise(self, lesson: Lesson, step: Step) -> ExercisePage:
        """The learner's file and its checks.

        Raises:
            EngineError: The file cannot be made or read.
        """
        made = lesson.exercise()
        if made is None:
            raise EngineError(f"{lesson.id} has no exercise.", "This is the lesson's fault.")
        return exercises.opened(self.home, made, self.learner.step(step.id))

    def checked(self, step: Step, outcome: str, says: str) -> Place | None:
        """The checks were run."""
        self.learner.checked(step, outcome, says)
        return self.learner.step(step.id)

    def reset(self, lesson: Lesson, step: Step) -> tuple[Path | None, ExercisePage]:
        """The shipped file again; where the learner's own is kept."""
        kept = reset(self.home, lesson.exercise())
        return kept, self.exercise(lesson, step)

    def solution(self, lesson: Lesson, step: Step) -> str:
        """One way to write it; that it was opened is in the record before it is shown."""
        self.learner.opened(step)
        return lesson.exercise().solution.read_text(encoding="utf-8")

    def stands(self, step: Step) -> tuple[Place | None, Attempt | None]:
        """How a step stands, and what was done on it last."""
        last = next(iter(self.learner.history(step.id, 1)), None)
        return self.learner.step(step.id), last


def _lab(lesson: Lesson, name: str) -> Lab:
    labs = lesson.labs()
    if name not in labs:
        raise EngineError(f"{lesson.id} has no lab {name!r}.", "This is the lesson's fault.")
    return labs[name]
