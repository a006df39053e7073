"""What is being typed for a step that has no sitting, so that a killed tutor can give it back.

A draft is nothing that happened: no export carries it, and whoever finishes it leaves none.
"""

from __future__ import annotations

import sqlite3

from tutor.learner.reviews import Rows


def read(rows: Rows, step: str) -> str:
    """What is typed for a step; empty where nothing is."""
    found = rows("SELECT typed FROM drafts WHERE step = ?", (step,))
    return found[0]["typed"] if found else ""


def keep(connection: sqlite3.Connection, step: str, typed: str) -> None:
    """Keep what is typed for a step; inside a transaction."""
    if typed:
        connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (step, typed))
    else:
        connection.execute("DELETE FROM drafts WHERE step = ?", (step,))
