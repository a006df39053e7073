"""Every request that was sent to a hosted model, written down before it is sent.

    sent -> arrived: the reply, and what it cost, as whoever asked wrote it down
                -> its end, in one transaction with the answer that the run makes of it
         -> its end: a failure, with the reason
         -> no end: whoever asked died, and whether it was paid for nobody knows

So a run knows what it has paid, failed tries included; a reply that came when the worker was dead
is there when the run is resumed; the limits of a service hold across runs and deaths; and what a
death cost is counted, not guessed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from engine.hosted.pacing import ARRIVAL_SECONDS, DAY
from engine.hosted.said import Said
from engine.runs.database import Database

LOST = "lost on its way"
"""The end of a request that nobody waits for any more."""
UNREADABLE = "kept, and cannot be read"
"""The end of a request whose reply was kept in a way that nobody understands: it is asked again."""


class Payments:
    """The requests of one run to one hosted model."""

    def __init__(self, database: Database, run_id: int, model: str) -> None:
        """Write and read for a run.

        Args:
            database: The home's.
            run_id: Who asks.
            model: The hosted model's whole name; its limits are shared by all runs.
        """
        self._database, self._run_id, self._model = database, run_id, model

    def sent(self, problem_id: str, reserved: int, at: float) -> int:
        """A request that is about to be sent; returns its number.

        It does not wait for the disk: a killed process loses nothing, a power cut the last second.
        """
        with self._database.transaction(durable=False) as connection:
            row = connection.execute(
                "INSERT INTO payments (run_id, model, problem_id, sent, reserved) "
                "VALUES (?, ?, ?, ?, ?)",
                (self._run_id, self._model, problem_id, at, reserved),
            )
        return int(row.lastrowid)  # type: ignore[arg-type]

    def failed(self, request: int, reason: str, at: float) -> None:
        """It came to nothing, and nobody said that it cost anything."""
        with self._database.transaction(durable=False) as connection:
            settle(connection, [(request, reason, at, 0, 0)])

    def arrived(self, request: int, said: Said, at: float) -> None:
        """A reply came; unless the request has had its end, it is kept until `settle`."""
        with self._database.transaction(durable=False) as connection:
            connection.execute(
                "UPDATE payments SET reply = ?, ended = ?, tokens_in = ?, tokens_out = ? "
                "WHERE id = ? AND outcome IS NULL",
                (json.dumps(asdict(said)), at, said.tokens_in, said.tokens_out, request),
            )

    def kept(self) -> dict[str, tuple[int, Said, float]]:
        """Replies that arrived and were not taken: by problem their request, and when they came.

        One that cannot be read has its end here, so that its question is asked again: it would
        stand in the way of every attempt.
        """
        rows = self._database.rows(
            "SELECT id, problem_id, reply, ended, tokens_in, tokens_out FROM payments "
            "WHERE run_id = ? AND outcome IS NULL AND reply IS NOT NULL ORDER BY id",
            (self._run_id,),
        )
        found = {}
        for row in rows:
            try:
                said = Said(**json.loads(row["reply"]))
            except (ValueError, TypeError, RecursionError):
                paid = row["tokens_in"], row["tokens_out"]
                with self._database.transaction() as connection:
                    settle(connection, [(row["id"], UNREADABLE, row["ended"], *paid)])
                continue
            found[row["problem_id"]] = (row["id"], said, row["ended"])
        return found

    def lost(self) -> int:
        """Close what is open, without a reply, and of this run; returns how many there were.

        Call it when nobody asks for this run any more.
        """
        with self._database.transaction() as connection:
            rows = connection.execute(
                "UPDATE payments SET outcome = ? "
                "WHERE run_id = ? AND outcome IS NULL AND reply IS NULL",
                (LOST, self._run_id),
            )
        return rows.rowcount

    def lately(self, now: float, counted: str = "both") -> list[tuple[float, int]]:
        """When each request of the last day was counted at the latest, and its tokens, in order.

        One that was sent long after now was sent by a clock that was wrong; to wait for its day
        to pass would be to wait for that clock.

        Args:
            now: Seconds since 1970.
            counted: `both`, or `input` where what the model wrote does not count.
        """
        rows = self._database.rows(
            "SELECT sent, ended, reserved, tokens_in + iif(?, tokens_out, 0) AS used FROM payments "
            "WHERE model = ? AND sent BETWEEN ? AND ? ORDER BY sent",
            (counted == "both", self._model, now - DAY - ARRIVAL_SECONDS, now + ARRIVAL_SECONDS),
        )
        return [
            (
                min(row["sent"] + ARRIVAL_SECONDS, row["ended"] or float("inf")),
                row["used"] or row["reserved"],
            )
            for row in rows
        ]

    def summary(self) -> dict[str, Any]:
        """What this run has sent and paid so far, over all attempts.

        Returns:
            `requests`; `tokens_in` and `tokens_out` of all that was billed; of these,
            `wasted_in` and `wasted_out` for replies that were no answers; `ends`: how many
            requests came to each end; `lost`: those that died on their way; `untold`: answers
            whose tokens the service has not told, or has told what cannot be.
        """
        rows = self._database.rows(
            "SELECT outcome, count(*) AS n, sum(tokens_in) AS tokens_in, "
            "sum(tokens_out) AS tokens_out, "
            "sum(tokens_in = 0 OR tokens_out = 0) AS untold FROM payments WHERE run_id = ? "
            "GROUP BY outcome ORDER BY n DESC, outcome",
            (self._run_id,),
        )
        wasted = [row for row in rows if row["outcome"] != ANSWERED]
        return {
            "requests": sum(row["n"] for row in rows),
            "tokens_in": sum(row["tokens_in"] for row in rows),
            "tokens_out": sum(row["tokens_out"] for row in rows),
            "wasted_in": sum(row["tokens_in"] for row in wasted),
            "wasted_out": sum(row["tokens_out"] for row in wasted),
            "ends": {row["outcome"] or "in flight": row["n"] for row in rows},
            "lost": sum(row["n"] for row in rows if row["outcome"] == LOST),
            "untold": sum(row["untold"] for row in rows if row["outcome"] == ANSWERED),
        }


ANSWERED = "answered"
"""The end of a request whose reply is an answer."""


def settle(
    connection: sqlite3.Connection, ends: Iterable[tuple[int, str, float, int, int]]
) -> None:
    """Write down how requests ended, in the transaction that keeps what they gave.

    Args:
        connection: With a transaction open.
        ends: Of each its number, its end, when that was, and tokens in and out.
    """
    connection.executemany(
        "UPDATE payments SET outcome = ?, ended = ?, tokens_in = ?, tokens_out = ?, reply = NULL "
        "WHERE id = ?",
        [(*end, request) for request, *end in ends],
    )
