"""How a row of runs gets another state, and what follows from it for the rows that wait for it.

Each function works within the transaction of whoever calls it; `store` has those.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping

from engine.errors import EngineError
from engine.runs import chains
from engine.runs.snapshot import SELECT, Run, snapshot, to_json
from engine.runs.states import CANCELLED, FAILED, FINISHED, LEGAL, QUEUED, RUNNING


def move(
    connection: sqlite3.Connection,
    run: Run,
    state: str,
    *,
    result: Mapping | None = None,
    error: Mapping | None = None,
    message: str = "",
    at: float | None = None,
) -> None:
    """The only place where a run gets another state, but for `Store.claim`."""
    if state not in LEGAL[run.state]:
        raise illegal(run, state)
    now = at or time.time()
    connection.execute(
        "UPDATE runs SET state = :state, request = NULL, ended = :ended, eta_seconds = NULL, "
        "seconds = seconds + iif(state = 'running', attempt_seconds, 0), "
        "result = :result, error = :error, message = :message WHERE id = :id",
        {
            "id": run.id,
            "state": state,
            "ended": None if state == QUEUED else now,
            "now": now,
            "result": to_json(result) if result is not None else None,
            "error": to_json(error) if error is not None else None,
            "message": message,
        },
    )


def requeue(connection: sqlite3.Connection, run: Run) -> None:
    """Queue a run again, and after it whatever failed only because it had failed."""
    run = snapshot(connection.execute(f"{SELECT} WHERE id = ?", (run.id,)).fetchone())
    move(connection, run, QUEUED)
    followers = connection.execute(
        f"{SELECT} WHERE state = 'failed' AND json_extract(error, '$.because') = ?", (run.id,)
    ).fetchall()
    for row in followers:
        requeue(connection, snapshot(row))


def cancel(connection: sqlite3.Connection, run: Run, message: str = "") -> None:
    """Cancel a run that does not run; ask it of the worker of one that does."""
    if run.state == RUNNING:
        connection.execute("UPDATE runs SET request = 'cancel' WHERE id = ?", (run.id,))
    else:
        move(connection, run, CANCELLED, message=message)


LEFT_BEHIND = """
    SELECT runs.id AS id, min(needed.id) AS needed FROM runs
    JOIN dependencies ON run_id = runs.id JOIN runs AS needed ON needed.id = after_id
    WHERE (needed.state = 'cancelled' AND (
        runs.state IN ('queued', 'paused', 'interrupted')
        OR (runs.state = 'failed' AND json_extract(runs.error, '$.because') IS NOT NULL)
    )) OR (needed.state = 'failed' AND runs.state = 'queued')
    GROUP BY runs.id
"""
"""Runs that cannot go on as they stand, each with the oldest run that holds it up."""


def settle(connection: sqlite3.Connection) -> None:
    """Cancel what needs a cancelled run, and fail what waits in the queue for a failed one.

    Then what needs those. A run of an older release that failed for a cancelled one's sake is
    cancelled too.
    """
    while pairs := connection.execute(LEFT_BEHIND).fetchall():
        for pair in pairs:
            run, needed = (
                snapshot(connection.execute(f"{SELECT} WHERE id = ?", (each,)).fetchone())
                for each in pair
            )
            if needed.state == CANCELLED:
                cancel(connection, run, chains.why_cancelled(run, needed))
            else:
                error = chains.why_failed(run, needed)
                move(connection, run, FAILED, error=error | {chains.BECAUSE: needed.id})


def illegal(run: Run, wanted: str) -> EngineError:
    """That a run cannot be what is wanted, and what can be done instead."""
    hints = {
        FINISHED: "Submit it again to compute it anew.",
        CANCELLED: "Submit it again to compute it anew.",
        FAILED: f"`tutor resume {run.id}` tries again from where it stood.",
    }
    what = f"Run {run.id} is {run.state}; it cannot be {wanted}."
    return EngineError(what, hints.get(run.state, ""))
