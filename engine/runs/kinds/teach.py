"""Teach: a teacher answers training questions; what is right becomes a data set."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from engine.runs.kinds.asking import LOOK_SECONDS, at_hand
from engine.teachers.distill import teach
from engine.teachers.local import LocalTeacher
from engine.training.dataset import conversations, fingerprint, select, write
from engine.training.quiet import quiet

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.specs import TeachSpec

DATASET = "dataset"
"""The folder of the data set, among a run's artifacts."""


def compute(spec: TeachSpec, record: Recorder) -> dict[str, Any]:
    """Ask what has not been answered yet, then write the data set.

    Raises:
        EngineError: Not one answer can be learnt from.
        Paused: A handful of questions that is being asked is asked again later.
        Cancelled: Likewise.
    """
    problems = spec.data.problems()
    loaded = at_hand(
        record, spec.teacher, spec.precision, None, spec.device, spec.data.fingerprint()
    )
    teacher = LocalTeacher(loaded, spec.max_new_tokens, spec.seed, _every(record.leave_if_asked))
    began = time.monotonic()
    tally = teach(problems, teacher, record, spec.in_flight)

    # By the problems' order, not by that of asking: the data set follows from the answers alone.
    answers = {row["problem_id"]: row for row in record.done_answers()}
    rows = [answers[problem.id] for problem in problems if problem.id in answers]
    chosen = select(rows, spec.keep)
    if not chosen.rows:
        raise EngineError(
            f"Of {tally.asked} questions, {tally.answered} were answered and none of the answers "
            f"can be kept ({_listed({**tally.failures, **chosen.dropped})}).",
            "Take a stronger teacher, or raise max_new_tokens.",
        )
    dataset = conversations(chosen.rows)
    with quiet():
        write(dataset, record.folder / DATASET)
    if chosen.dropped or tally.failures:
        record.log(f"left out: {_listed({**tally.failures, **chosen.dropped})}")
    return {
        "asked": tally.asked,
        "answered": tally.answered,
        "correct": tally.correct,
        "failures": tally.failures,
        "kept": len(chosen.rows),
        "dropped": chosen.dropped,
        "tokens_in": sum(row["tokens_in"] for row in rows),
        "tokens_out": sum(row["tokens_out"] for row in rows),
        "seconds": round(time.monotonic() - began, 3),
        "dataset": DATASET,
        "fingerprint": fingerprint(dataset),
    }


def _every(look: Callable[[], None]) -> Callable[[int], None]:
    """`look` as something to call after every token, which it does now and then."""
    looked = time.monotonic()

    def tick(_token: int) -> None:
        nonlocal looked
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            look()

    return tick


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in counts.items()) or "none"
