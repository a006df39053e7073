"""What a run gives as it goes: figures over steps, predictions, a teacher's answers and failures.

A row here is a dict with the columns of its table (see `schema`) but for `run_id`. Rows that are
read have `rowid` too, which only grows: a screen asks for what came after the last that it has.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterable, Mapping
from typing import Any

from engine.runs.database import Database

PREDICTIONS = (
    "problem_id", "sample", "question", "gold", "text", "extracted", "stage",
    "correct", "strict", "flexible", "tokens_in", "tokens_out", "cut_off", "batch",
)  # fmt: skip
ANSWERS = (
    "problem_id", "question", "gold", "text", "extracted", "stage", "correct",
    "tokens_in", "tokens_out", "asked_at",
)  # fmt: skip
FAILURES = ("problem_id", "reason", "tries", "at")

_TRUTHS = ("correct", "strict", "flexible", "cut_off")


def add_metrics(
    connection: sqlite3.Connection, run_id: int, step: int, values: Mapping[str, float]
) -> None:
    """Figures of one step; a step that is computed again replaces its figures.

    A value that is not finite is kept as null, which JSON can say.
    """
    now = time.time()
    connection.executemany(
        "INSERT INTO metrics (run_id, name, step, value, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at",
        [
            (run_id, name, step, float(value) if math.isfinite(value) else None, now)
            for name, value in values.items()
        ],
    )


def add_predictions(
    connection: sqlite3.Connection, run_id: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Judged samples; one that is there already is replaced."""
    _add(connection, "predictions", PREDICTIONS, run_id, rows)


def add_answers(
    connection: sqlite3.Connection, run_id: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """A teacher's answers; the failures of the same problems are forgotten."""
    rows = [{"asked_at": time.time(), **row} for row in rows]
    _add(connection, "teacher_answers", ANSWERS, run_id, rows)
    connection.executemany(
        "DELETE FROM teacher_failures WHERE run_id = ? AND problem_id = ?",
        [(run_id, row["problem_id"]) for row in rows],
    )


def add_failures(
    connection: sqlite3.Connection, run_id: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Problems that the teacher could not answer this time."""
    rows = [{"at": time.time(), "tries": 1, **row} for row in rows]
    _add(connection, "teacher_failures", FAILURES, run_id, rows)


def metrics(database: Database, run_id: int, after_step: int = -1) -> list[dict[str, Any]]:
    """`name`, `step`, `value` and `at` of every step after `after_step`, by step."""
    rows = database.rows(
        "SELECT name, step, value, at FROM metrics WHERE run_id = ? AND step > ? "
        "ORDER BY step, name",
        (run_id, after_step),
    )
    return [dict(row) for row in rows]


def predictions(
    database: Database, run_id: int, after_rowid: int = 0, limit: int = -1
) -> list[dict[str, Any]]:
    """Samples in the order in which they came; all of them where `limit` is -1."""
    return _read(database, "predictions", PREDICTIONS, run_id, after_rowid, limit)


def answers(
    database: Database, run_id: int, after_rowid: int = 0, limit: int = -1
) -> list[dict[str, Any]]:
    """A teacher's answers in the order in which they came."""
    return _read(database, "teacher_answers", ANSWERS, run_id, after_rowid, limit)


def failures(
    database: Database, run_id: int, after_rowid: int = 0, limit: int = -1
) -> list[dict[str, Any]]:
    """Problems that the teacher has failed so far."""
    return _read(database, "teacher_failures", FAILURES, run_id, after_rowid, limit)


def known_problems(database: Database) -> dict[str, tuple[str, str]]:
    """The id and the gold answer of every question that a run of this home was ever asked.

    What was read from a file is no authority: its gold answers are its own.
    """
    rows = database.rows(
        "SELECT problem_id, question, gold FROM predictions WHERE sample = 0 UNION "
        "SELECT problem_id, question, gold FROM teacher_answers WHERE problem_id NOT LIKE 'file-%'"
    )
    return {row["question"].strip(): (row["problem_id"], row["gold"]) for row in rows}


def _add(
    connection: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    run_id: int,
    rows: Iterable[Mapping[str, Any]],
) -> None:
    keys = [name for name in ("problem_id", "sample") if name in columns]
    rest = [name for name in columns if name not in keys]
    optional = {"strict", "flexible", "extracted", "batch"}
    connection.executemany(
        f"INSERT INTO {table} (run_id, {', '.join(columns)}) "
        f"VALUES ({', '.join('?' * (len(columns) + 1))}) "
        f"ON CONFLICT (run_id, {', '.join(keys)}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in rest),
        [
            (run_id, *(row.get(name) if name in optional else row[name] for name in columns))
            for row in rows
        ],
    )


def _read(
    database: Database,
    table: str,
    columns: tuple[str, ...],
    run_id: int,
    after_rowid: int,
    limit: int,
) -> list[dict[str, Any]]:
    rows = database.rows(
        f"SELECT rowid, {', '.join(columns)} FROM {table} "
        "WHERE run_id = ? AND rowid > ? ORDER BY rowid LIMIT ?",
        (run_id, after_rowid, limit),
    )
    truths = [name for name in _TRUTHS if name in columns]
    found = [dict(row) for row in rows]
    for row in found:
        for name in truths:
            row[name] = None if row[name] is None else bool(row[name])
    return found
