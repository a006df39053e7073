"""The points that runs have earned: computed from the runs themselves, stored nowhere.

A better run raises them and a worse one never lowers them, since they are the best over all that
have finished. Which runs count:

    both          on the test split, of GSM8K or of the built-in problems at the tutorial's level
                  or above, `LEAST_PROBLEMS` at least; not by the reference's settings or policy
    student_em    a score of a model with an adapter
    the cascade   its EM and its saving together, so both are one policy's; its student is not
                  its strong model, nor is a student with an adapter the teacher it learnt from

A cascade whose confidence was counted by the reference's code counts: what that code is worth is
the exercise's affair. So does one whose student learnt by the reference's settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.cascades.score import CASCADE, SAVING, STUDENT
from engine.chain.pipeline import REFERENCE

if TYPE_CHECKING:
    from engine.runs.snapshot import Run

LEAST_PROBLEMS = 100
"""On fewer, an exact match says too little."""
LEVEL = 2
"""The tutorial's level of the built-in problems."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What one run is worth."""

    run: int
    """Its number."""
    points: float
    values: Mapping[str, float]
    """The measures that it is worth that for."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def earned(runs: Iterable[Run], reference: bool = False) -> dict[tuple[str, ...], Earned]:
    """The best run of each task that runs are graded for, by the measures of its bands.

    Args:
        runs: All there are; of equal ones the first counts.
        reference: Whether the reference's own count instead, to see what it would earn.
    """
    known = {run.id: run for run in runs}
    best: dict[tuple[str, ...], Earned] = {}
    for run in sorted(known.values(), key=lambda run: run.id):
        if bool(run.environment.get(REFERENCE)) is not reference:
            continue
        for measures, found in _worth(run, known):
            if measures not in best or found.points > best[measures].points:
                best[measures] = found
    return best


def by_reference(runs: Iterable[Run]) -> bool:
    """Whether the reference's settings and policy computed a chain."""
    return {run.kind for run in runs if run.environment.get(REFERENCE)} >= {"sft", "cascade"}


def _worth(run: Run, known: Mapping[int, Run]):
    if run.state != "finished" or not run.result:
        return
    if run.kind == "evaluate" and run.spec["adapter"] and _counts(run):
        sft = known.get(run.spec["adapter"])
        teach = known.get(sft.spec["teach"]) if sft else None
        if teach is not None and teach.spec["teacher"] == run.spec["model"]:
            return
        values = {"student_em": run.result["em"]}
        yield (STUDENT.measure,), Earned(run.id, STUDENT.points(values["student_em"]), values)
    sample = known.get(run.spec["sample"]) if run.kind == "cascade" else None
    if sample is None or sample.spec["model"] == run.spec["strong_model"]:
        return
    if _counts(sample) and run.result["em"] is not None:
        values = {"cascade_em": run.result["em"], "cost_saving": run.result["cost_saving"]}
        points = CASCADE.points(values["cascade_em"]) + (SAVING.points(values["cost_saving"]) or 0)
        yield (CASCADE.measure, SAVING.measure), Earned(run.id, points, values)


def _counts(run: Run) -> bool:
    """Whether a run asked the problems that points are given for."""
    data = run.spec["data"]
    hard = data["source"] == "gsm8k" or data["level"] >= LEVEL
    return data["split"] == "test" and hard and run.result["n"] >= LEAST_PROBLEMS
