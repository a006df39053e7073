"""Answers to questions: written down with their points, and what becomes of their sitting.

Each function is called inside a transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Protocol

from tutor.learner import attempts, points, sittings
from tutor.learner.attempts import Attempt, Shown
from tutor.learner.sittings import Sitting


class Graded(Protocol):
    """A verdict: `lessons.kit.answers.grading.Verdict`, or anything with these four."""

    outcome: str
    says: str
    slip: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to."""

    attempt: Attempt
    sitting: Sitting
    """As it stands now; where it has ended, the next one is a fresh variant."""
    best: float
    """The step's points from now on."""


def answer(
    connection: sqlite3.Connection,
    step: Shown,
    sitting: Sitting,
    typed: str,
    verdict: Graded,
    seconds: float,
    now: float,
) -> Answered:
    """A graded answer: a right one ends its sitting, a miss may."""
    there = sittings.taken(connection, sitting.uid, now)
    attempt = attempts.made(
        step, verdict.outcome, at=now, seconds=seconds, typed=typed, read_as=verdict.read_as,
        slip=verdict.slip, says=verdict.says,
        points=there.worth(step.points) if verdict.outcome == "right" else 0.0, **_of(there),
    )  # fmt: skip
    attempts.write(connection, attempt)
    if verdict.outcome == "right":
        there = sittings.close(connection, there, "right", now)
    elif verdict.outcome in ("slip", "wrong"):
        there = sittings.missed(connection, there, now)
    return _answered(connection, attempt, there)


def judged(
    connection: sqlite3.Connection,
    step: Shown,
    sitting: Sitting,
    typed: str,
    held: int,
    lines: int,
    seconds: float,
    now: float,
) -> Answered:
    """A text that its writer has judged: `held` of the rubric's `lines` hold."""
    there = sittings.taken(connection, sitting.uid, now)
    attempt = attempts.made(
        step, "judged", at=now, seconds=seconds, typed=typed,
        read_as=f"{held} of {lines} lines hold",
        points=points.essay(step.points, held, lines), **_of(there),
    )  # fmt: skip
    attempts.write(connection, attempt)
    there = sittings.close(connection, there, "right" if held == lines else "missed", now)
    return _answered(connection, attempt, there)


def _answered(connection: sqlite3.Connection, attempt: Attempt, sitting: Sitting) -> Answered:
    (best,) = connection.execute(
        "SELECT points FROM steps WHERE step = ?", (attempt.step,)
    ).fetchone()
    return Answered(attempt, sitting, best)


def _of(sitting: Sitting) -> dict[str, Any]:
    """What an attempt says about the variant that it answers."""
    return {
        "sitting": sitting.uid,
        "question": sitting.question,
        "seed": sitting.seed,
        "hints": sitting.hints,
        "tries": sitting.misses + 1,
    }
