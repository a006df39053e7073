"""Answers that a teacher gave already, to a run that differs in code of one's own alone.

Whoever mends their code, or tries another filter, runs the stage anew; the questions are the same
and so is the teacher. What an earlier run has on record is then taken over, and is not paid again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from engine.kinds import specs
from engine.runs import evidence

if TYPE_CHECKING:
    from engine.runs.record import Recorder

LOOKED_AT = 200
"""So many of the newest runs may have answers to take over."""


def take_over(record: Recorder) -> int | None:
    """Give a run that has code of its own, and no answers yet, those of an earlier run.

    The earlier run has the same spec but for the code and what is kept, and the same fingerprints:
    the problems', the model's and the device's, which this run has on record by now.

    Returns:
        The run whose answers these are; None where nothing was taken over.
    """
    if "own" not in record.run.spec or record.done_answers() or record.done_failures():
        return None
    wanted = _alike(record.run.spec), _fingerprints(record, record.run.id)
    found: list[tuple[int, int]] = []
    for run in record.store.runs(LOOKED_AT):
        if run.kind != record.run.kind or run.id == record.run.id:
            continue
        if (_alike(run.spec), _fingerprints(record, run.id)) == wanted:
            found.append((len(record.done_answers(run.id)), run.id))
    answers, earlier = max(found, default=(0, 0))
    if not answers:
        return None
    with record.store.database.transaction() as connection:
        evidence.add_failures(connection, record.run.id, record.done_failures(earlier))
        evidence.add_answers(connection, record.run.id, record.done_answers(earlier))
    record.log(f"{answers:,} answers are those of run {earlier}: they are not asked for again")
    record.environment(answers_of=earlier)
    return earlier


def _alike(spec: Mapping[str, Any]) -> specs.Spec | None:
    """A teach run's spec without what decides only which answers are learnt from."""
    try:
        teach = specs.read("teach", spec)
        return replace(teach, own=None, keep="all", rationale="full")  # type: ignore[call-arg]
    except EngineError:  # of a version that knew other settings
        return None


def _fingerprints(record: Recorder, run_id: int) -> dict[str, str]:
    return record.other(run_id).environment.get("fingerprints", {})
