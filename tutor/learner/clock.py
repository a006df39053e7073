"""What time it is: the one place that asks the machine, and that doubts what it hears.

Clocks are set. A row that was written while one was ahead is dated in the future of all others; if
nobody doubted it, its card would be due in a year, its hint would cost for a year, and a text read
since would count as read before. So times beyond now are dated again, once, as soon as they are
seen there: all of them earlier by as much as the latest of them is ahead. What was written within
an hour still lies within an hour, and nothing comes before what is known to be older.

A clock that stands before there was such a program is doubted itself: then the latest time in the
record is the newest that can be believed, and the time goes on from there.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping

from engine.runs.database import Database
from tutor.learner import attempts, notes, reviews

TOLERANCE = 600.0
"""Seconds by which two clocks may differ that are both right enough."""
FLOOR = 1_735_689_600.0
"""The beginning of 2025, in seconds since 1970: no record is older."""
APART = 0.001
"""Seconds between rows that could not be given times further apart; they keep their order."""
TIMES = {
    "attempts": ("at",),
    "measurements": ("at",),
    "sittings": ("begun", "closed", "hinted", "read"),
    "places": ("at",),
    "wishes": ("at",),
    "bookmarks": ("at",),
}
"""Every column that says when something happened. Those of steps and cards follow from them."""


class Now:
    """Gives the time of a record."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """Look through the record once.

        Args:
            database: The record's.
            clock: Gives the machine's seconds since 1970.
        """
        self._database, self._clock = database, clock
        self._behind = 0.0
        self._seen = float("inf")  # so that the record is looked through at once
        self()

    def __call__(self) -> float:
        """Seconds since 1970; what the record holds beyond them is dated again first."""
        now = self._clock() + self._behind
        if now < self._seen - TOLERANCE:
            now = self._looked_through(now)
            self._seen = now
        self._seen = max(self._seen, now)
        return now

    def _looked_through(self, now: float) -> float:
        latest = max(_times(self._database.rows, "max"), default=now)
        if latest <= now + TOLERANCE:
            return now
        if now < FLOOR:
            self._behind += latest - now
            return latest
        with self._database.transaction() as connection:
            date_again(connection, now)
        return now


def believed(times: Iterable[float], now: float) -> dict[float, float]:
    """For each time that lies beyond now, the one it is given instead.

    Args:
        times: All that belong together.
        now: Seconds since 1970.
    """
    times = set(times)
    ahead = sorted(at for at in times if at > now + TOLERANCE)
    last = max((at for at in times if at <= now + TOLERANCE), default=0.0)
    given: dict[float, float] = {}
    for at in ahead:
        last = max(at - (ahead[-1] - now), last + APART)
        given[at] = last
    return given


def date_again(connection: sqlite3.Connection, now: float) -> None:
    """Give rows that lie beyond now the times that can be believed; inside a transaction."""
    given = believed(_times(lambda sql: connection.execute(sql).fetchall()), now)
    connection.execute("CREATE TEMP TABLE given (old REAL PRIMARY KEY, new REAL NOT NULL)")
    connection.executemany("INSERT INTO given VALUES (?, ?)", given.items())
    touched = set()
    for table in ("attempts", "sittings"):
        found = " OR ".join(f"{name} IN (SELECT old FROM given)" for name in TIMES[table])
        rows = connection.execute(f"SELECT DISTINCT step FROM {table} WHERE {found}")
        touched |= {row["step"] for row in rows}
    for table, names in TIMES.items():
        for name in names:
            connection.execute(
                f"UPDATE {table} SET {name} = (SELECT new FROM given WHERE old = {name}) "
                f"WHERE {name} IN (SELECT old FROM given)"
            )
    connection.execute("DROP TABLE given")
    attempts.sum_again(connection, touched)
    reviews.replay(connection, touched)
    notes.write(connection, now, words(given))


def words(given: Mapping[float, float]) -> str:
    """What is said of times that were given again."""
    latest = time.strftime("%-d %B %Y", time.localtime(max(given)))
    return (
        f"Some of your record was dated ahead, up to {latest}, by a clock that was wrong. "
        "It counts as if it was done when that was seen; points stay."
    )


def _times(rows: Callable[[str], Iterable[sqlite3.Row]], of_each: str = "") -> list[float]:
    """All times of a record, or of each column the one that `max` gives."""
    asked = [
        f"SELECT {of_each}({name}) FROM {table}" for table, names in TIMES.items() for name in names
    ]
    return [row[0] for row in rows(" UNION ALL ".join(asked)) if row[0] is not None]
