"""Cascade: the student's stored samples vote; the strong model is asked where they disagree.

Nothing is generated twice. The samples are a sample run's, the strong answers are an evaluate
run's as far as it has them, and what is still missing is asked here and kept as this run's own
predictions, batch by batch, so that a run that was stopped carries on after the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.cascades.replay import Policy, decide, policies, replay
from engine.cascades.score import points
from engine.cascades.stored import as_dict, as_row, cases
from engine.data.problems import Problem
from engine.errors import EngineError, SpecError

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.specs import CascadeSpec

Rows = Sequence[Mapping[str, Any]]


def compute(spec: CascadeSpec, record: Recorder) -> dict[str, Any]:
    """Judge the cascade under the spec's policy, and replay every other policy beside it.

    Raises:
        EngineError: The runs that it builds on do not fit it or one another, or the strong model
            cannot be loaded.
        Paused: Within or between batches of the strong model.
        Cancelled: Likewise.
    """
    drawn = record.other(spec.sample)
    most = drawn.spec["k"]
    if spec.k > most:
        what = f"k is {spec.k}, and run {spec.sample} drew {most} samples of each problem."
        raise SpecError("k", spec.k, what, f"Choose k up to {most}, or draw more samples.")
    _check_strong(spec, record)
    samples = record.done_predictions(spec.sample)
    strong = record.done_predictions(spec.strong) if spec.strong else []
    policy = Policy(spec.k, spec.threshold)

    # What to ask follows from the other runs alone, never from this one's answers so far, so
    # that an attempt that carries on plans the very batches of the first.
    unasked = [
        case.problem_id
        for case in cases(samples, strong)
        if case.strong is None and decide(case, policy).sent
    ]
    took = _ask(spec, record, unasked, samples) if unasked else {}

    judged = cases(samples, [*strong, *record.done_predictions()])
    sizes = {
        "student_parameters": _parameters(record, spec.sample),
        "strong_parameters": _parameters(record, record.run.id if unasked else spec.strong),
    }
    outcome = replay(judged, policy, spec.prices, **sizes)
    grid = [replay(judged, each, spec.prices, **sizes) for each in policies(most)]
    result = as_dict(outcome)
    student = record.other(spec.student).result if spec.student else None
    student_em = student["em"] if student else None
    record.progress(len(judged), len(judged), "problems")
    return {
        **result,
        **sizes,
        **took,
        "student_em": student_em,
        "points": points(
            student_em=student_em,
            cascade_em=result["em"],
            cost_saving=result["cost_saving"],
        ).as_dict(),
        "grid": [as_row(each) for each in grid],
    }


def _check_strong(spec: CascadeSpec, record: Recorder) -> None:
    """The stored strong answers must be the strong model's own."""
    if spec.strong is None:
        return
    asked = record.other(spec.strong).spec
    if (asked["model"], asked["precision"]) != (spec.strong_model, spec.strong_precision):
        raise EngineError(
            f"Run {spec.strong} evaluated {asked['model']} in {asked['precision']}, and the "
            f"cascade's strong model is {spec.strong_model} in {spec.strong_precision}.",
            "Name an evaluate run of that model, or none, and it is asked again.",
        )


def _ask(
    spec: CascadeSpec, record: Recorder, unasked: Sequence[str], samples: Rows
) -> dict[str, Any]:
    """Have the strong model answer these problems; its answers become this run's predictions."""
    from engine.runs.kinds.asking import Asking, ask, at_hand

    rows = {row["problem_id"]: row for row in samples}
    problems = [
        Problem(id=each, question=rows[each]["question"], answer="", gold=rows[each]["gold"])
        for each in unasked
    ]
    data = record.other(spec.sample).environment["fingerprints"]["data"]
    loaded = at_hand(record, spec.strong_model, spec.strong_precision, None, spec.device, data)
    return ask(record, loaded, problems, Asking(spec.batch_size, spec.max_new_tokens, spec.seed))


def _parameters(record: Recorder, run_id: int | None) -> int:
    """How many weights the model of a run has; 0 where no model was needed."""
    if run_id is None:
        return 0
    load = record.other(run_id).environment["load"]
    return load["quantized_params"] + load["unquantized_params"] + load["adapter_params"]
