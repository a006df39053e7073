"""From stored predictions to what a cascade needs, and from a replay to what is stored of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from engine.cascades.replay import Answered, Case, Outcome
from engine.evaluation.statistics import Score


def cases(
    samples: Iterable[Mapping[str, Any]], strong: Iterable[Mapping[str, Any]] = ()
) -> list[Case]:
    """One case for each problem that was sampled, in the order in which it came.

    Args:
        samples: Rows of a sample run, as `Client.predictions` gives them.
        strong: Rows of the strong model, of any run; those on other problems are left aside.
    """
    drawn: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in samples:
        drawn[row["problem_id"]].append(row)
    answers = {_problem(row): _answered(row) for row in strong}
    return [
        Case(
            problem_id=problem_id,
            gold=rows[0]["gold"],
            samples=tuple(map(_answered, sorted(rows, key=lambda row: row["sample"]))),
            strong=answers.get(_problem(rows[0])),
        )
        for problem_id, rows in drawn.items()
    ]


def as_dict(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON holds it; `em` and its interval are None while answers are missing."""
    return {
        "policy": {"k": outcome.policy.k, "threshold": outcome.policy.threshold},
        "n": outcome.problems,
        **_score(outcome.score, ""),
        **_score(outcome.kept_score, "kept_"),
        "sent": outcome.sent,
        "missing": outcome.missing,
        "share_sent": outcome.share_sent,
        "cost": outcome.cost,
        "cost_strong_only": outcome.cost_strong_only,
        "cost_saving": outcome.cost_saving,
        "compute": outcome.compute,
        "compute_strong_only": outcome.compute_strong_only,
        "compute_saving": outcome.compute_saving,
        "estimated": outcome.estimated,
    }


def as_row(outcome: Outcome) -> dict[str, Any]:
    """An outcome as one row of a grid of policies."""
    return {
        "k": outcome.policy.k,
        "threshold": outcome.policy.threshold,
        "em": outcome.score.em if outcome.score else None,
        "share_sent": outcome.share_sent,
        "cost_saving": outcome.cost_saving,
        "compute_saving": outcome.compute_saving,
        "missing": outcome.missing,
    }


def _problem(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes two rows be about the same problem: another data set may use the same ids."""
    return row["problem_id"], row["question"], row["gold"]


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(row["extracted"], row["tokens_in"], row["tokens_out"])


def _score(score: Score | None, prefix: str) -> dict[str, float | None]:
    names = ("em", "low", "high")
    return {f"{prefix}{name}": getattr(score, name) if score else None for name in names}
