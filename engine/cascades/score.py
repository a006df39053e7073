"""The tutorial's bands: what a student, a cascade and a saving are worth in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Band:
    """How one measure becomes points."""

    measure: str
    """The measure's name on a score card: `student_em`, `cascade_em` or `cost_saving`."""
    steps: tuple[tuple[float, float], ...]
    """(at least this, worth so much), the highest first; under the last one: nothing."""

    @property
    def most(self) -> float:
        """The points that can be had."""
        return self.steps[0][1]

    def points(self, value: float | None) -> float | None:
        """Points for a value; None while it is not known."""
        if value is None:
            return None
        return next((worth for least, worth in self.steps if value >= least), 0.0)


STUDENT = Band("student_em", ((0.30, 20.0), (0.15, 10.0)))
CASCADE = Band("cascade_em", ((0.60, 15.0), (0.30, 7.5)))
SAVING = Band("cost_saving", ((0.30, 15.0), (0.15, 7.5)))
BANDS = (STUDENT, CASCADE, SAVING)
MOST = sum(band.most for band in BANDS)
"""All the points that the bands can give."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points by measure; None where the measure is not yet known."""

    student_em: float | None
    cascade_em: float | None
    cost_saving: float | None

    @property
    def total(self) -> float:
        """The points that are sure so far."""
        return sum(p for p in (self.student_em, self.cascade_em, self.cost_saving) if p is not None)

    def as_dict(self) -> dict[str, float | None]:
        """For JSON: each measure, the total, and the most that can be had."""
        return {**asdict(self), "total": self.total, "of": MOST}


def points(
    *,
    student_em: float | None = None,
    cascade_em: float | None = None,
    cost_saving: float | None = None,
) -> Points:
    """Grade what has been measured so far."""
    return Points(
        STUDENT.points(student_em), CASCADE.points(cascade_em), SAVING.points(cost_saving)
    )


def worth(row: Mapping[str, Any]) -> float:
    """Points of a policy, from its EM and its saving; a row of a grid, or a cascade's result."""
    return (CASCADE.points(row["em"]) or 0.0) + (SAVING.points(row["cost_saving"]) or 0.0)


def best_policy(grid: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The row of a grid to take to problems that nobody has looked at; None where there is none.

    Of the policies worth most, the one that stands farthest above the upper ends of both bands (or
    falls least short of them): the one likeliest to be worth as much elsewhere.
    """

    def rank(row: Mapping[str, Any]) -> tuple[float, float]:
        over = row["em"] - CASCADE.steps[0][0], row["cost_saving"] - SAVING.steps[0][0]
        return worth(row), min(over)

    known = [row for row in grid if row["em"] is not None and row["cost_saving"] is not None]
    return max(known, key=rank, default=None)


def row_of(
    grid: Sequence[Mapping[str, Any]], policy: Mapping[str, float]
) -> Mapping[str, Any] | None:
    """The row of a grid that decides as a policy does; None where the grid has no such K.

    Between two neighbouring shares of votes a threshold changes nothing.
    """
    rows = [
        row
        for row in grid
        if row["k"] == policy["k"] and row["threshold"] >= policy["threshold"] - 1e-9
    ]
    return min(rows, key=lambda row: row["threshold"], default=None)


def better_policy(
    grid: Sequence[Mapping[str, Any]], policy: Mapping[str, float]
) -> dict[str, Any] | None:
    """The best policy of a grid; None where `policy` is worth as much there.

    With it come `points_more`, and `own_em` and `own_cost_saving` of `policy` on the same problems.

    Args:
        grid: Of a cascade run on validation problems. Choosing by test problems would be no test
            any more.
        policy: k and threshold.
    """
    best, own = best_policy(grid), row_of(grid, policy)
    if best is None or own is None or worth(best) <= worth(own):
        return None
    mine = {f"own_{name}": own[name] for name in ("em", "cost_saving")}
    return {**best, "points_more": worth(best) - worth(own), **mine}
