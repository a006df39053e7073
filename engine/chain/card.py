"""The score card: what a chain of runs has measured so far, and the points for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.cascades.score import Points, best_policy, better_policy, points
from engine.chain.size import Size, size

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

MEASURED_BY = {
    "baseline_em": "baseline",
    "teacher_em": "teacher",
    "student_em": "student",
    "cascade_em": "cascade",
}
"""Which stage of a chain measures each exact match."""


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """A chain's results; None for what no finished run has measured yet."""

    baseline_em: float | None
    """Exact match of the student as shipped."""
    teacher_em: float | None
    """Exact match of the teacher, which is also strong-only's."""
    student_em: float | None
    """Exact match of the student with its adapter."""
    cascade_em: float | None
    """Exact match of the cascade under its policy."""
    intervals: Mapping[str, tuple[float, float]]
    """The 95% interval of each exact match that is known, by its name."""
    problems: int | None
    """How many test problems stand behind them."""
    cost_saving: float | None
    """Money saved against strong-only, as a share."""
    compute_saving: float | None
    """Parameters x tokens saved against strong-only; negative where it cost more."""
    share_sent: float | None
    """Share of the problems that the strong model had to answer."""
    policy: Mapping[str, float] | None
    """k, temperature, top_p and threshold of the cascade on test."""
    best: Mapping[str, float] | None
    """The policy of the validation grid to take, with its EM and saving there."""
    better: Mapping[str, float] | None
    """The same where it earned more on validation than the chosen policy, with what that one has
    there; see `engine.cascades.score.better_policy`."""
    points: Points
    seconds: Mapping[str, float]
    """How long each stage has computed, pauses left out; only stages that have begun."""
    states: Mapping[str, str]
    """The state of each stage's run."""
    runs: Mapping[str, int]
    """The run of each stage."""
    sample_em: float | None = None
    """Share of single samples that are right: on test, or on validation before that."""
    temperature: float | None = None
    """At which those samples were drawn."""
    cut_off: Mapping[str, float] = field(default_factory=dict)
    """Share of the answers behind each exact match that were cut off, where any were."""
    grid: tuple[Mapping[str, float], ...] = ()
    """Every policy that was tried on validation, with its EM and saving there."""
    size: Size | None = None
    """How much it is taught and judged on; None where too few of its runs are there."""

    @property
    def finished(self) -> bool:
        """Whether every stage is through."""
        return all(state == "finished" for state in self.states.values())

    def as_dict(self) -> dict:
        """For JSON."""
        names = (
            "cost_saving", "compute_saving", "share_sent", "policy", "best", "better", "problems",
            "sample_em", "temperature",
        )  # fmt: skip
        return {
            **{name: getattr(self, name) for name in MEASURED_BY},
            **{name: getattr(self, name) for name in names},
            "intervals": {name: list(pair) for name, pair in self.intervals.items()},
            "cut_off": dict(self.cut_off),
            "size": self.size.as_dict() if self.size else None,
            "seconds": dict(self.seconds),
            "points": self.points.total,
            "points_by": self.points.as_dict(),
            "states": dict(self.states),
            "runs": dict(self.runs),
        }


def card(client: Client, ids: Mapping[str, int]) -> ScoreCard:
    """Read the card of a chain off its runs.

    Args:
        client: Of the home that the runs are in.
        ids: The run of each stage, as `engine.chain.pipeline.submit` returns them; some may be
            left out.

    Raises:
        RunNotFound: One of the runs is not in this home.
    """
    runs = {name: client.run(number) for name, number in ids.items()}
    results = {name: run.result for name, run in runs.items() if run.state == "finished"}
    scores = {
        measure: results[stage] for measure, stage in MEASURED_BY.items() if results.get(stage)
    }
    em = {measure: scores[measure]["em"] if measure in scores else None for measure in MEASURED_BY}
    cascade = results.get("cascade") or {}
    grid = (results.get("validation_cascade") or {}).get("grid", [])
    drawn = next((name for name in ("sample", "validation_sample") if name in results), None)
    saving = cascade.get("cost_saving")
    return ScoreCard(
        **em,
        intervals={name: (row["low"], row["high"]) for name, row in scores.items()},
        problems=next((row["n"] for row in scores.values()), None),
        cost_saving=saving,
        compute_saving=cascade.get("compute_saving"),
        share_sent=cascade.get("share_sent"),
        policy=_policy(cascade, runs.get("sample")),
        best=best_policy(grid),
        better=better_policy(grid, cascade["policy"]) if cascade else None,
        points=points(student_em=em["student_em"], cascade_em=em["cascade_em"], cost_saving=saving),
        seconds={name: round(run.seconds, 1) for name, run in runs.items() if run.started},
        states={name: run.state for name, run in runs.items()},
        runs=dict(ids),
        sample_em=results[drawn].get("em") if drawn else None,
        temperature=runs[drawn].spec.get("temperature") if drawn else None,
        cut_off={
            name: row["cut_off"] / row["n"] for name, row in scores.items() if row.get("cut_off")
        },
        grid=tuple(grid),
        size=size({name: run.spec for name, run in runs.items()}),
    )


def _policy(cascade: Mapping, sample: Run | None) -> dict[str, float] | None:
    """What was replayed, and how its samples were drawn."""
    if not cascade:
        return None
    drawn = sample.spec if sample else {}
    return {
        **cascade["policy"],
        **{name: drawn[name] for name in ("temperature", "top_p") if name in drawn},
    }
