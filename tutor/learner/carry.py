"""The record as a JSON file: to keep, to carry to another machine, to merge with another record.

What is carried is what happened (attempts, their measurements, sittings, places, wishes,
bookmarks); sums and cards are made again. Rows have names of their own, so a file that is imported
twice, or after both records went on, adds only what was not there; `merging` says what becomes of a
row that both have.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from engine.errors import EngineError
from tutor.learner import attempts, clock, merging, notes, renaming, reviews
from tutor.learner.columns import TABLES, fault

FORMAT = "efficient-ai-tutor learner"
VERSION = 4
"""1 had no measurements, and sittings did not say when help was taken; 2 had no wishes, and 3 no
bookmarks."""
SINCE = {"measurements": 2, "wishes": 3, "bookmarks": 4}
"""Tables that came later, and the version that had them first."""
KEYS = {
    "sittings": "uid", "attempts": "uid", "measurements": "attempt", "places": "lesson",
    "wishes": "uid", "bookmarks": "step",
}  # fmt: skip
"""What a row is called in all records of this learner."""
ORDER = {
    "attempts": "at, uid", "measurements": "at, attempt", "sittings": "begun, uid",
    "places": "lesson", "wishes": "at, uid", "bookmarks": "step",
}  # fmt: skip
LACKING = {field.name: field.default for field in fields(attempts.Attempt)}
"""What an attempt says where its file says nothing."""

Content = dict[str, list[dict[str, Any]]]
"""Rows by table."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import added."""

    attempts: int
    sittings: int
    """New ones, and those that went on elsewhere."""
    doubts: str = ""
    """What is to be said of rows that were dated ahead."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an import would change."""

    added: Imported
    points_before: float
    """Of all steps."""
    points_after: float
    lessons: Mapping[str, int]
    """How many of a lesson's steps would stand otherwise than now, by the lesson's id."""

    @property
    def nothing(self) -> bool:
        """Whether all of it is here already."""
        return not (self.added.attempts or self.added.sittings or self.lessons)


def export(connection: sqlite3.Connection, now: float) -> dict[str, Any]:
    """The whole record, as JSON holds it."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported": now,
        **{table: _all(connection, table, order) for table, order in ORDER.items()},
    }


def import_(connection: sqlite3.Connection, content: Any, now: float) -> Imported:
    """Merge a record in; call it inside a transaction.

    Raises:
        EngineError: It is no record, or one of a newer release, or a row of it is broken; the
            transaction must then be undone.
    """
    rows = _read(content)
    renaming.in_file(rows)
    doubts = _doubted(connection, rows, now)
    changed = {table: _merge(connection, table, each) for table, each in rows.items()}
    undone = any(row["sitting"] for row in changed["wishes"])  # of whichever question
    attempts.sum_again(connection, None if undone else _steps(changed["attempts"]))
    reviews.replay(connection, None if undone else _steps(changed["sittings"]))
    if doubts and any(changed.values()):
        notes.write(connection, now, doubts)
    return Imported(len(changed["attempts"]), len(changed["sittings"]), doubts)


def _steps(rows: list[dict[str, Any]]) -> set[str]:
    return {row["step"] for row in rows}


def foresee(connection: sqlite3.Connection, content: Any, now: float) -> Foreseen:
    """What `import_` would change; call it inside a transaction, which is left as it was.

    Raises:
        EngineError: As `import_` does.
    """
    before = _standing(connection)
    connection.execute("SAVEPOINT foreseen")
    try:
        added, after = import_(connection, content, now), _standing(connection)
    finally:
        connection.execute("ROLLBACK TO foreseen")
        connection.execute("RELEASE foreseen")
    changed = [step for step, row in after.items() if row != before.get(step)]
    lessons = Counter(attempts.lesson_of(step) for step in sorted(changed))
    points = [sum(row["points"] for row in each.values()) for each in (before, after)]
    return Foreseen(added, *points, lessons)


def _standing(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    return {row["step"]: dict(row) for row in connection.execute("SELECT * FROM steps")}


def _read(content: Any) -> Content:
    """The rows of a file, each of them looked at."""
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise EngineError(
            "This file holds no learner's record.",
            "`tutor progress export FILE` writes one.",
        )
    version = content.get("version")
    if type(version) is not int or version not in range(1, VERSION + 1):
        raise EngineError(
            f"This record has version {version!r}; this release reads up to {VERSION}.",
            "Update this program (pip install -U efficient-ai-tutor).",
        )
    rows: Content = {}
    for table in TABLES:
        there = content.get(table, [] if version < SINCE.get(table, 1) else None)
        if not isinstance(there, list):
            raise _broken(f"{table} is {'missing' if there is None else 'no list'}")
        for at, row in enumerate(there):
            if wrong := fault(table, row):
                raise _broken(f"{table}[{at}]{wrong}")
        rows[table] = [_whole(table, row) for row in there]
    return rows


def _broken(why: str) -> EngineError:
    return EngineError(
        f"A row of this record is broken: {why}.",
        "Nothing was imported. Export it again where it was made.",
    )


def _whole(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with all its columns, as SQLite gives it back."""
    row = dict(row)
    if table == "attempts":
        row = {name: row.get(name, LACKING[name]) for name in TABLES[table]}
    if table == "wishes":
        row.setdefault("sitting", None)
    if table == "sittings":
        taken = {"hinted": row["hints"], "read": row["opened"]}
        for name, helped in taken.items():  # a record of version 1 says only whether
            row.setdefault(name, row["begun"] if helped else None)
    return {name: int(value) if isinstance(value, bool) else value for name, value in row.items()}


def _doubted(connection: sqlite3.Connection, rows: Content, now: float) -> str:
    """Give what lies beyond now a time that can be believed; what is to be said of that.

    Where the learner was by such a clock, what they marked, and when help was taken that is known
    of here, is left out: it would count as newer than what is, each time the file is imported.
    """
    times = [
        row[name]
        for table, names in clock.TIMES.items()
        for row in rows[table]
        for name in names
        if row[name] is not None
    ]
    given = clock.believed(times, now)
    if not given:
        return ""
    for table in ("places", "bookmarks"):
        rows[table] = [row for row in rows[table] if row["at"] not in given]
    here = {row["uid"]: row for row in _all(connection, "sittings", "uid")}
    for row in rows["sittings"]:
        for name in ("hinted", "read"):
            if row[name] in given and here.get(row["uid"], {}).get(name) is not None:
                row[name] = None
    for table, names in clock.TIMES.items():
        for row in rows[table]:
            row |= {name: given.get(row[name], row[name]) for name in names}
    return clock.words(given)


def _merge(
    connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Merge rows into a table; gives those that are new or have changed."""
    key, names = KEYS[table], tuple(TABLES[table])
    here = {row[key]: row for row in _all(connection, table, key)}
    changed = {}
    for at, row in enumerate(rows):
        name = row[key]
        before = here.get(name)
        if before is not None and table == "sittings":
            _same_variant(at, before, row)
        after = row if before is None else merging.merged(table, before, row)
        if after != before:
            here[name] = changed[name] = dict(after)
    columns = ", ".join(names)
    values = ", ".join(f":{name}" for name in names)
    news = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    try:
        connection.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({values}) "
            f"ON CONFLICT ({key}) DO UPDATE SET {news}",
            changed.values(),
        )
    except sqlite3.IntegrityError as error:
        raise _broken(f"of {table}, one names an attempt that is not there") from error
    if table == "sittings":
        connection.execute("UPDATE sittings SET draft = '' WHERE closed IS NOT NULL")
    return list(changed.values())


def _same_variant(at: int, here: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    for name in ("step", "question", "seed", "purpose"):
        if row[name] != here[name]:
            raise _broken(
                f"sittings[{at}].{name} is {row[name]!r}, and of that uid there is one here with "
                f"{here[name]!r}"
            )


def _all(connection: sqlite3.Connection, table: str, order: str) -> list[dict[str, Any]]:
    names = ", ".join(TABLES[table])
    return [
        dict(row) for row in connection.execute(f"SELECT {names} FROM {table} ORDER BY {order}")
    ]
