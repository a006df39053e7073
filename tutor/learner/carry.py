"""The record as a JSON file: to keep, to carry to another machine, to merge with another record.

What is carried is what happened (attempts, their measurements, sittings, places); sums and cards
are made again. Rows have names of their own, so a file that is imported twice, or after both
records went on, adds only what was not there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError
from tutor.learner import attempts, measurements, reviews

FORMAT = "efficient-ai-tutor learner"
VERSION = 2
"""1 had no measurements, and sittings did not say when help was taken."""
_SITTINGS = (
    "uid", "step", "question", "seed", "purpose", "begun", "hints", "misses", "opened", "closed",
    "ending", "rating", "hinted", "read",
)  # fmt: skip
_HELP = ("hinted", "read")
_PLACES = ("lesson", "step", "at")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added."""

    attempts: int
    sittings: int


def export(connection: sqlite3.Connection, now: float) -> dict[str, Any]:
    """The whole record, as JSON holds it."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported": now,
        "attempts": _all(connection, "attempts", attempts.NAMES, "at, id"),
        "measurements": _all(connection, "measurements", measurements.NAMES, "at, attempt"),
        "sittings": _all(connection, "sittings", _SITTINGS, "begun, id"),
        "places": _all(connection, "places", _PLACES, "lesson"),
    }


def import_(connection: sqlite3.Connection, content: Any) -> Imported:
    """Merge a record in; call it inside a transaction.

    Raises:
        EngineError: It is no record, or one of a newer release, or a row of it is broken.
    """
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise EngineError(
            "This file holds no learner's record.",
            "`tutor progress export FILE` writes one.",
        )
    if content.get("version") not in range(1, VERSION + 1):
        raise EngineError(
            f"This record has version {content.get('version')}; this release reads up to "
            f"{VERSION}.",
            "Update this program (pip install -U efficient-ai-tutor).",
        )
    before = connection.total_changes
    touched = set()
    try:
        for row in content["sittings"]:
            touched.add(row["step"])
            _merge_sitting(connection, row)
        sat = connection.total_changes - before
        made = 0
        for row in content["attempts"]:
            made += _add_attempt(connection, attempts.Attempt(**row))
        for row in content["measurements"] if content["version"] > 1 else ():
            measurements.add(connection, measurements.Measurement(**row))
        for row in content["places"]:
            connection.execute(
                "INSERT INTO places (lesson, step, at) VALUES (:lesson, :step, :at) "
                "ON CONFLICT (lesson) DO UPDATE SET step = excluded.step, at = excluded.at "
                "WHERE excluded.at > places.at",
                row,
            )
        reviews.replay(connection, touched)
    except (KeyError, TypeError, ValueError, OverflowError, sqlite3.Error) as error:
        raise EngineError(
            f"A row of this record is broken ({type(error).__name__}: {error}).",
            "Nothing was imported. Export it again.",
        ) from error
    return Imported(made, sat)


def _add_attempt(connection: sqlite3.Connection, attempt: attempts.Attempt) -> bool:
    before = connection.total_changes
    attempts.write(connection, attempt, None)
    return connection.total_changes > before


def _merge_sitting(connection: sqlite3.Connection, row: Mapping[str, Any]) -> None:
    """The one that is further wins: closed over open, then more misses, then more hints."""
    names, helped = ", ".join(_SITTINGS), _when_helped(row)
    connection.execute(
        f"INSERT INTO sittings ({names}) VALUES ({', '.join(':' + name for name in _SITTINGS)}) "
        "ON CONFLICT (uid) DO UPDATE SET hints = excluded.hints, misses = excluded.misses, "
        "opened = excluded.opened, closed = excluded.closed, ending = excluded.ending, "
        "rating = excluded.rating WHERE sittings.closed IS NULL AND "
        "(excluded.closed IS NOT NULL OR (excluded.misses, excluded.hints, excluded.opened) > "
        "(sittings.misses, sittings.hints, sittings.opened))",
        helped | {name: row[name] for name in _SITTINGS if name not in _HELP},
    )
    for name, at in helped.items():  # help may have been taken after the end
        connection.execute(
            f"UPDATE sittings SET {name} = :at WHERE uid = :uid AND :at > coalesce({name}, 0)",
            {"at": at, "uid": row["uid"]},
        )


def _when_helped(row: Mapping[str, Any]) -> dict[str, Any]:
    """When help was taken; a record of version 1 says only whether."""
    taken = {"hinted": row["hints"], "read": row["opened"]}
    return {name: row.get(name, row["begun"] if taken[name] else None) for name in _HELP}


def _all(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], order: str
) -> list[dict[str, Any]]:
    rows = connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}")
    return [dict(row) for row in rows]
