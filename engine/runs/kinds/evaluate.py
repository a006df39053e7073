"""Evaluate: a model answers every problem once, greedily, and is scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runs.kinds.asking import Asking, ask, at_hand, scores

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.specs import EvaluateSpec


def compute(spec: EvaluateSpec, record: Recorder) -> dict[str, Any]:
    """Ask what has not been asked yet, and score all answers.

    Raises:
        EngineError: The model cannot be loaded, or is not what the run began with.
        Paused: Within or between batches.
        Cancelled: Likewise.
    """
    problems = spec.data.problems()
    loaded = at_hand(
        record, spec.model, spec.precision, spec.adapter, spec.device, spec.data.fingerprint()
    )
    took = ask(record, loaded, problems, Asking(spec.batch_size, spec.max_new_tokens, spec.seed))
    return {**scores(record.done_predictions()), **took, "load": loaded.record.as_dict()}
