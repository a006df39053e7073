"""One variant of a question, from its first showing until it is answered, missed or left.

A sitting remembers its hints and misses in the file, so that closing the tutor refunds nothing. At
most one is open for a step and purpose; two tutors on one home share it. Each function is called
inside a transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from random import Random

from tutor.learner import points, rating, reviews
from tutor.learner.attempts import UNDONE, new_uid

LESSON, REVIEW, RECALL = "lesson", "review", "recall"
"""Why it is asked: in its lesson, because it is due, or called back by its seed."""
SEEDS = 10_000
"""Fresh variants have seeds under this; a number that one can say and type."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A variant in hand."""

    uid: str
    step: str
    question: str
    """The question's id; with `seed` it names the variant."""
    seed: int
    purpose: str
    """`lesson`, `review` or `recall`."""
    hints: int = 0
    """Rungs taken."""
    misses: int = 0
    opened: bool = False
    """Whether the worked solution was read before a right answer."""
    hints_before: int = 0
    """Rungs taken lately on another variant of the question."""
    read_before: bool = False
    """Whether a worked solution was read lately: of another variant, or of this after its end."""
    draft: str = ""
    """What is typed and not answered yet."""
    ending: str = ""
    """`right`, `missed` or `left`; empty while it is open."""
    rating: int | None = None
    """FSRS's grade, once it has ended."""
    due: float | None = None
    """When the question comes back; known as it ends."""

    @property
    def closed(self) -> bool:
        """Whether a fresh variant comes next."""
        return bool(self.ending)

    @property
    def misses_left(self) -> int:
        """Misses until a fresh variant comes."""
        return max(0, points.MISSES - self.misses)

    @property
    def after_help(self) -> bool:
        """Whether help with another variant lowers what this one brings."""
        return self.hints_before > self.hints or (self.read_before and not self.opened)

    def worth(self, of: float) -> float:
        """What a right answer brings now, of a question that is worth `of`."""
        return points.question(
            of,
            hints=max(self.hints, self.hints_before),
            misses=self.misses,
            opened=self.opened or self.read_before,
        )

    def hint_costs(self, of: float) -> float:
        """What the next hint takes from this variant or the next ones; a rung is paid once."""
        after = replace(self, hints=self.hints + 1)
        later = self.fresh().worth(of) - after.fresh().worth(of)
        return max(self.worth(of) - after.worth(of), later)

    def fresh(self) -> Sitting:
        """Another variant, as it would begin now."""
        return replace(
            self, hints=0, misses=0, opened=False, draft="", ending="",
            hints_before=max(self.hints, self.hints_before),
            read_before=self.opened or self.read_before,
        )  # fmt: skip


def open_one(
    connection: sqlite3.Connection,
    step: str,
    question: str,
    purpose: str,
    seed: int | None,
    rng: Random,
    now: float,
) -> Sitting:
    """The open sitting of a step, or a new one.

    Args:
        connection: Inside a transaction.
        step: The question step's id.
        question: The question's id.
        purpose: `lesson` or `review`.
        seed: Call this variant back; None for the open one, or else a fresh one.
        rng: Draws fresh seeds.
        now: Seconds since 1970.
    """
    row = connection.execute(
        "SELECT * FROM sittings WHERE step = ? AND purpose = ? AND question = ? AND closed IS NULL "
        f"AND uid NOT IN {UNDONE} ORDER BY begun DESC, uid LIMIT 1",
        (step, purpose, question),
    ).fetchone()
    if row is not None and seed in (None, row["seed"]):
        return _sitting(connection, row, now)
    if seed is not None:
        return _recalled(connection, step, question, purpose, seed, now)
    used = {
        row["seed"]
        for row in connection.execute("SELECT seed FROM sittings WHERE step = ?", (step,))
    }
    seed = rng.randrange(1, SEEDS)
    while seed in used:
        seed = rng.randrange(1, SEEDS * (1 + len(used)))
    return _begin(connection, Sitting(new_uid(), step, question, seed, purpose), now)


def in_hand(rows: reviews.Rows, step: str, question: str) -> bool:
    """Whether a sitting of its lesson is open."""
    found = rows(
        "SELECT 1 FROM sittings WHERE step = ? AND purpose = ? AND question = ? "
        "AND closed IS NULL LIMIT 1",
        (step, LESSON, question),
    )
    return bool(found)


def _recalled(
    connection: sqlite3.Connection, step: str, question: str, purpose: str, seed: int, now: float
) -> Sitting:
    """A variant called back by its seed: with what was paid for it before, and ungraded."""
    before = connection.execute(
        "SELECT * FROM sittings WHERE step = ? AND seed = ? "
        "ORDER BY closed IS NULL DESC, begun DESC, uid LIMIT 1",
        (step, seed),
    ).fetchone()
    if before is None:
        return _begin(connection, Sitting(new_uid(), step, question, seed, purpose), now)
    if before["closed"] is None:
        return _sitting(connection, before, now)
    known = bool(before["opened"]) or before["read"] is not None
    sitting = Sitting(new_uid(), step, question, seed, RECALL, before["hints"], 0, known)
    return _begin(connection, sitting, now)


def read(connection: sqlite3.Connection, uid: str, now: float) -> Sitting:
    """A sitting as it stands now, whoever moved it."""
    row = connection.execute("SELECT * FROM sittings WHERE uid = ?", (uid,)).fetchone()
    return _sitting(connection, row, now)


def taken(connection: sqlite3.Connection, uid: str, now: float) -> Sitting:
    """The same, as what was typed for it is taken as an answer."""
    connection.execute("UPDATE sittings SET draft = '' WHERE uid = ?", (uid,))
    return read(connection, uid, now)


def hint(connection: sqlite3.Connection, uid: str, rungs: int, now: float) -> Sitting:
    """Take one more rung of the ladder, of `rungs` there are."""
    connection.execute(
        "UPDATE sittings SET hints = min(?, hints + 1), hinted = ? "
        "WHERE uid = ? AND closed IS NULL",
        (rungs, now, uid),
    )
    return read(connection, uid, now)


def open_worked(connection: sqlite3.Connection, uid: str, now: float) -> Sitting:
    """Read the worked solution. A review ends with that; in a lesson one may still answer."""
    connection.execute("UPDATE sittings SET read = ? WHERE uid = ?", (now, uid))
    connection.execute("UPDATE sittings SET opened = 1 WHERE uid = ? AND closed IS NULL", (uid,))
    sitting = read(connection, uid, now)
    if sitting.purpose == REVIEW and not sitting.closed:
        return close(connection, sitting, "missed", now)
    return sitting


def missed(connection: sqlite3.Connection, sitting: Sitting, now: float) -> Sitting:
    """One more miss; the last one ends it."""
    connection.execute(
        "UPDATE sittings SET misses = misses + 1 WHERE uid = ? AND closed IS NULL", (sitting.uid,)
    )
    sitting = read(connection, sitting.uid, now)
    if sitting.misses >= points.MISSES and not sitting.closed:
        return close(connection, sitting, "missed", now)
    return sitting


def close(connection: sqlite3.Connection, sitting: Sitting, ending: str, now: float) -> Sitting:
    """End a sitting, grade it, and set the day when the question comes back."""
    if sitting.closed:
        return sitting
    grade = None if sitting.purpose == RECALL else _grade(connection, sitting, ending)
    connection.execute(
        "UPDATE sittings SET closed = ?, ending = ?, rating = ? WHERE uid = ?",
        (now, ending, grade, sitting.uid),
    )
    due = reviews.graded(connection, sitting.step, grade, now) if grade is not None else None
    return replace(sitting, ending=ending, rating=grade, due=due)


def _grade(connection: sqlite3.Connection, sitting: Sitting, ending: str) -> int | None:
    made = connection.execute(
        "SELECT slip, EXISTS (SELECT 1 FROM attempts AS earlier WHERE earlier.step = a.step AND "
        "earlier.slip = a.slip AND earlier.sitting IS NOT a.sitting "
        f"AND coalesce(earlier.sitting, '') NOT IN {UNDONE}) AS old "
        "FROM attempts AS a WHERE sitting = ? AND slip <> ''",
        (sitting.uid,),
    ).fetchall()
    old = sum(row["old"] for row in made)
    return rating.rate(
        ending,
        hints=sitting.hints,
        misses=sitting.misses,
        slips=len(made) - old,
        old_slips=old,
        opened=sitting.opened,
    )


def _begin(connection: sqlite3.Connection, sitting: Sitting, now: float) -> Sitting:
    connection.execute(
        "INSERT INTO sittings (uid, step, question, seed, purpose, begun, hints, misses, opened) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sitting.uid, sitting.step, sitting.question, sitting.seed, sitting.purpose, now,
            sitting.hints, sitting.misses, int(sitting.opened),
        ),
    )  # fmt: skip
    return read(connection, sitting.uid, now)


def _sitting(connection: sqlite3.Connection, row: sqlite3.Row, now: float) -> Sitting:
    """A row, and the help that was taken lately with the question's other variants."""
    since = now - points.HELP_LASTS
    helped = connection.execute(
        "SELECT coalesce(max(iif(hinted > :since AND uid <> :uid, hints, 0)), 0) AS hints, "
        "coalesce(max(read > :since), 0) AS read FROM sittings WHERE step = :step",
        {"since": since, "uid": row["uid"], "step": row["step"]},
    ).fetchone()
    return Sitting(
        row["uid"], row["step"], row["question"], row["seed"], row["purpose"], row["hints"],
        row["misses"], bool(row["opened"]), helped["hints"], bool(helped["read"]),
        row["draft"], row["ending"] or "", row["rating"],
    )  # fmt: skip
