"""When a question comes back: FSRS, over the grades of `rating`.

A card is what FSRS remembers of one question step. It holds nothing of its own: replaying the
graded sittings in their order gives the same card, which is how an imported record gets its cards.
What spreads the days is drawn from the step's id and the count of its reviews, so that a replay,
and another machine, draw the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from tutor.learner.attempts import UNDONE
from tutor.learner.days import LASTS
from tutor.learner.rating import AGAIN, ANOTHER_DAY, GOOD, HARD

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

Rows = Callable[..., list[sqlite3.Row]]
"""Gives the rows of a SELECT with its values: `Database.rows`."""
RETENTION = 0.9
"""A question comes back when its chance of being answered has fallen to this."""
RELEARN = 600.0
"""Seconds after which a question that was asked before and is lost comes back."""
LEECH = 4
"""Lost on so many days, a question does not stick."""
LEECH_RESTS = 7 * LASTS
"""Seconds for which such a question is left alone: asking it again and again has not helped."""
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, 36_500.0, 0.05))
"""Days from, days to, and the share of what lies between by which an interval may be off, beside
one day: as in FSRS and Anki, where nothing under 2.5 days is spread."""
SHAKY_RECALL = 0.7
"""Under this chance a question counts as shaky even if its last answer was good."""


@cache
def scheduler() -> Scheduler:
    """The one scheduler. Without fuzz of its own, which a replay would draw anew."""
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),  # the lesson is where it is learnt; from then on it is days
        relearning_steps=(),  # with one, FSRS holds who is right after a hint at it for ever
        enable_fuzzing=False,
    )


def fuzzed(days: int, step: str, number: int) -> int:
    """An interval with its share of spread: what was learnt on one day comes back on several.

    Args:
        days: As FSRS says it.
        step: The question step's id, and
        number: its how-manieth review it is: from the two the spread is drawn.

    Returns:
        Days; of 1, always 1, and of more never under 2.
    """
    if days < 2:
        return days
    by = 1 + sum(share * max(0.0, min(days, to) - since) for since, to, share in FUZZ)
    least, most = max(2, round(days - by)), round(days + by)
    drawn = int.from_bytes(blake2b(f"{step}#{number}".encode(), digest_size=8).digest(), "big")
    return least + drawn % (most - least + 1)


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
    card, _ = scheduler().review_card(_card(row, at), Rating(rating), _utc(at))
    number = row["reviews"] + 1 if row else 1
    lapses, lapsed = _lapses(row, rating, at)
    # What is known after some days is asked again after more, however little FSRS trusts it.
    least = _days(row, at) + 1 if row and rating >= GOOD and _days(row, at) else 1
    days = max(least, (card.due - card.last_review).days)
    due = at + max(least, fuzzed(days, step, number)) * LASTS
    if lapses >= LEECH and rating < GOOD:
        due = max(due, at + LEECH_RESTS)
    elif row and rating == AGAIN:
        due = at + RELEARN
    connection.execute(
        "INSERT OR REPLACE INTO cards (step, state, rung, stability, difficulty, due, reviewed, "
        "rating, reviews, lapses, lapsed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            step, int(card.state), card.step, card.stability, card.difficulty, due, at, rating,
            number, lapses, lapsed,
        ),
    )  # fmt: skip
    return due


def _lapses(row: sqlite3.Row | None, rating: int, at: float) -> tuple[int, float]:
    """On how many days a question was lost, and when last.

    Known after a week it sticks again; two more days on which it is lost, and it does not.
    """
    lapses, lapsed = (row["lapses"], row["lapsed"]) if row else (0, 0.0)
    if rating == AGAIN and at - lapsed >= ANOTHER_DAY:
        return lapses + 1, at
    if row and rating >= GOOD and _days(row, at) * LASTS >= LEECH_RESTS:
        return min(lapses, LEECH - 2), lapsed
    return lapses, lapsed


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
            f"AND uid NOT IN {UNDONE} ORDER BY closed, uid",
            (step,),
        ).fetchall():
            _counted(connection, step, row["rating"], row["closed"])


def recall(row: sqlite3.Row, now: float) -> float:
    """The chance, 0 to 1, that the question of a card's row would be answered now."""
    return scheduler().get_card_retrievability(_card(row, now), _utc(now))


def is_leech(row: sqlite3.Row) -> bool:
    """Whether the question of a card's row was lost again and again, and not found since."""
    return row["lapses"] >= LEECH


def is_shaky(row: sqlite3.Row, now: float) -> bool:
    """Whether a card's last grade, or the time since then, says that it is not safe."""
    return row["rating"] <= HARD or recall(row, now) < SHAKY_RECALL


def _days(row: sqlite3.Row, now: float) -> int:
    """Days since a card was graded: from evening to evening is one, though it be 23 hours."""
    return round((now - row["reviewed"]) / LASTS)


def _card(row: sqlite3.Row | None, now: float) -> Card:
    """A card as FSRS takes it, which would count whole days of 24 hours from its last review."""
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
        last_review=_utc(now) - timedelta(days=_days(row, now)),
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
