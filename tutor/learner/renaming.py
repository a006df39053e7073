"""What was done under a name that a lesson or a step had before goes on under the one of today.

The course says which name is which (`lessons.kit.course.names`). Rows are given the new names once,
when a record is opened by a release that has them, and as a file is imported; what is summed up
from them is summed up again. What stands for nothing today stays in the record, and is told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError
from engine.runs.database import Database
from lessons.kit.course.course import load
from lessons.kit.course.lesson import lesson
from lessons.kit.course.steps import Step
from tutor.learner import attempts, reviews
from tutor.learner.attempts import lesson_of
from tutor.learner.reviews import Rows

STEPPED = ("attempts", "sittings", "places", "wishes", "bookmarks")
"""Tables whose rows have a step."""
_EVERYWHERE = " UNION ".join(f"SELECT step FROM {table}" for table in STEPPED)


@dataclass(frozen=True, slots=True)
class Gone:
    """A step that was done and is no longer in the course."""

    step: str
    points: float


def carry_over(database: Database) -> None:
    """Give a record the names of today."""
    if not load().renamed:
        return
    there = database.rows(_EVERYWHERE)
    moves = _moves(row["step"] for row in there)
    if not moves:
        return
    with database.transaction() as connection:
        for old, step in moves.items():
            _move(connection, old, step)
        touched = {*moves, *(step.id for step in moves.values())}
        attempts.sum_again(connection, touched)
        reviews.replay(connection, touched)


def in_file(rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Give the rows of a file, by table, the names of today."""
    if not load().renamed:
        return
    moves = _moves(row["step"] for table in STEPPED for row in rows[table])
    latest = {row["step"]: row["hash"] for row in sorted(rows["attempts"], key=_by_time)}
    for old, step in moves.items():
        for table in STEPPED:
            for row in rows[table]:
                if row["step"] == old:
                    row |= _as_today(table, row, step, latest.get(old))


def gone(rows: Rows, known: Collection[str], lessons: Collection[str]) -> tuple[Gone, ...]:
    """Steps that were done, of which the course of today has nothing.

    Args:
        rows: Reads.
        known: Steps of the lessons that could be read.
        lessons: Ids of these lessons.
    """
    unread = set(load().lessons) - set(lessons)
    found = rows("SELECT step, lesson, points FROM steps WHERE state = 'done' ORDER BY step")
    return tuple(
        Gone(row["step"], row["points"])
        for row in found
        if row["step"] not in known
        and row["lesson"] not in unread
        and "/reading/" not in row["step"]  # a text brings nothing, and is rewritten at will
    )


def _moves(steps: Iterable[str]) -> dict[str, Step]:
    """Of these names, those that are others today, and what they stand for."""
    found = {}
    for old in set(steps):
        new = load().today(old)
        if new == old:
            continue
        try:
            found[old] = lesson(lesson_of(new)).step(new)
        except EngineError:  # it stands for nothing; `gone` tells
            continue
    return found


def _as_today(table: str, row: Mapping[str, Any], step: Step, shown: str | None) -> dict[str, Any]:
    """The columns of a row that have the step's name in them.

    A step's digest has its name in it. So the text that was shown last is taken for the one of
    today, unless only the lesson has another name: then the digest says whether they are the same.
    """
    told: dict[str, Any] = {"step": step.id}
    if table == "places":
        return told | {"lesson": lesson_of(step.id)}
    if row.get("question"):
        told["question"] = step.name
    same_name = row["step"].rsplit("/", 2)[1:] == step.id.rsplit("/", 2)[1:]
    if table == "attempts":
        told["kind"] = step.kind
        if row["hash"] == shown and not same_name:
            told["hash"] = step.hash
    return told


def _move(connection: sqlite3.Connection, old: str, step: Step) -> None:
    rows = {
        table: [
            dict(row) for row in connection.execute(f"SELECT * FROM {table} WHERE step = ?", (old,))
        ]
        for table in STEPPED
    }
    shown = max(rows["attempts"], key=_by_time, default={"hash": None})["hash"]
    for table in ("attempts", "sittings", "wishes"):
        for row in rows[table]:
            news = _as_today(table, row, step, shown)
            columns = ", ".join(f"{name} = :{name}" for name in news)
            connection.execute(f"UPDATE {table} SET {columns} WHERE id = :id", row | news)
    for row in rows["places"]:
        connection.execute("DELETE FROM places WHERE lesson = ?", (row["lesson"],))
        connection.execute(
            "INSERT INTO places (lesson, step, at) VALUES (:lesson, :step, :at) ON CONFLICT "
            "(lesson) DO UPDATE SET step = excluded.step, at = excluded.at "
            "WHERE excluded.at > places.at",
            row | _as_today("places", row, step, None),
        )
    for row in rows["bookmarks"]:
        connection.execute("DELETE FROM bookmarks WHERE step = ?", (old,))
        connection.execute(
            "INSERT INTO bookmarks (step, here, at) VALUES (:step, :here, :at) ON CONFLICT (step) "
            "DO UPDATE SET here = excluded.here, at = excluded.at WHERE excluded.at > bookmarks.at",
            row | _as_today("bookmarks", row, step, None),
        )


def _by_time(row: Mapping[str, Any]) -> tuple[float, str]:
    return row["at"], row["uid"]
