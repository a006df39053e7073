"""What judged answers come to: the scores that a run keeps, and that whoever doubts them counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from engine.evaluation.answers import STAGES
from engine.evaluation.statistics import exact_match


def scores(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Exact match over all rows with its interval, the harness's two scores, stages and tokens.

    K samples of a problem share one prefill, so a prompt's tokens count once.
    """
    right = exact_match([row["correct"] for row in rows])
    stages = Counter(row["stage"] for row in rows)
    return {
        **asdict(right),
        "correct": sum(bool(row["correct"]) for row in rows),
        "strict": exact_match([row["strict"] for row in rows]).em,
        "flexible": exact_match([row["flexible"] for row in rows]).em,
        "stages": {stage: stages[stage] for stage in STAGES if stages[stage]},
        "cut_off": sum(bool(row["cut_off"]) for row in rows),
        "tokens_in": sum(row["tokens_in"] for row in rows if row["sample"] == 0),
        "tokens_out": sum(row["tokens_out"] for row in rows),
    }
