"""Sample: a model answers every problem K times, for its samples to vote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.cascades.voting import vote
from engine.evaluation.answers import same
from engine.evaluation.scores import scores
from engine.evaluation.statistics import exact_match
from engine.kinds.asking_here import Asking, ask, at_hand
from engine.kinds.problems import made

if TYPE_CHECKING:
    from engine.kinds.specs import SampleSpec
    from engine.runs.record import Recorder


def compute(spec: SampleSpec, record: Recorder) -> dict[str, Any]:
    """Draw what has not been drawn yet, and say how far the samples agree.

    Raises:
        EngineError: The model cannot be loaded, or is not what the run began with.
        Paused: Within or between batches.
        Cancelled: Likewise.
    """
    problems = made(spec.data, record)
    loaded = at_hand(
        record, spec.model, spec.precision, spec.adapter, spec.device, spec.data.fingerprint()
    )
    asking = Asking(
        batch_size=spec.batch_size,
        max_new_tokens=spec.max_new_tokens,
        seed=spec.seed,
        k=spec.k,
        temperature=spec.temperature,
        top_p=spec.top_p,
        unit="samples",
    )
    took = ask(record, loaded, problems, asking)
    rows = record.done_predictions()
    return {
        **scores(rows),
        "k": spec.k,
        **agreement(rows),
        **took,
        "load": loaded.record.as_dict(),
    }


def agreement(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How far the samples of each problem agree, and what their agreement is worth.

    Args:
        rows: Predictions, K a problem.

    Returns:
        `vote`: the score of the most frequent answers. `any`: the share of problems that at least
        one sample solves. `agreement`: for each number of votes, how many problems' answers have
        so many, and how many of those answers are right.
    """
    by_problem: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_problem[row["problem_id"]].append(row)
    table: dict[int, dict[str, int]] = {}
    right = []
    for samples in by_problem.values():
        ordered = sorted(samples, key=lambda row: row["sample"])
        said = vote([row["extracted"] for row in ordered])
        right.append(said.answer is not None and same(said.answer, ordered[0]["gold"]))
        line = table.setdefault(said.votes, {"votes": said.votes, "problems": 0, "correct": 0})
        line["problems"] += 1
        line["correct"] += right[-1]
    solved = [any(row["correct"] for row in samples) for samples in by_problem.values()]
    return {
        "vote": asdict(exact_match(right)),
        "any": exact_match(solved).em,
        "agreement": [table[votes] for votes in sorted(table, reverse=True)],
    }
