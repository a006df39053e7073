"""Steps that the learner has marked, to find them again.

A step's row says whether it is marked and since when; of two records, the later row counts.
"""

from __future__ import annotations

import sqlite3

from tutor.learner.reviews import Rows


def turn(connection: sqlite3.Connection, step: str, now: float) -> bool:
    """Mark a step, or take its mark away; whether it is marked now. Inside a transaction."""
    row = connection.execute("SELECT here FROM bookmarks WHERE step = ?", (step,)).fetchone()
    here = row is None or not row["here"]
    connection.execute(
        "INSERT INTO bookmarks (step, here, at) VALUES (?, ?, ?) "
        "ON CONFLICT (step) DO UPDATE SET here = excluded.here, at = excluded.at",
        (step, here, now),
    )
    return here


def marked(rows: Rows) -> tuple[str, ...]:
    """The marked steps, the one that was marked last first."""
    found = rows("SELECT step FROM bookmarks WHERE here ORDER BY at DESC, step")
    return tuple(row["step"] for row in found)
