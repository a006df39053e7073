"""A home into which an earlier release let rows that no column should hold.

It took them from files that it did not look through. What is left of such a row is kept in a note;
what is summed up from rows is summed up again, without it, by a migration after this one.
"""

from __future__ import annotations

import sqlite3
import time

from tutor.learner import notes
from tutor.learner.carry import KEYS
from tutor.learner.columns import TABLES, fault


def mend(connection: sqlite3.Connection) -> None:
    """Set aside the rows that cannot be; inside a transaction."""
    for table in ("places", "measurements", "attempts", "sittings"):
        names = ", ".join(TABLES[table])
        for row in connection.execute(f"SELECT {names} FROM {table}").fetchall():
            values = dict(row)
            if table == "attempts" and not TABLES[table]["seconds"].takes(values["seconds"]):
                _without_its_time(connection, values)
            if wrong := fault(table, values):
                _aside(connection, table, values, wrong)


def _without_its_time(connection: sqlite3.Connection, row: dict) -> None:
    """An attempt that says nonsense of its seconds alone still counts, for no time."""
    row["seconds"] = 0.0
    connection.execute("UPDATE attempts SET seconds = 0 WHERE uid IS ?", (row["uid"],))


def _aside(connection: sqlite3.Connection, table: str, row: dict, wrong: str) -> None:
    key = KEYS[table]
    if table == "attempts":
        connection.execute("DELETE FROM measurements WHERE attempt IS ?", (row["uid"],))
    connection.execute(f"DELETE FROM {table} WHERE {key} IS ?", (row[key],))
    says = f"A row of your record's {table} is set aside: {wrong.removeprefix('.')}."
    notes.write(connection, time.time(), says, row)
