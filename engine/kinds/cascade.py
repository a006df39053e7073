"""Cascade: the student's stored samples vote; the strong model is asked where they disagree.

Nothing is generated twice. The samples are a sample run's, the strong answers are an evaluate
run's as far as it has them, and what is still missing is asked here and kept as this run's own
predictions, batch by batch, so that a run that was stopped carries on after the last of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.cascades.replay import Case, Policy, Said, decide, policies, replay
from engine.cascades.score import points
from engine.cascades.stored import SAID, as_dict, as_row, cases, read_said
from engine.cascades.voting import vote
from engine.data.problems import Problem
from engine.errors import EngineError, SpecError
from engine.kinds.own.votes import said as said_by
from engine.models.registry import hosted
from engine.runs.looking import now_and_then

if TYPE_CHECKING:
    from engine.kinds.specs import CascadeSpec
    from engine.runs.record import Recorder

Rows = Sequence[Mapping[str, Any]]


def compute(spec: CascadeSpec, record: Recorder) -> dict[str, Any]:
    """Judge the cascade under the spec's policy, and replay every other policy beside it.

    Raises:
        EngineError: The runs that it builds on do not fit it or one another, or the strong model
            cannot be loaded.
        Fault: Something is wrong with code of one's own, or with what it gave.
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
    said = _said(spec, record, samples) if spec.own else None
    policy = Policy(spec.k, spec.threshold)

    # What to ask follows from the other runs alone, never from this one's answers so far, so
    # that an attempt that carries on plans the very batches of the first.
    unasked = [
        case.problem_id
        for case in cases(samples, strong, said)
        if case.strong is None and decide(case, policy).sent
    ]
    took = _ask(spec, record, unasked, samples) if unasked else {}

    if untold := sum(bool(row["text"]) and not row["tokens_out"] for row in strong):
        from engine.kinds.asking_hosted import uncounted

        record.environment(fallbacks=[uncounted(untold, len(strong))])
    judged = cases(samples, [*strong, *record.done_predictions()], said)
    sizes = {
        "student_parameters": _parameters(record, spec.sample),
        "strong_parameters": _parameters(record, record.run.id if unasked else spec.strong),
    }
    outcome = replay(judged, policy, spec.prices, **sizes)
    look = now_and_then(record.leave_if_asked)
    grid = []
    for each in policies(most):
        look()
        grid.append(replay(judged, each, spec.prices, **sizes))
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
        **({"own": _told(spec, judged)} if spec.own else {}),
    }


def _said(spec: CascadeSpec, record: Recorder, samples: Rows) -> dict[str, tuple[Said, ...]]:
    """What code of one's own says of the samples, for every K.

    It is asked in the first attempt only and kept among the artifacts, so that what is then asked
    of the strong model follows from one and the same saying.
    """
    kept = record.folder / SAID
    if not kept.exists():
        drawn = record.other(spec.sample).spec
        generation = {name: drawn[name] for name in ("temperature", "top_p", "max_new_tokens")}
        generation["do_sample"] = generation["temperature"] > 0
        with record.own(spec.own) as code:
            said = said_by(code, samples, generation)
        pairs = {id: [(by_k.answer, by_k.confidence) for by_k in each] for id, each in said.items()}
        unfinished = kept.with_suffix(".new")
        unfinished.write_text(json.dumps(pairs), encoding="utf-8")
        unfinished.replace(kept)
    return read_said(kept)


def _told(spec: CascadeSpec, judged: Sequence[Case]) -> dict[str, Any]:
    """Of code of one's own: whose it is, and on how many problems it and the vote are not one."""
    votes = [vote([each.value for each in case.samples[: spec.k]]) for case in judged]
    pairs = zip(judged, votes, strict=True)
    differ = sum(
        (case.said[spec.k - 1].answer, round(case.said[spec.k - 1].confidence, 6))
        != (voted.answer, round(voted.confidence, 6))
        for case, voted in pairs
    )
    return {"reference": spec.own.reference, "differs_from_vote": differ, "said": SAID}


def _check_strong(spec: CascadeSpec, record: Recorder) -> None:
    """The stored strong answers must be the strong model's own."""
    if spec.strong is None:
        return
    asked = record.other(spec.strong).spec
    if hosted(spec.strong_model) and asked["model"] == spec.strong_model:
        return  # its precision is its host's affair
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
    from engine.kinds.asking_here import Asking, ask, at_hand

    rows = {row["problem_id"]: row for row in samples}
    problems = [
        Problem(id=each, question=rows[each]["question"], answer="", gold=rows[each]["gold"])
        for each in unasked
    ]
    data = record.other(spec.sample).environment["fingerprints"]["data"]
    if hosted(spec.strong_model):
        return _ask_hosted(spec, record, problems, data)
    loaded = at_hand(record, spec.strong_model, spec.strong_precision, None, spec.device, data)
    return ask(record, loaded, problems, Asking(spec.batch_size, spec.max_new_tokens, spec.seed))


def _ask_hosted(
    spec: CascadeSpec, record: Recorder, problems: Sequence[Problem], data: str
) -> dict[str, Any]:
    from engine.kinds import asking_hosted as elsewhere

    with elsewhere.line_to(
        record,
        spec.strong_model,
        data,
        in_flight=spec.batch_size,
        max_new_tokens=spec.max_new_tokens,
        option="--strong-model",
    ) as line:
        took = elsewhere.ask(record, line, problems, spec.max_new_tokens, spec.seed)
    return {**took, "hosted": elsewhere.paid(record, spec.strong_model)}


def _parameters(record: Recorder, run_id: int | None) -> int:
    """How many weights the model of a run has; 0 where no model was needed.

    Of a hosted one, as many as its name tells; 0 where it tells none, and then there is no saving
    of compute to speak of.
    """
    if run_id is None:
        return 0
    load = record.other(run_id).environment["load"]
    if load["precision"] == "hosted":
        return load["parameters"] or 0
    return load["quantized_params"] + load["unquantized_params"] + load["adapter_params"]
