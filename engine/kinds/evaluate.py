"""Evaluate: a model answers every problem once, greedily, and is scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.evaluation.answers import same
from engine.evaluation.scores import scores
from engine.evaluation.statistics import exact_match
from engine.kinds import asking_hosted as hosted
from engine.kinds.asking_here import Asking, ask, at_hand
from engine.kinds.own.prompts import Prompted, prompted
from engine.kinds.problems import made as made_of
from engine.kinds.same import hold_to

if TYPE_CHECKING:
    from engine.data.problems import Problem
    from engine.kinds.specs import EvaluateSpec
    from engine.runs.record import Recorder


def compute(spec: EvaluateSpec, record: Recorder) -> dict[str, Any]:
    """Ask what has not been asked yet, and score all answers.

    Raises:
        EngineError: The model cannot be loaded, or is not what the run began with.
        Fault: Something is wrong with code of one's own, or with what it gave.
        Paused: Within or between batches.
        Cancelled: Likewise.
    """
    problems = made_of(spec.data, record)
    made = None
    if spec.own:  # before the model is loaded, since a fault in it ends the run
        with record.own(spec.own) as code:
            made = prompted(code, problems)
        hold_to(record, prompts=made.fingerprint)
        problems = made.problems
    took = _ask(spec, record, problems)
    rows = record.done_predictions()
    told = {"own": _told(made, rows, spec.own.reference)} if made else {}
    return {**scores(rows), **took, **told}


def _ask(spec: EvaluateSpec, record: Recorder, problems: Sequence[Problem]) -> dict[str, Any]:
    """Have the model answer, here or where it is hosted; what that took, and the model."""
    data = spec.data.fingerprint()
    if hosted.hosted(spec.model):
        with hosted.line_to(
            record,
            spec.model,
            data,
            in_flight=spec.batch_size,
            max_new_tokens=spec.max_new_tokens,
            option="--model",
        ) as line:
            took = hosted.ask(record, line, problems, spec.max_new_tokens, spec.seed)
        return {**took, "hosted": hosted.paid(record, spec.model)}
    loaded = at_hand(record, spec.model, spec.precision, spec.adapter, spec.device, data)
    took = ask(record, loaded, problems, Asking(spec.batch_size, spec.max_new_tokens, spec.seed))
    return {**took, "load": loaded.record.as_dict()}


def _told(made: Prompted, rows: Sequence[Mapping[str, Any]], reference: bool) -> dict[str, Any]:
    """Of code of one's own: where it departs from the data set, and the score by its own golds."""
    by_its_golds = [
        row["extracted"] is not None and same(row["extracted"], made.golds[row["problem_id"]])
        for row in rows
    ]
    return {
        "reference": reference,
        "golds_differ": made.golds_differ,
        "questions_changed": made.questions_changed,
        "em_by_its_golds": exact_match(by_its_golds).em,
    }
