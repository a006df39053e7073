"""The tutorial's bands: what a student, a cascade and a saving are worth in points."""

from __future__ import annotations

from collections.abc import Mapping
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


def better_threshold(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """The row of a cascade's grid whose threshold, at the same K, earns more; None if none does.

    Args:
        result: A cascade run's result, with its policy and the grid of replayed policies.
    """

    def worth(row: Mapping[str, Any]) -> float:
        return (CASCADE.points(row["em"]) or 0.0) + (SAVING.points(row["cost_saving"]) or 0.0)

    rows = [row for row in result.get("grid", []) if row["k"] == result["policy"]["k"]]
    best = max(rows, key=worth, default=None)
    if best is None or worth(best) <= worth(result):
        return None
    return {**best, "points_more": worth(best) - worth(result)}
