"""Whether somebody is new here: asked before the first paint, so that it needs one look at a file.

The first screen must not be painted over another one, and whoever was here must not see it again.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.runs.home import Home

WELCOMED = "welcomed"
"""A file in the home that says that the first screen was seen."""
DONE = ("places", "attempts")
"""Tables that hold something once anything was read or answered, on a screen or by a command."""


def is_new(home: Home) -> bool:
    """Whether nobody was welcomed in this home, and nothing was done."""
    if (home.path / WELCOMED).exists():
        return False
    if not home.database.exists():
        return True
    try:
        connection = sqlite3.connect(f"{home.database.absolute().as_uri()}?mode=ro", uri=True)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            return not any(_holds(connection, table) for table in DONE if table in tables)
        finally:
            connection.close()
    except (
        sqlite3.Error
    ):  # whatever it is, somebody was here; the record says what is wrong with it
        return False


def _holds(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def welcomed(home: Home) -> None:
    """The first screen was seen."""
    (home.prepare().path / WELCOMED).touch()
