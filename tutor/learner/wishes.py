"""What the learner wants of a question's reviews, beside answering it.

    put off         not today; from tomorrow on it is asked as before
    set aside       not at all, until it is brought back
    brought back    neither of the two holds any longer
    undone          an answer was taken back: its variant counts as if it had never been asked

A wish is a row that is written once and never changed, so records that are merged hold the wishes
of both. What holds of a question is what was wished last; what is undone stays undone. Help that
was taken with an undone variant stays paid for: it was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import asdict, dataclass

from tutor.learner import attempts, days, reviews, sittings
from tutor.learner.attempts import UNDONE
from tutor.learner.reviews import Rows

PUT_OFF, SET_ASIDE, BROUGHT_BACK, TAKEN_BACK = "put off", "set aside", "brought back", "undone"
KINDS = (PUT_OFF, SET_ASIDE, BROUGHT_BACK, TAKEN_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One of them."""

    uid: str
    step: str
    """The question step's id."""
    kind: str
    """One of `KINDS`."""
    at: float
    """When it was wished, in seconds since 1970."""
    sitting: str | None = None
    """Of an answer that was taken back: its variant."""


def write(connection: sqlite3.Connection, step: str, kind: str, now: float) -> Wish:
    """One more wish about a question, inside a transaction."""
    return _written(connection, Wish(uid=attempts.new_uid(), step=step, kind=kind, at=now))


def holding(rows: Rows, now: float) -> dict[str, str]:
    """What holds now: `put off` or `set aside`, by question step."""
    found: dict[str, str] = {}
    told = "SELECT step, kind, at FROM wishes WHERE sitting IS NULL ORDER BY at, uid"
    for row in rows(told):
        if row["kind"] == SET_ASIDE or (row["kind"], days.of(row["at"])) == (PUT_OFF, days.of(now)):
            found[row["step"]] = row["kind"]
        elif row["kind"] == BROUGHT_BACK:
            found.pop(row["step"], None)
    return found


def undo(
    connection: sqlite3.Connection, since: float, now: float, steps: Collection[str] | None = None
) -> Wish | None:
    """Take back what was done last in reviews; inside a transaction.

    Args:
        connection: Inside a transaction.
        since: What was done before this stays.
        now: Seconds since 1970.
        steps: Only what was done with these questions; None for all.

    Returns:
        `undone` for an answer, with its question; `brought back` for what was put off or set aside;
        None where nothing was done.
    """
    answered = connection.execute(
        "SELECT uid, step, did FROM (SELECT uid, step, rating, misses, max(coalesce(closed, 0), "
        "coalesce((SELECT max(at) FROM attempts WHERE sitting = sittings.uid), 0)) AS did "
        f"FROM sittings WHERE purpose = 'review' AND uid NOT IN {UNDONE}) "
        "WHERE did >= ? AND (rating IS NOT NULL OR misses > 0) ORDER BY did DESC, uid",
        (since,),
    ).fetchall()
    held = holding(lambda sql: connection.execute(sql).fetchall(), now)
    wished = connection.execute(
        "SELECT '' AS uid, step, at AS did FROM wishes WHERE kind IN ('put off', 'set aside') "
        "AND at >= ? ORDER BY at DESC, uid",
        (since,),
    ).fetchall()
    done = answered + [row for row in wished if row["step"] in held]
    done = [row for row in done if steps is None or row["step"] in steps]
    if not done:
        return None
    last = max(done, key=lambda row: row["did"])
    if not last["uid"]:
        return write(connection, last["step"], BROUGHT_BACK, now)
    there = sittings.read(connection, last["uid"], now)
    wish = _written(
        connection,
        Wish(uid=attempts.new_uid(), step=there.step, kind=TAKEN_BACK, at=now, sitting=there.uid),
    )
    sittings.close(connection, there, "left", now)
    attempts.sum_again(connection, [there.step])
    reviews.replay(connection, [there.step])
    return wish


def _written(connection: sqlite3.Connection, wish: Wish) -> Wish:
    connection.execute(
        "INSERT INTO wishes (uid, step, kind, at, sitting) "
        "VALUES (:uid, :step, :kind, :at, :sitting)",
        asdict(wish),
    )
    return wish
