"""What came of a number that was named before its lab ran, written once the lab has computed.

The number is an attempt, which is never changed; the measurement is a row of its own that names it.
So a tutor that is killed between the two leaves a number that still waits to be measured.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from typing import Protocol

from lessons.kit.course.same import work
from tutor.learner import attempts
from tutor.learner.attempts import Attempt
from tutor.learner.reviews import Rows


class Compared(Protocol):
    """What was said and what it was: `tutor.course.predictions.Compared`, or what has these."""

    said: float
    measured: float
    off: float | None
    near: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a lab measured of what an attempt had named."""

    attempt: str
    """The uid of the prediction."""
    said: float
    measured: float
    """In the same unit."""
    off: float | None
    """The error as a share of what was measured; None where that is 0."""
    near: bool
    """Whether it is within the tolerance of its step."""
    says: str
    """All of it in one sentence."""
    at: float
    """When it was written, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Named:
    """A number that was named, and what came of it."""

    attempt: Attempt
    measurement: Measurement | None
    """None while its lab has not computed."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How the predictions went.

    Of each, the number that was named first counts: who names another has seen what was measured.
    """

    named: int = 0
    measured: int = 0
    near: int = 0
    """Of those measured, the ones within their tolerance."""


NAMES = tuple(field.name for field in fields(Measurement))


def named(rows: Rows, step: str, hash: str) -> list[Named]:
    """All numbers named for a step with this very text, the newest first."""
    of_attempt = ", ".join(f"attempts.{name}" for name in attempts.NAMES)
    of_measurement = ", ".join(f"measurements.{name} AS m_{name}" for name in NAMES)
    found = rows(
        f"SELECT {of_attempt}, {of_measurement} FROM attempts "
        "LEFT JOIN measurements ON measurements.attempt = attempts.uid "
        "WHERE step = ? AND outcome = 'predicted' ORDER BY attempts.at DESC, attempts.id DESC",
        (step,),
    )
    return [
        Named(
            Attempt(**{name: row[name] for name in attempts.NAMES}),
            None if row["m_attempt"] is None else _measurement(row),
        )
        for row in found
        if work(step, row["hash"]) == hash
    ]


def waiting(rows: Rows) -> set[str]:
    """Steps that have a number which was not measured yet."""
    found = rows(
        "SELECT DISTINCT step FROM attempts WHERE outcome = 'predicted' "
        "AND uid NOT IN (SELECT attempt FROM measurements)"
    )
    return {row["step"] for row in found}


def write(connection: sqlite3.Connection, attempt: str, compared: Compared, now: float) -> None:
    """Write what was measured of a number; what is there already stays."""
    add(
        connection,
        Measurement(
            attempt=attempt, said=compared.said, measured=compared.measured, off=compared.off,
            near=compared.near, says=compared.words, at=now,
        ),
    )  # fmt: skip


def add(connection: sqlite3.Connection, measurement: Measurement) -> None:
    """One more row, unless its attempt has one."""
    connection.execute(
        f"INSERT INTO measurements ({', '.join(NAMES)}) "
        f"VALUES ({', '.join(':' + name for name in NAMES)}) ON CONFLICT (attempt) DO NOTHING",
        asdict(measurement),
    )


def tally(rows: Rows, steps: Collection[str]) -> Tally:
    """How the predictions of these steps went."""
    first: dict[tuple[str, str], sqlite3.Row] = {}
    for row in rows(
        "SELECT step, hash, near FROM attempts "
        "LEFT JOIN measurements ON measurements.attempt = attempts.uid "
        "WHERE outcome = 'predicted' ORDER BY attempts.at, uid"
    ):
        if row["step"] in steps:
            first.setdefault((row["step"], work(row["step"], row["hash"])), row)
    measured = [row["near"] for row in first.values() if row["near"] is not None]
    return Tally(len(first), len(measured), sum(measured))


def _measurement(row: sqlite3.Row) -> Measurement:
    told = {name: row[f"m_{name}"] for name in NAMES}
    return Measurement(**told | {"near": bool(told["near"])})
