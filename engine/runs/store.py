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
from engine.runs import chains, moves, smaller
from engine.runs.database import WIDEST, Database
from engine.runs.home import Home
from engine.runs.snapshot import SELECT, Run, snapshot, to_json
from engine.runs.states import (
    CANCELLED,
    FAILED,
    FINISHED,
    INTERRUPTED,
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

    def open(self) -> list[Run]:
        """Every run that has neither finished nor been cancelled, oldest first."""
        sql = f"{SELECT} WHERE state NOT IN ('finished', 'cancelled') ORDER BY id"
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
            moves.settle(connection)
        return int(run_id)  # type: ignore[arg-type]

    def pause(self, run_id: int) -> Run:
        """Pause a queued run at once; ask the worker to pause a running one."""
        with self._change(run_id) as (connection, run):
            if run.state == RUNNING:
                connection.execute(
                    "UPDATE runs SET request = coalesce(request, 'pause') WHERE id = ?", (run_id,)
                )
            elif run.state == QUEUED:
                moves.move(connection, run, PAUSED)
            elif run.state != PAUSED:
                raise moves.illegal(run, "paused")
        return self.run(run_id)

    def cancel(self, run_id: int) -> Run:
        """Cancel a run, and what has become pointless with it; see `chains.going_with`.

        At once what does not run; of what does, it is asked of the worker. One that has failed by
        itself stays so, for its reason is to be read, but what waits for it is cancelled.
        """
        with self._change(run_id) as (connection, run):
            along = chains.going_with([run_id], self.open())
            if chains.may_cancel(run):
                moves.cancel(connection, run)
            elif run.state == FINISHED or (run.state == FAILED and not along):
                raise moves.illegal(run, "cancelled")
            for number, cause in along.items():
                other = self.run(number)
                moves.cancel(connection, other, chains.why_cancelled(other, self.run(cause)))
            moves.settle(connection)
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
                    if needed.state == FAILED:
                        raise EngineError(**chains.why_failed(run, needed))
                moves.requeue(connection, run)
                moves.settle(connection)  # those that another failed run holds back too
            elif run.state != QUEUED:
                raise moves.illegal(run, "resumed")
        return self.run(run_id)

    def settle(self) -> None:
        """Bring rows that an older release left behind to where this one would have them."""
        if self.database.rows(moves.LEFT_BEHIND):
            with self.database.transaction() as connection:
                moves.settle(connection)

    def going_with(self, run_id: int) -> list[Run]:
        """What `cancel` would cancel with a run. Raises RunNotFound."""
        asked = self.run(run_id).id
        runs = self.open()
        along = chains.going_with([asked], runs)
        return [run for run in runs if run.id in along]

    # What only the holder of the worker's lock does

    def claim(self) -> Run | None:
        """Make the oldest ready run a running one."""
        with self.database.transaction() as connection:
            moves.settle(connection)
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
            moves.move(connection, run, state, result=result, error=error, message=message)
            if state == PAUSED and run.request is None and not message:
                moves.requeue(connection, run)
            moves.settle(connection)

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
                moves.move(connection, run, state, message=ended.words, at=at)
                noted = {**run.environment, death.DIED: ended.of}
                connection.execute(
                    "UPDATE runs SET environment = ? WHERE id = ?", (to_json(noted), run.id)
                )
            moves.settle(connection)
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
            moves.settle(connection)  # what an older release has left behind
            yield connection, self.run(run_id)
