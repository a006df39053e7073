"""The tutorial's bands: what a student, a cascade and a saving are worth in points."""

from __future__ import annotations

from dataclasses import asdict, dataclass


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
