"""From stored predictions to what a cascade needs, and from a replay to what is stored of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.cascades.replay import Answered, Case, Outcome, Policy, Said, decide
from engine.evaluation.answers import judge
from engine.evaluation.statistics import Score

SAID = "said.json"
"""Among a cascade's artifacts: by problem and K, what code of one's own answered, and how sure."""


def cases(
    samples: Iterable[Mapping[str, Any]],
    strong: Iterable[Mapping[str, Any]] = (),
    said: Mapping[str, tuple[Said, ...]] | None = None,
) -> list[Case]:
    """One case for each problem that was sampled, in the order in which it came.

    Args:
        samples: Rows of a sample run, as `Client.predictions` gives them.
        strong: Rows of the strong model, of any run; those on other problems are left aside.
        said: By problem, what code of one's own says of its samples, by K.
    """
    said = said or {}
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
            said=said.get(problem_id, ()),
        )
        for problem_id, rows in drawn.items()
    ]


def final(
    samples: Iterable[Mapping[str, Any]],
    policy: Policy,
    strong: Iterable[Mapping[str, Any]] = (),
    said: Mapping[str, tuple[Said, ...]] | None = None,
) -> list[dict[str, Any]]:
    """The row whose answer a cascade gives to each problem; problems without one are left out.

    It is the first of the student's samples that say what they vote for, or the strong model's
    answer; `by` says which, `student` or `teacher`. With a threshold of 0 the student keeps all.
    Where no sample holds a number, the first of them stands for the rest; where code of one's own
    answers what no sample says, that answer alone is the row's text.

    Args:
        samples: Rows of a sample run.
        policy: k and threshold; problems with fewer than k samples so far are left out.
        strong: Rows of the strong model, of any run.
        said: By problem, what code of one's own says of its samples, by K.
    """
    samples, strong = list(samples), list(strong)
    drawn: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sorted(samples, key=lambda row: row["sample"]):
        drawn[row["problem_id"]].append(row)
    answers = {_problem(row): row for row in strong}
    found = []
    for case in cases(samples, said=said):
        rows = drawn[case.problem_id][: policy.k]
        if len(rows) < policy.k:
            continue
        decision = decide(case, policy)
        if decision.sent:
            row = answers.get(_problem(rows[0]))
        else:
            row = _saying(rows, decision.vote.answer)
        if row is not None:
            found.append({**row, "by": "teacher" if decision.sent else "student"})
    return found


def _saying(rows: Sequence[Mapping[str, Any]], answer: str | None) -> Mapping[str, Any]:
    """The first row with that answer, or one that says it and nothing else."""
    for row in rows:
        if row["extracted"] == answer:
            return row
    text = answer or ""
    return {**rows[0], "text": text, **asdict(judge(text, rows[0]["gold"]))}


def read_said(file: Path) -> dict[str, tuple[Said, ...]]:
    """What code of one's own said of each problem's samples, as a cascade kept it."""
    pairs = json.loads(file.read_text(encoding="utf-8"))
    return {id: tuple(Said(*pair) for pair in by_k) for id, by_k in pairs.items()}


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
