"""The rows of runs: snapshots out, legal changes in.

Both sides stand on this: `client` for screens and commands, `record` and `worker` for the process
that computes. Each public method is one statement or one short transaction.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from engine.errors import EngineError, RunNotFound
from engine.runs import smaller
from engine.runs.database import WIDEST, Database
from engine.runs.home import Home
from engine.runs.snapshot import SELECT, Run, snapshot, to_json
from engine.runs.states import (
    CANCELLED,
    FAILED,
    FINISHED,
    INTERRUPTED,
    LEGAL,
    LOST,
    PAUSED,
    QUEUED,
    RESUMABLE,
    RUNNING,
)

__all__ = ["Run", "Store"]


_READY = """
    SELECT id FROM runs WHERE state = 'queued' AND NOT EXISTS (
        SELECT 1 FROM dependencies JOIN runs AS needed ON needed.id = after_id
        WHERE run_id = runs.id AND needed.state != 'finished'
    ) ORDER BY id LIMIT 1
"""


ATTEMPT_SECONDS = "coalesce(:clock - attempt_clock, attempt_seconds)"
"""What the attempt that runs has computed, where the worker's `time.monotonic()` is `:clock`.

The clock stands still while the machine sleeps, and nobody sets it. It is the same in all processes
until the machine is started anew, so only the worker that made the attempt may ask for this; others
read what its last heartbeat has written.
"""


class Store:
    """The runs of one home."""

    def __init__(self, home: Home) -> None:
        """Open the home's database; see `Database` for the errors."""
        self.home = home
        self.database = Database(home)

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

    # Reading

    def run(self, run_id: int) -> Run:
        """A snapshot. Raises RunNotFound."""
        known = 0 < run_id <= WIDEST  # SQLite is not even asked for what no column can hold
        rows = self.database.rows(f"{SELECT} WHERE id = ?", (run_id,)) if known else []
        if not rows:
            raise RunNotFound(f"There is no run {run_id}.", "`tutor runs` lists those there are.")
        return snapshot(rows[0])

    def runs(self, limit: int = 50) -> list[Run]:
        """The newest runs, newest first."""
        sql = f"{SELECT} ORDER BY id DESC LIMIT ?"
        return [snapshot(row) for row in self.database.rows(sql, (min(limit, WIDEST),))]

    def finished(self) -> list[Run]:
        """Every run that has finished, oldest first."""
        sql = f"{SELECT} WHERE state = 'finished' ORDER BY id"
        return [snapshot(row) for row in self.database.rows(sql)]

    def ready(self) -> int | None:
        """The oldest queued run whose needs are all finished."""
        rows = self.database.rows(_READY)
        return rows[0]["id"] if rows else None

    def running(self) -> bool:
        """Whether any run says that it is running; its worker may have died."""
        return bool(self.database.rows("SELECT 1 FROM runs WHERE state = 'running' LIMIT 1"))

    def request(self, run_id: int) -> str | None:
        """What a client has asked of a running run: None, `pause` or `cancel`."""
        rows = self.database.rows("SELECT request FROM runs WHERE id = ?", (run_id,))
        return rows[0]["request"] if rows else None

    # What clients do

    def submit(
        self,
        kind: str,
        title: str,
        spec: Mapping,
        after: Iterable[int] = (),
        noted: Mapping | None = None,
    ) -> int:
        """Put a run into the queue, behind `after`. Raises RunNotFound for an unknown need."""
        with self.database.transaction() as connection:
            run_id = connection.execute(
                "INSERT INTO runs (kind, title, spec, environment, created) VALUES (?, ?, ?, ?, ?)",
                (kind, title, to_json(spec), to_json(noted or {}), time.time()),
            ).lastrowid
            for needed in sorted(set(after)):
                if not connection.execute("SELECT 1 FROM runs WHERE id = ?", (needed,)).fetchone():
                    raise RunNotFound(f"There is no run {needed} to wait for.")
                connection.execute("INSERT INTO dependencies VALUES (?, ?)", (run_id, needed))
            _fail_dependents(connection)
        return int(run_id)  # type: ignore[arg-type]

    def pause(self, run_id: int) -> Run:
        """Pause a queued run at once; ask the worker to pause a running one."""
        with self._change(run_id) as (connection, run):
            if run.state == RUNNING:
                connection.execute(
                    "UPDATE runs SET request = coalesce(request, 'pause') WHERE id = ?", (run_id,)
                )
            elif run.state == QUEUED:
                _move(connection, run, PAUSED)
            elif run.state != PAUSED:
                raise _illegal(run, "paused")
        return self.run(run_id)

    def cancel(self, run_id: int) -> Run:
        """Cancel at once what does not run; ask the worker to cancel what does."""
        with self._change(run_id) as (connection, run):
            if run.state == RUNNING:
                connection.execute("UPDATE runs SET request = 'cancel' WHERE id = ?", (run_id,))
            elif CANCELLED in LEGAL[run.state]:
                _move(connection, run, CANCELLED)
                _fail_dependents(connection)
            elif run.state != CANCELLED:
                raise _illegal(run, "cancelled")
        return self.run(run_id)

    def resume(self, run_id: int, at_most: int | None = None) -> Run:
        """Queue a paused, interrupted or failed run again, and those that failed for its sake.

        A pause that the worker has not yet obeyed is withdrawn.

        Args:
            run_id: Which.
            at_most: How many problems or rows are computed at once from now on.
        """
        with self._change(run_id) as (connection, run):
            if at_most is not None:
                size = smaller.checked(run, at_most)
                environment = to_json({**run.environment, smaller.NOTED: size})
                connection.execute(
                    "UPDATE runs SET environment = ? WHERE id = ?", (environment, run_id)
                )
            if run.state == RUNNING and run.request != "cancel":
                connection.execute("UPDATE runs SET request = NULL WHERE id = ?", (run_id,))
            elif run.state in RESUMABLE:
                for needed in map(self.run, run.after):
                    if needed.state in LOST:
                        raise EngineError(**_because(run, needed))
                _requeue(connection, run)
                _fail_dependents(connection)  # those that another failed run holds back too
            elif run.state != QUEUED:
                raise _illegal(run, "resumed")
        return self.run(run_id)

    # What only the holder of the worker's lock does

    def claim(self) -> Run | None:
        """Make the oldest ready run a running one."""
        with self.database.transaction() as connection:
            _fail_dependents(connection)
            row = connection.execute(_READY).fetchone()
            if row is None:
                return None
            connection.execute(
                "UPDATE runs SET state = 'running', request = NULL, message = '', error = NULL, "
                "ended = NULL, eta_seconds = NULL, attempts = attempts + 1, "
                "started = coalesce(started, :now), attempt_started = :now, heartbeat = :now, "
                "attempt_clock = :clock, attempt_seconds = 0 WHERE id = :id",
                {"now": time.time(), "clock": time.monotonic(), "id": row["id"]},
            )
        return self.run(row["id"])

    def end(
        self,
        run_id: int,
        state: str,
        *,
        result: Mapping | None = None,
        error: Mapping | None = None,
        message: str = "",
    ) -> None:
        """A running run has come to an end, for now or for good.

        What a client asked for meanwhile holds: a run that stopped where it can carry on is
        cancelled if that was asked, and queued again if the pause was withdrawn; not so one that
        paused by itself and says why.
        """
        with self._change(run_id) as (connection, run):
            self.beat(run_id)
            if state in (PAUSED, INTERRUPTED) and run.request == "cancel":
                state = CANCELLED
            _move(connection, run, state, result=result, error=error, message=message)
            if state == PAUSED and run.request is None and not message:
                _requeue(connection, run)
            _fail_dependents(connection)

    def interrupt(self, status: int | None = None) -> list[int]:
        """Mark every running run as interrupted: there is no worker. Returns their ids.

        Args:
            status: How the worker's process ended, where that is known.
        """
        from engine.runs import death  # psutil, which no paint of a screen needs

        with self.database.transaction() as connection:
            rows = connection.execute(f"{SELECT} WHERE state = 'running'").fetchall()
            found = [snapshot(row) for row in rows]
            for run in found:
                ended = death.death(run, status)
                state = CANCELLED if run.request == "cancel" else INTERRUPTED
                at = min(run.heartbeat, time.time())
                _move(connection, run, state, message=ended.words, at=at)
                noted = {**run.environment, death.DIED: ended.of}
                connection.execute(
                    "UPDATE runs SET environment = ? WHERE id = ?", (to_json(noted), run.id)
                )
            _fail_dependents(connection)
        return [run.id for run in found]

    def beat(self, run_id: int) -> None:
        """The worker lives."""
        with self.database.transaction() as connection:
            connection.execute(
                f"UPDATE runs SET heartbeat = :now, attempt_seconds = {ATTEMPT_SECONDS} "
                "WHERE id = :id",
                {"now": time.time(), "clock": time.monotonic(), "id": run_id},
            )

    @contextmanager
    def _change(self, run_id: int) -> Iterator[tuple[sqlite3.Connection, Run]]:
        """A transaction around a run that is read inside it, so that nobody changes it between."""
        with self.database.transaction() as connection:
            yield connection, self.run(run_id)


def _move(
    connection: sqlite3.Connection,
    run: Run,
    state: str,
    *,
    result: Mapping | None = None,
    error: Mapping | None = None,
    message: str = "",
    at: float | None = None,
) -> None:
    """The only place where a run gets another state, but for `claim`."""
    if state not in LEGAL[run.state]:
        raise _illegal(run, state)
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


def _requeue(connection: sqlite3.Connection, run: Run) -> None:
    """Queue a run again, and after it whatever failed only because it had failed."""
    run = snapshot(connection.execute(f"{SELECT} WHERE id = ?", (run.id,)).fetchone())
    _move(connection, run, QUEUED)
    followers = connection.execute(
        f"{SELECT} WHERE state = 'failed' AND json_extract(error, '$.because') = ?", (run.id,)
    ).fetchall()
    for row in followers:
        _requeue(connection, snapshot(row))


def _fail_dependents(connection: sqlite3.Connection) -> None:
    """Fail, in words, every queued run that waits for a failed or cancelled one; then theirs."""
    while True:
        pairs = connection.execute(
            "SELECT runs.id AS id, min(needed.id) AS needed FROM runs "
            "JOIN dependencies ON run_id = runs.id JOIN runs AS needed ON needed.id = after_id "
            "WHERE runs.state = 'queued' AND needed.state IN ('failed', 'cancelled') "
            "GROUP BY runs.id"
        ).fetchall()
        if not pairs:
            return
        for pair in pairs:
            run, needed = (
                snapshot(connection.execute(f"{SELECT} WHERE id = ?", (each,)).fetchone())
                for each in pair
            )
            error = _because(run, needed)
            _move(connection, run, FAILED, error=error | {"because": needed.id})


def _because(run: Run, needed: Run) -> dict[str, str]:
    """Why `run` cannot go on."""
    what = f"Run {run.id} needs run {needed.id} ({needed.title}), which "
    if needed.state == CANCELLED:
        return {"what": what + "was cancelled.", "way_out": "Submit both again."}
    return {
        "what": what + "failed.",
        "way_out": f"Resume run {needed.id} (tutor resume {needed.id}); run {run.id} follows it.",
    }


def _illegal(run: Run, wanted: str) -> EngineError:
    hints = {
        FINISHED: "Submit it again to compute it anew.",
        CANCELLED: "Submit it again to compute it anew.",
        FAILED: f"`tutor resume {run.id}` tries again from where it stood.",
    }
    what = f"Run {run.id} is {run.state}; it cannot be {wanted}."
    return EngineError(what, hints.get(run.state, ""))
