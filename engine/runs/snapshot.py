"""What others see of a run: one immutable snapshot, read in one statement."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import EngineError
from engine.runs.states import ACTIVE, RUNNING

SELECT = """
    SELECT *, (SELECT json_group_array(after_id) FROM dependencies WHERE run_id = runs.id) AS after
    FROM runs
"""
"""All that a snapshot needs; a WHERE or an ORDER BY may follow."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a run stood at one moment; nothing changes it afterwards."""

    id: int
    kind: str
    title: str
    """One line for a list, such as `sft acorn ← oak, 2,000 answers`."""
    spec: dict
    """What was asked for, as the kind's spec writes itself."""
    state: str
    """One of `states.STATES`."""
    request: str | None
    """`pause` or `cancel`, until the worker has obeyed."""
    after: tuple[int, ...]
    """Runs that must be finished before this one starts."""
    created: float
    """Seconds since 1970, as all times here."""
    started: float | None
    """When its first attempt began."""
    ended: float | None
    """When its latest attempt ended; None while it is queued or running."""
    seconds: float
    """Spent computing so far, over all attempts, by the worker's monotonic clock: a machine that
    sleeps, or whose time is set, computes nothing meanwhile."""
    heartbeat: float | None
    """When its worker last said that it lives."""
    done: float
    total: float
    unit: str
    """What is counted: `problems`, `steps`."""
    eta_seconds: float | None
    """Seconds left, from recent progress; None until that is known."""
    message: str
    """What it does just now, or why it stands still."""
    result: dict | None
    error: dict | None
    """`what` and `way_out`, for a failed run."""
    environment: dict
    """What is needed to repeat it: versions, device, threads, fingerprints, fallbacks."""
    attempts: int
    """How often a worker began or resumed it."""

    @property
    def active(self) -> bool:
        """Whether something will still happen to it by itself."""
        return self.state in ACTIVE

    @property
    def fraction(self) -> float:
        """Share done, 0 to 1; 0 while the total is unknown."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def as_dict(self) -> dict:
        """All fields, for JSON."""
        return asdict(self)


def snapshot(row: sqlite3.Row) -> Run:
    """The run in a row of `SELECT`.

    Raises:
        EngineError: it is not what was written: the file is damaged, or somebody edited it.
    """
    try:
        return _read(row)
    except (ValueError, TypeError, RecursionError) as error:
        raise EngineError(
            f"Run {row['id']} is damaged in tutor.db: {error}.",
            "Put back a copy of that file that is whole, or move it away to begin anew.",
        ) from error


def _read(row: sqlite3.Row) -> Run:
    _check_numbers(row)
    return Run(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        spec=_mapping(row, "spec"),
        state=row["state"],
        request=row["request"],
        after=tuple(sorted(json.loads(row["after"]))),
        created=row["created"],
        started=row["started"],
        ended=row["ended"],
        seconds=row["seconds"] + _current_attempt(row),
        heartbeat=row["heartbeat"],
        done=row["done"],
        total=row["total"],
        unit=row["unit"],
        eta_seconds=_left(row),
        message=row["message"],
        result=None if row["result"] is None else _mapping(row, "result"),
        error=None if row["error"] is None else _mapping(row, "error"),
        environment=_mapping(row, "environment"),
        attempts=row["attempts"],
    )


_NUMBERS = (
    "created", "started", "ended", "seconds", "heartbeat", "done", "total", "eta_seconds",
    "progressed", "attempts", "attempt_seconds",
)  # fmt: skip


def _check_numbers(row: sqlite3.Row) -> None:
    """A column of numbers also takes a text, where the file is written by somebody else."""
    for name in _NUMBERS:
        if not isinstance(row[name], int | float | None):
            raise TypeError(f"its {name} is no number")


def _mapping(row: sqlite3.Row, name: str) -> dict[str, Any]:
    try:
        value = json.loads(row[name])
    except (ValueError, TypeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ValueError(f"its {name} cannot be read")
    return value


def to_json(value: object) -> str:
    """JSON that every reader accepts: NaN and infinities become null, paths become text."""
    return json.dumps(_finite(value), ensure_ascii=False, default=str)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_finite(each) for each in value]
    return value


def _current_attempt(row: sqlite3.Row) -> float:
    if row["state"] != RUNNING:
        return 0.0
    return row["attempt_seconds"]


def _left(row: sqlite3.Row) -> float | None:
    if row["state"] != RUNNING or row["eta_seconds"] is None:
        return None
    since = max(0.0, time.time() - row["progressed"])  # the clock may have been set back
    return max(0.0, row["eta_seconds"] - since)
