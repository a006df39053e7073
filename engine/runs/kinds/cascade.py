"""Cascade: the student's stored samples vote; the strong model is asked where they disagree.

Nothing is generated twice. The samples are a sample run's, the strong answers are an evaluate
run's as far as it has them, and what is still missing is asked here and kept as this run's own
predictions, batch by batch, so that a run that was stopped carries on after the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.cascades.replay import Case, Policy, decide, policies, replay
from engine.cascades.score import points
from engine.cascades.stored import as_dict, as_row, cases
from engine.data.problems import Problem
from engine.errors import EngineError, SpecError

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.snapshot import Run
    from engine.runs.specs import CascadeSpec


def compute(spec: CascadeSpec, record: Recorder) -> dict[str, Any]:
    """Judge the cascade under the spec's policy, and replay every other policy beside it.

    Raises:
        EngineError: The runs that it builds on do not fit it, or one another.
    """
    samples = record.done_predictions(spec.sample)
    strong = record.done_predictions(spec.strong) if spec.strong else []
    policy = Policy(spec.k, spec.threshold)
    drawn = record.other(spec.sample)
    _check(spec, drawn, record)

    # Which problems are asked is decided without this run's own answers, so that the batches of
    # an attempt that carries on are those of the first.
    unasked = [
        case
        for case in cases(samples, strong)
        if case.strong is None and decide(case, policy).sent
    ]
    environment = [record.other(spec.strong).environment] if spec.strong else []
    if unasked:
        _ask(spec, record, unasked, {row["problem_id"]: row["question"] for row in samples})
        environment = [record.other(record.run.id).environment]

    judged = cases(samples, [*strong, *record.done_predictions()])
    sizes = {
        "student_parameters": parameters(drawn.environment),
        "strong_parameters": parameters(environment[0]) if environment else 0,
    }
    outcome = replay(judged, policy, spec.prices, **sizes)
    grid = [replay(judged, each, spec.prices, **sizes) for each in policies(drawn.spec["k"])]
    student = record.other(spec.student).result if spec.student else None
    student_em = student["em"] if student else None
    record.progress(len(judged), len(judged), "problems")
    return {
        **as_dict(outcome),
        **sizes,
        "student_em": student_em,
        "points": points(
            student_em=student_em,
            cascade_em=outcome.score.em if outcome.score else None,
            cost_saving=outcome.cost_saving,
        ).as_dict(),
        "grid": [as_row(each) for each in grid],
    }
