"""What the learner is told of their record: what was dated again, and rows that were set aside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from tutor.learner.reviews import Rows

SHOWN = 14 * 86_400.0
"""Seconds for which a note is shown."""


def write(
    connection: sqlite3.Connection, at: float, says: str, row: Mapping[str, Any] | None = None
) -> None:
    """One more note, inside a transaction.

    Args:
        connection: Inside a transaction.
        at: When, in seconds since 1970.
        says: A sentence or two for the learner.
        row: The row that was set aside, which is kept with it.
    """
    kept = None if row is None else json.dumps(dict(row), default=repr)
    connection.execute("INSERT INTO notes (at, says, row) VALUES (?, ?, ?)", (at, says, kept))


def lately(rows: Rows, now: float) -> tuple[str, ...]:
    """What was noted in the last days, each thing once."""
    found = rows("SELECT says FROM notes WHERE at > ? ORDER BY id", (now - SHOWN,))
    return tuple(dict.fromkeys(row["says"] for row in found))
