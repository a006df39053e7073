"""The learner's record: the one door to it, for screens, commands and plain mode alike.

    with Learner(Home.find()) as learner:
        sitting = learner.sitting(step)                      # the variant in hand, or a fresh one
        variant = question.variant(lesson.questions()[step.name], sitting.seed)
        answered = learner.answer(step, sitting, typed, grade(variant, typed), seconds=12)

Every call is one short transaction, committed when it returns: a killed tutor loses nothing, and
two tutors on one home do not disturb each other. Calls may come from any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from random import Random
from typing import Any

from engine.runs.database import Database
from engine.runs.home import Home
from tutor.learner import (
    agenda,
    answers,
    attempts,
    carry,
    drafts,
    mastery,
    measurements,
    notes,
    points,
    renaming,
    sittings,
    snapshot,
    versions,
)
from tutor.learner.answers import Answered, Graded
from tutor.learner.attempts import Attempt, Place, Shown
from tutor.learner.clock import Now
from tutor.learner.limits import DAILY
from tutor.learner.sittings import LESSON, REVIEW, Sitting


class Learner:
    """One connection to the record of a home's learner."""

    def __init__(
        self, home: Home, clock: Callable[[], float] = time.time, rng: Random | None = None
    ) -> None:
        """Open the record, make it or bring it up to date.

        Args:
            home: Whose record.
            clock: Gives the machine's seconds since 1970; `tutor.learner.clock` doubts them.
            rng: Draws the seeds of fresh variants.

        Raises:
            EngineError: The file cannot be read or written, or a newer release wrote it.
        """
        self.database = Database(home)
        self._rng = rng or Random()
        try:
            versions.bring_up_to_date(self.database)
            renaming.carry_over(self.database)
            self._clock = Now(self.database, clock)
            self.agenda = agenda.Agenda(self.database, self.now)
        except BaseException:
            self.database.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

    def __enter__(self) -> Learner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> float:
        """Seconds since 1970, as far as the machine's clock can be believed."""
        return self._clock()

    # Steps, places, points

    def steps(self, lesson: str) -> dict[str, Place]:
        """How the steps of a lesson stand, by id; none for those never seen."""
        rows = self.database.rows("SELECT * FROM steps WHERE lesson = ?", (lesson,))
        return {row["step"]: attempts.place(row) for row in rows}

    def step(self, step: str) -> Place | None:
        """How one step stands."""
        rows = self.database.rows("SELECT * FROM steps WHERE step = ?", (step,))
        return attempts.place(rows[0]) if rows else None

    def done(self, step: str, hash: str) -> bool:
        """Whether a step is done, with this very text."""
        place = self.step(step)
        return place is not None and place.done(hash)

    def points(self, lesson: str) -> float:
        """Points of a lesson, all its steps together."""
        rows = self.database.rows("SELECT sum(points) FROM steps WHERE lesson = ?", (lesson,))
        return rows[0][0] or 0.0

    def lesson(self, lesson: snapshot.Taught) -> snapshot.LessonRecord:
        """How far a lesson is."""
        return snapshot.lesson_record(lesson, self.steps(lesson.id))

    def go_to(self, step: str) -> None:
        """Remember that the learner is at this step of its lesson."""
        with self.database.transaction(durable=False) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO places (lesson, step, at) VALUES (?, ?, ?)",
                (attempts.lesson_of(step), step, self._clock()),
            )

    def place(self, lesson: str | None = None) -> str | None:
        """The step where the learner was last, in a lesson or in the whole course."""
        rows = self.database.rows(
            "SELECT step FROM places WHERE ?1 IS NULL OR lesson = ?1 ORDER BY at DESC LIMIT 1",
            (lesson,),
        )
        return rows[0]["step"] if rows else None

    def since_shown(self, step: str) -> float:
        """Seconds since a step was shown, or the last thing done; see `attempts.since_shown`."""
        return attempts.since_shown(self.database.rows, step, self._clock())

    # What is done on steps that are no questions

    def read(self, step: Shown, seconds: float = 0.0) -> Attempt:
        """A text was read."""
        return self.attempt(step, outcome="read", seconds=seconds)

    def skipped(self, step: Shown, seconds: float = 0.0) -> Attempt:
        """A step was skipped; it can be taken later."""
        return self.attempt(step, outcome="skipped", seconds=seconds)

    def computed(self, step: Shown, typed: str = "", seconds: float = 0.0) -> Attempt:
        """A lab was run with these values, `name=value` as they were typed."""
        return self.attempt(step, outcome="computed", typed=typed, seconds=seconds)

    def predicted(
        self, step: Shown, typed: str, read_as: str = "", seconds: float = 0.0
    ) -> Attempt:
        """A number was named, before its lab runs."""
        return self.attempt(
            step, outcome="predicted", points=points.prediction(step.points),
            typed=typed, read_as=read_as, seconds=seconds,
        )  # fmt: skip

    def half_named(self, step: str) -> str:
        """What is typed for a prediction so far."""
        return drafts.read(self.database.rows, step)

    def naming(self, step: str, typed: str) -> None:
        """Keep what is typed for a prediction so far: a killed tutor gives it back."""
        with self.database.transaction(durable=False) as connection:
            drafts.keep(connection, step, typed)

    def measured(self, attempt: Attempt, compared: measurements.Compared) -> None:
        """Its lab has computed: how near the number was. What was measured first stays."""
        with self.database.transaction() as connection:
            measurements.write(connection, attempt.uid, compared, self._clock())

    def named(self, step: Shown) -> list[measurements.Named]:
        """The numbers that were named for a prediction with this very text, the newest first."""
        return measurements.named(self.database.rows, step.id, step.hash)

    def unmeasured(self) -> set[str]:
        """Predictions of which a number was not measured yet, by their ids."""
        return measurements.waiting(self.database.rows)

    def checked(self, step: Shown, outcome: str, says: str = "", seconds: float = 0.0) -> Attempt:
        """An exercise was checked.

        Args:
            step: The exercise.
            outcome: `passed`, `failed` or `not judged`.
            says: What the checks said, in a line.
            seconds: Since the last attempt.
        """
        place = self.step(step.id)
        opened = place is not None and place.opened and place.state != attempts.DONE
        worth = points.exercise(step.points, opened=opened) if outcome == "passed" else 0.0
        return self.attempt(step, outcome=outcome, points=worth, says=says, seconds=seconds)

    def opened(self, step: Shown) -> Place:
        """The solution of an exercise was opened; before a pass it has its price."""
        place = self.step(step.id)
        if place is None or (place.state != attempts.DONE and not place.opened):
            self.attempt(step, outcome="opened")
        return self.step(step.id)  # type: ignore[return-value]

    def attempt(self, step: Shown, *, outcome: str, **told: Any) -> Attempt:
        """Write an attempt on a step, and bring the step's row up to it.

        Args:
            step: As it was shown.
            outcome: See `Attempt.outcome`.
            **told: Other fields of `Attempt`.
        """
        with self.database.transaction() as connection:
            attempt = attempts.made(step, outcome, at=self._clock(), **told)
            attempts.write(connection, attempt)
        return attempt

    def history(self, step: str | None = None, limit: int = 100) -> list[Attempt]:
        """The latest attempts that count, newest first, on a step or on all."""
        rows = self.database.rows(
            f"SELECT {', '.join(attempts.NAMES)} FROM attempts WHERE (?1 IS NULL OR step = ?1) "
            f"AND {attempts.COUNTS} ORDER BY at DESC, id DESC LIMIT ?2",
            (step, limit),
        )
        return [Attempt(**dict(row)) for row in rows]

    # Questions

    def sitting(
        self, step: Shown, question: str, purpose: str = LESSON, seed: int | None = None
    ) -> Sitting:
        """The variant of a question that is in hand, or a fresh one.

        Args:
            step: The question's step.
            question: The question's id.
            purpose: `lesson` or `review`; a review always begins with a fresh variant.
            seed: Call this variant back. One that was ended before is not graded again, and
                costs what it has cost.
        """
        with self.database.transaction() as connection:
            return sittings.open_one(
                connection, step.id, question, purpose, seed, self._rng, self._clock()
            )

    def hint(self, sitting: Sitting, rungs: int) -> Sitting:
        """Take the next hint, of `rungs` there are; `sitting.hints` says which are to be shown."""
        with self.database.transaction() as connection:
            return sittings.hint(connection, sitting.uid, rungs, self._clock())

    def worked(self, sitting: Sitting) -> Sitting:
        """Read the worked solution, of a variant that has ended too, at its price."""
        with self.database.transaction() as connection:
            return sittings.open_worked(connection, sitting.uid, self._clock())

    def draft(self, sitting: Sitting, typed: str) -> None:
        """Keep what is typed so far: a killed tutor gives it back."""
        with self.database.transaction(durable=False) as connection:
            connection.execute(
                "UPDATE sittings SET draft = ? WHERE uid = ? AND closed IS NULL",
                (typed, sitting.uid),
            )

    def in_hand(self, step: Shown, question: str) -> bool:
        """Whether a variant was asked in the lesson that is neither answered nor left."""
        return sittings.in_hand(self.database.rows, step.id, question)

    def another(self, step: Shown, sitting: Sitting) -> Sitting:
        """Leave a variant for a fresh one."""
        with self.database.transaction() as connection:
            now = self._clock()
            there = sittings.read(connection, sitting.uid, now)
            sittings.close(connection, there, "left", now)
            purpose = REVIEW if sitting.purpose == REVIEW else LESSON
            return sittings.open_one(
                connection, step.id, sitting.question, purpose, None, self._rng, now
            )

    def answer(
        self, step: Shown, sitting: Sitting, typed: str, verdict: Graded, seconds: float = 0.0
    ) -> Answered:
        """Record an answer, with its points, and move its sitting on.

        What could not be read, or has too few digits, costs nothing.
        """
        with self.database.transaction() as connection:
            return answers.answer(connection, step, sitting, typed, verdict, seconds, self._clock())

    def judged(
        self, step: Shown, sitting: Sitting, typed: str, held: int, lines: int, seconds: float = 0.0
    ) -> Answered:
        """Record a text that its writer has judged: `held` of the rubric's `lines` hold."""
        with self.database.transaction() as connection:
            return answers.judged(
                connection, step, sitting, typed, held, lines, seconds, self._clock()
            )

    # Reviews, and all of it

    def due(self, known: Collection[str] | None = None) -> list[agenda.Due]:
        """Questions that are due; `agenda` says which of them a review asks.

        Args:
            known: Question steps that there are; None for all that were ever asked.
        """
        return self.agenda.due(known)

    def slips(self, steps: Iterable[str] | None = None) -> list[mastery.Slip]:
        """Known mistakes that were made, on these steps or on all."""
        return mastery.slips(self.database.rows, steps)

    def progress(self, lessons: Sequence[snapshot.Taught], daily: int = DAILY) -> snapshot.Snapshot:
        """How the learner stands in these lessons, which are the course.

        Args:
            lessons: All there are.
            daily: Questions of all reviews of a day, at most.
        """
        now, rows = self._clock(), self.database.rows
        spent = rows(
            "SELECT lesson, sum(seconds) FROM attempts JOIN steps USING (step) GROUP BY lesson"
        )
        seconds = {lesson: total for lesson, total in spent}
        records = [
            snapshot.lesson_record(each, self.steps(each.id), seconds.get(each.id, 0.0))
            for each in lessons
        ]
        known = {step.id for lesson in lessons for step in lesson.steps}
        return snapshot.summed_up(
            records,
            [each for each in mastery.standings(rows, now) if each.step in known],
            mastery.slips(rows, known),
            snapshot.days(rows),
            measurements.tally(rows, known),
            len(self.due(known)),
            self.agenda.ahead(known, daily),
            notes.lately(rows, now),
            renaming.gone(rows, known, {lesson.id for lesson in lessons}),
            now,
        )

    def export(self) -> dict[str, Any]:
        """The whole record, as JSON holds it."""
        with self.database.transaction(durable=False) as connection:  # one moment, all tables
            return carry.export(connection, self._clock())

    def import_(self, content: Any) -> carry.Imported:
        """Merge another record into this one: all of it or nothing.

        Raises:
            EngineError: It is no record, or a broken one.
        """
        with self.database.transaction() as connection:
            return carry.import_(connection, content, self._clock())

    def would_import(self, content: Any) -> carry.Foreseen:
        """What `import_` would change, and what it would raise; nothing is changed."""
        with self.database.transaction(durable=False) as connection:
            return carry.foresee(connection, content, self._clock())
