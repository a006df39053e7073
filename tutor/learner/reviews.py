"""When a question comes back: FSRS, over the grades of `rating`.

A card is what FSRS remembers of one question step. It holds nothing of its own: replaying the
graded sittings in their order gives the same card, which is how an imported record gets its cards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from tutor.learner.rating import HARD

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

Rows = Callable[..., list[sqlite3.Row]]
"""Gives the rows of a SELECT with its values: `Database.rows`."""
RETENTION = 0.9
"""A question comes back when its chance of being answered has fallen to this."""
RELEARN = timedelta(minutes=10)
"""A question that was known and is lost comes back after this, then after days."""
PUT_OFF = 12 * 3600.0
"""Seconds for which a question that was passed over in a review is asked after the others."""
SHAKY_RECALL = 0.7
"""Under this chance a question counts as shaky even if its last answer was good."""


@dataclass(frozen=True, slots=True)
class Due:
    """A question that is due."""

    step: str
    """The question step's id."""
    due: float
    """Since when, in seconds since 1970."""
    reviews: int
    """How often it was graded so far."""
    slips: int
    """Known mistakes made on it in its last two variants; the more, the sooner it is asked."""


@cache
def scheduler() -> Scheduler:
    """The one scheduler. Without fuzz, so that a replay gives the same days."""
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),  # the lesson is where it is learnt; from then on it is days
        relearning_steps=(RELEARN,),
        enable_fuzzing=False,
    )


def graded(connection: sqlite3.Connection, step: str, rating: int, at: float) -> float:
    """Count in the grade of a sitting that has just been closed; gives when the question is due.

    Call it inside a transaction. Where another grade is no older, such as by a clock that was set
    back by a minute, all are counted again in their order.
    """
    row = connection.execute("SELECT * FROM cards WHERE step = ?", (step,)).fetchone()
    if row is None or row["reviewed"] < at:
        return _counted(connection, step, rating, at)
    replay(connection, [step])
    (due,) = connection.execute("SELECT due FROM cards WHERE step = ?", (step,)).fetchone()
    return due


def _counted(connection: sqlite3.Connection, step: str, rating: int, at: float) -> float:
    from fsrs import Rating

    row = connection.execute("SELECT * FROM cards WHERE step = ?", (step,)).fetchone()
    card, _ = scheduler().review_card(_card(row), Rating(rating), _utc(at))
    connection.execute(
        "INSERT OR REPLACE INTO cards (step, state, rung, stability, difficulty, due, reviewed, "
        "rating, reviews) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            step, int(card.state), card.step, card.stability, card.difficulty,
            card.due.timestamp(), at, rating, (row["reviews"] if row else 0) + 1,
        ),
    )  # fmt: skip
    return card.due.timestamp()


def replay(connection: sqlite3.Connection, steps: Iterable[str] | None = None) -> None:
    """Make cards again from all graded sittings, the oldest first.

    Args:
        connection: Inside a transaction.
        steps: Only these; None for all of them.
    """
    if steps is None:
        there = "SELECT step FROM sittings UNION SELECT step FROM cards"
        steps = [row["step"] for row in connection.execute(there)]
    for step in steps:
        connection.execute("DELETE FROM cards WHERE step = ?", (step,))
        for row in connection.execute(
            "SELECT rating, closed FROM sittings WHERE step = ? AND rating IS NOT NULL "
            "ORDER BY closed, uid",
            (step,),
        ).fetchall():
            _counted(connection, step, row["rating"], row["closed"])


def due(rows: Rows, now: float, known: Collection[str] | None = None) -> list[Due]:
    """Questions that are due: those with slips first, then the longest overdue.

    What was passed over lately comes last: its variant is there, and nothing was done with it.

    Args:
        rows: Reads.
        now: Seconds since 1970.
        known: Question steps that there are; None for all that were ever asked.
    """
    found = rows(
        "SELECT step, due, reviews, (SELECT count(*) FROM attempts WHERE slip <> '' "
        "AND attempts.step = cards.step AND sitting IN (SELECT uid FROM sittings "
        "WHERE sittings.step = cards.step ORDER BY begun DESC, uid LIMIT 2)) AS slips "
        "FROM cards WHERE due <= :now ORDER BY EXISTS (SELECT 1 FROM sittings WHERE "
        "sittings.step = cards.step AND purpose = 'review' AND closed IS NULL "
        "AND begun > :since AND draft = '' AND hints = 0 AND misses = 0), slips DESC, due, step",
        {"now": now, "since": now - PUT_OFF},
    )
    return [
        Due(row["step"], row["due"], row["reviews"], row["slips"])
        for row in found
        if known is None or row["step"] in known
    ]


def recall(row: sqlite3.Row, now: float) -> float:
    """The chance, 0 to 1, that the question of a card's row would be answered now."""
    return scheduler().get_card_retrievability(_card(row), _utc(now))


def is_shaky(row: sqlite3.Row, now: float) -> bool:
    """Whether a card's last grade, or the time since then, says that it is not safe."""
    return row["rating"] <= HARD or recall(row, now) < SHAKY_RECALL


def _card(row: sqlite3.Row | None) -> Card:
    from fsrs import Card, State

    if row is None:
        return Card(card_id=0)
    return Card(
        card_id=0,
        state=State(row["state"]),
        step=row["rung"],
        stability=row["stability"],
        difficulty=row["difficulty"],
        due=_utc(row["due"]),
        last_review=_utc(row["reviewed"]),
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
