"""Attempts, and what they come to for each step: how far it is, and its points.

An attempt is written once and never changed. A step's row is a sum over its attempts: its points
are the best ever had, its state never goes back, and its hash is that of the text shown last. Where
a lesson's text has another hash, the step was seen before and is shown again; points stay. A row
keeps the hash that it was written with, which is read as that of the work it stands for.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

from lessons.kit.course.same import work

IDLE = 600.0
"""Seconds of one attempt that count as time spent, at most: who is away longer is away."""
DONE, SEEN, SKIPPED = "done", "seen", "skipped"
PASSES = ("right", "judged", "read", "computed", "predicted", "passed")
"""Outcomes after which a step is done."""
OUTCOMES = (
    *PASSES, "imprecise", "slip", "wrong", "unreadable", "failed", "not judged", "skipped", "opened"
)  # fmt: skip
"""All there are; see `Attempt.outcome`."""
UNDONE = "(SELECT sitting FROM wishes WHERE kind = 'undone')"
"""In SQL: the variants whose answers were taken back, which count for nothing."""
COUNTS = f"coalesce(sitting, '') NOT IN {UNDONE}"
"""In SQL: whether an attempt counts."""


class Shown(Protocol):
    """A step as it was shown: `lessons.kit.course.lesson.Step`, or anything with these four."""

    id: str
    kind: str
    points: float
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One thing that was done on a step."""

    uid: str
    """Its own name in all records of this learner."""
    step: str
    hash: str
    """Of the step's text when it was shown."""
    kind: str
    """The step's kind."""
    outcome: str
    """Of a question: right, imprecise, slip, wrong, unreadable, judged. Of other steps: read,
    computed, predicted, passed, failed, not judged. Of all: skipped, opened."""
    at: float
    """Seconds since 1970."""
    sitting: str | None = None
    """The uid of the sitting of a question's variant."""
    question: str = ""
    seed: int | None = None
    typed: str = ""
    read_as: str = ""
    slip: str = ""
    """The name of the known mistake."""
    says: str = ""
    """What was answered to it."""
    hints: int = 0
    """Taken before it."""
    tries: int = 0
    """Which try it was, from 1."""
    points: float = 0.0
    """What it was worth."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """How a step stands."""

    step: str
    hash: str
    """Of the work shown last; see `lessons.kit.course.same`."""
    state: str
    """`seen`, `skipped` or `done`."""
    points: float
    """The best ever had."""
    opened: bool
    """Whether the solution was read before a pass."""

    def done(self, hash: str) -> bool:
        """Whether it is done, with this very text."""
        return self.state == DONE and self.hash == hash

    def changed(self, hash: str) -> bool:
        """Whether it was seen before with another text: shown again, points kept."""
        return self.hash != hash


NAMES = tuple(field.name for field in fields(Attempt))
_INSERT = (
    f"INSERT INTO attempts ({', '.join(NAMES)}) VALUES ({', '.join(':' + name for name in NAMES)})"
)


def new_uid() -> str:
    """A name that no other row of any record has."""
    return uuid.uuid4().hex


def made(step: Shown, outcome: str, *, at: float, seconds: float = 0.0, **told: Any) -> Attempt:
    """An attempt on a step, to be written.

    Args:
        step: As it was shown.
        outcome: See `Attempt.outcome`.
        at: Seconds since 1970.
        seconds: Since the last attempt; at most `IDLE` of them count.
        **told: Other fields of `Attempt`.
    """
    return Attempt(
        uid=new_uid(), step=step.id, hash=step.hash, kind=step.kind, outcome=outcome, at=at,
        seconds=max(0.0, min(seconds, IDLE)), **told,
    )  # fmt: skip


def lesson_of(step: str) -> str:
    """The lesson of a step: `numbers/absmax` of `numbers/absmax/question/absmax-scale`."""
    return step.rsplit("/", 2)[0]


def write(connection: sqlite3.Connection, attempt: Attempt) -> None:
    """One more attempt, and the step's row after it; inside a transaction."""
    connection.execute(_INSERT, asdict(attempt))
    sum_up(connection, attempt)


def sum_again(connection: sqlite3.Connection, steps: Iterable[str] | None = None) -> None:
    """Make the rows of steps again from their attempts, the oldest first.

    Args:
        connection: Inside a transaction.
        steps: Only these; None for all of them.
    """
    if steps is None:
        there = "SELECT step FROM attempts UNION SELECT step FROM steps"
        steps = [row["step"] for row in connection.execute(there)]
    for step in steps:
        connection.execute("DELETE FROM steps WHERE step = ?", (step,))
        for row in connection.execute(
            f"SELECT {', '.join(NAMES)} FROM attempts WHERE step = ? AND {COUNTS} ORDER BY at, uid",
            (step,),
        ).fetchall():
            sum_up(connection, Attempt(**dict(row)))


def state_after(attempt: Attempt) -> str:
    """What a step is at least, after an attempt."""
    if attempt.outcome in PASSES:
        return DONE
    return SKIPPED if attempt.outcome == "skipped" else SEEN


def sum_up(connection: sqlite3.Connection, attempt: Attempt) -> None:
    """Bring a step's row up to an attempt. The order matters only among those of one time."""
    connection.execute(
        "INSERT INTO steps (step, lesson, hash, state, points, opened, at) "
        "VALUES (:step, :lesson, :hash, :state, :points, :opened, :at) "
        "ON CONFLICT (step) DO UPDATE SET "
        "hash = iif(excluded.at >= steps.at, excluded.hash, steps.hash), "
        "state = CASE WHEN 'done' IN (steps.state, excluded.state) THEN 'done' "
        "WHEN 'skipped' IN (steps.state, excluded.state) THEN 'skipped' ELSE 'seen' END, "
        "points = max(steps.points, excluded.points), "
        "opened = min(coalesce(steps.opened, excluded.opened), "
        "coalesce(excluded.opened, steps.opened)), "
        "at = max(steps.at, excluded.at)",
        {
            "step": attempt.step,
            "lesson": lesson_of(attempt.step),
            "hash": attempt.hash,
            "state": state_after(attempt),
            "points": attempt.points,
            "opened": attempt.at if attempt.outcome == "opened" else None,
            "at": attempt.at,
        },
    )


def since_shown(rows: Callable[..., list[sqlite3.Row]], step: str, now: float) -> float:
    """Seconds since a step was shown, or the last thing was done.

    A command is over when it has shown a question, so nothing else says how long its answer took.
    0 where something else was done since, or so long ago that the learner was away.
    """
    (there,) = rows(
        "SELECT (SELECT max(at) FROM attempts) AS did, (SELECT max(at) FROM ("
        "SELECT at FROM places WHERE lesson = ?1 AND step = ?2 "
        "UNION ALL SELECT begun FROM sittings WHERE step = ?2 "
        "UNION ALL SELECT at FROM attempts WHERE step = ?2)) AS shown",
        (lesson_of(step), step),
    )
    if there["shown"] is None:
        return 0.0
    seconds = now - max(there["shown"], there["did"] or 0.0)
    return seconds if 0 < seconds <= IDLE else 0.0


def place(row: sqlite3.Row) -> Place:
    """A row of `steps`."""
    hash = work(row["step"], row["hash"])
    return Place(row["step"], hash, row["state"], row["points"], row["opened"] is not None)
