"""What is mastered, what is shaky, and which slips recur: read off the sittings and the cards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, takewhile

from tutor.learner import days, reviews
from tutor.learner.attempts import COUNTS, UNDONE
from tutor.learner.rating import ANOTHER_DAY
from tutor.learner.reviews import Rows

NEW, LEARNING, SHAKY, MASTERED = "new", "learning", "shaky", "mastered"
CLEAN = 2
"""So many variants in a row, right at once and alone, and a slip is over."""
SURE_RECALL = 0.8
"""From this chance of being answered now on, a question can count as mastered: a day or two after
it fell due it still does, weeks after it no longer does."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How well one question is known."""

    step: str
    state: str
    """`mastered`: the last variants were right at once and alone, on two days, and recall is high.
    `shaky`: its last grade, or the time since then, says so. Else `learning`."""
    variants: int
    """How many were graded: answered, missed, or left after help or a miss."""
    clean: int
    """How many of the last were right at once, without help, in a row."""
    recall: float
    """The chance, 0 to 1, that it would be answered now."""
    due: float | None
    """When it comes back."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A known mistake that was made."""

    name: str
    step: str
    says: str
    """What was answered to it, the last time."""
    variants: int
    """On how many variants it was made."""
    of: int
    """How many variants of that question were tried."""
    last: float
    """When it was made last."""
    clean: int
    """Variants of that question since then that were right at once and alone."""

    @property
    def recurs(self) -> bool:
        """Whether it was made more than once and is not over."""
        return self.variants > 1 and self.clean < CLEAN


_ASKED = (
    "SELECT * FROM sittings WHERE closed IS NOT NULL AND rating IS NOT NULL "
    f"AND uid NOT IN {UNDONE} "
)


def standings(rows: Rows, now: float) -> list[Standing]:
    """All questions that were graded, by step."""
    cards = {row["step"]: row for row in rows("SELECT * FROM cards")}
    sat = rows(_ASKED + "ORDER BY step, closed, uid")
    return [
        _standing(step, list(asked), cards.get(step), now)
        for step, asked in groupby(sat, key=lambda row: row["step"])
    ]


def slips(rows: Rows, steps: Iterable[str] | None = None) -> list[Slip]:
    """All known mistakes that were made, those made on most variants first.

    Args:
        rows: Reads.
        steps: Only those made on these; None for all.
    """
    told = rows(
        "SELECT slip, step, max(at) AS last, says, count(DISTINCT seed) AS variants, "
        "(SELECT count(DISTINCT seed) FROM attempts AS all_of WHERE all_of.step = attempts.step "
        f" AND all_of.outcome IN ('right', 'slip', 'wrong') AND {COUNTS}) AS tried "
        f"FROM attempts WHERE slip <> '' AND {COUNTS} GROUP BY step, slip"
    )  # `says` is that of the row with max(at): SQLite's rule for bare columns
    wanted = None if steps is None else set(steps)
    made = [
        Slip(
            row["slip"], row["step"], row["says"], row["variants"], row["tried"], row["last"],
            _clean_since(rows, row["step"], row["last"]),
        )
        for row in told
        if wanted is None or row["step"] in wanted
    ]  # fmt: skip
    return sorted(made, key=lambda slip: (-slip.variants, -slip.last, slip.name))


def _standing(
    step: str, asked: list[sqlite3.Row], card: sqlite3.Row | None, now: float
) -> Standing:
    clean = list(takewhile(is_clean, reversed(asked)))
    chance = reviews.recall(card, now) if card is not None else 0.0
    if card is None or reviews.is_shaky(card, now):
        state = SHAKY
    else:
        state = MASTERED if _remembered(clean) and chance >= SURE_RECALL else LEARNING
    return Standing(step, state, len(asked), len(clean), chance, card["due"] if card else None)


def _remembered(clean: list[sqlite3.Row]) -> bool:
    """Whether clean variants in a row lie on two days: what was just read can be said again."""
    if not clean:
        return False
    last, first = clean[0]["closed"], clean[-1]["closed"]
    return last - first >= ANOTHER_DAY and days.of(last) != days.of(first)


def is_clean(row: sqlite3.Row) -> bool:
    """Whether a sitting ended right at once, without help."""
    return row["ending"] == "right" and not (row["hints"] or row["misses"] or row["opened"])


def _clean_since(rows: Rows, step: str, at: float) -> int:
    return sum(map(is_clean, rows(_ASKED + "AND step = ? AND begun > ?", (step, at))))
