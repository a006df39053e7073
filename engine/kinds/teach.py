"""Teach: a teacher answers training questions; what is right becomes a data set."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.data.problems import Problem
from engine.errors import EngineError
from engine.kinds import asking_hosted as hosted
from engine.kinds.asking_here import at_hand, take_fewer
from engine.kinds.own.teaching import made, trial
from engine.kinds.problems import made as made_of
from engine.kinds.same import hold_to
from engine.kinds.takeover import take_over
from engine.models.registry import written
from engine.quiet import quiet
from engine.runs.looking import now_and_then
from engine.runs.own import MEND
from engine.teachers import from_file
from engine.teachers.distill import Tally, Teacher, teach
from engine.teachers.from_file import FileTeacher
from engine.teachers.hosted import HostedTeacher
from engine.teachers.imports import CHAT, SAVED
from engine.teachers.local import LocalTeacher
from engine.training import chat_format
from engine.training.dataset import Selection, conversations, fingerprint, select, write

if TYPE_CHECKING:
    from engine.kinds.specs import TeachSpec
    from engine.runs.record import Recorder

DATASET = SAVED
"""The folder of the data set, among a run's artifacts."""


def compute(spec: TeachSpec, record: Recorder) -> dict[str, Any]:
    """Ask what has not been answered yet, then write the data set.

    Raises:
        EngineError: Not one answer can be learnt from.
        Fault: Something is wrong with code of one's own, or with what it gave.
        Paused: A handful of questions that is being asked is asked again later.
        Cancelled: Likewise.
    """
    problems = _problems(spec, record)
    if spec.own:  # before an hour of asking, since a fault in it ends the run
        with record.own(spec.own) as code:
            trial(code, problems)
    began = time.monotonic()
    tally = _teach(spec, record, problems)

    # By the problems' order, not by that of asking: the data set follows from the answers alone.
    answers = {row["problem_id"]: row for row in record.done_answers()}
    rows = [answers[problem.id] for problem in problems if problem.id in answers]
    chosen = (
        _by_own_code(spec, record, problems, rows)
        if spec.own
        else select(rows, spec.keep, spec.rationale)
    )
    if not chosen.rows:
        raise EngineError(
            f"Of {tally.asked} questions, {tally.answered} were answered and none of the answers "
            f"can be kept ({_listed({**tally.failures, **chosen.dropped})}).",
            MEND if spec.own and tally.answered else _way_out(tally),
        )
    dataset = conversations(chosen.rows)
    with quiet():
        write(dataset, record.folder / DATASET)
    chat_format.write(chosen.rows, record.folder / CHAT)
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
        **({"hosted": hosted.paid(record, spec.teacher)} if hosted.hosted(spec.teacher) else {}),
        "seconds": round(time.monotonic() - began, 3),
        "dataset": DATASET,
        "fingerprint": fingerprint(dataset),
        **({"own": _told(spec, record)} if spec.own else {}),
    }


def _way_out(tally: Tally) -> str:
    """What helps where nothing can be kept, which is another thing if nothing was answered."""
    if any(reason.startswith("cut off") for reason in tally.failures):
        return "Raise max_new_tokens, or take a stronger teacher."
    if tally.answered:
        return "Take a stronger teacher."
    return "See what stands in brackets, or take another teacher; then submit the run anew."


def _by_own_code(
    spec: TeachSpec, record: Recorder, problems: Sequence[Problem], rows: list[dict[str, Any]]
) -> Selection:
    """The answers that code of one's own makes a data set of; spec.keep is its to say."""

    def asked(questions: int) -> None:
        look(questions)
        record.progress(len(rows), len(problems), "answers", f"your code: question {questions:,}")

    look = now_and_then(record.leave_if_asked)
    with record.own(spec.own) as code:
        dataset = made(code, problems, rows, record.done_failures(), asked)
    whose = "the reference's" if spec.own.reference else "your"
    dropped = {
        f"left out by {whose} code": dataset.left_out,
        f"by {whose} filter": dataset.filtered,
    }
    return Selection(dataset.rows, {why: count for why, count in dropped.items() if count})


def _told(spec: TeachSpec, record: Recorder) -> dict[str, Any]:
    """Of code of one's own: whose it is, and the earlier run whose answers were taken over."""
    environment = record.other(record.run.id).environment
    return {"reference": spec.own.reference, "answers_of": environment.get("answers_of")}


def _problems(spec: TeachSpec, record: Recorder) -> list[Problem]:
    """Those of the spec, or those of the file that is its teacher."""
    path = written(spec.teacher)
    return _file(path, record).problems if path else made_of(spec.data, record)


def _teach(spec: TeachSpec, record: Recorder, problems: Sequence[Problem]) -> Tally:
    """Have the teacher answer: a file, one that is hosted elsewhere, or one that is loaded here."""
    if path := written(spec.teacher):
        hold_to(record, data=from_file.fingerprint(path))
        return _ask(problems, _file(path, record), record, len(problems))
    data = spec.data.fingerprint()
    if hosted.hosted(spec.teacher):
        with hosted.line_to(
            record,
            spec.teacher,
            data,
            in_flight=spec.in_flight,
            max_new_tokens=spec.max_new_tokens,
            option="--teacher",
        ) as line:
            distant = HostedTeacher(line, spec.max_new_tokens, spec.seed)
            return _ask(problems, distant, record, len(problems))
    loaded = at_hand(record, spec.teacher, spec.precision, None, spec.device, data)
    here = LocalTeacher(
        loaded,
        spec.max_new_tokens,
        spec.seed,
        tick=now_and_then(record.leave_if_asked),
        at_most=record.at_most,
        tell=partial(take_fewer, record),
        make_room=lambda: record.warm.keep_only(loaded),
    )
    return _ask(problems, here, record, spec.in_flight)


def _ask(problems: Sequence[Problem], teacher: Teacher, record: Recorder, handful: int) -> Tally:
    """Ask what no earlier run has been told; by now this one's fingerprints are on record."""
    take_over(record)
    return teach(problems, teacher, record, handful)


def _file(path: Path, record: Recorder) -> FileTeacher:
    file = from_file.read(path, record.known_problems(), now_and_then(record.leave_if_asked))
    word = len(file.problems) - file.known
    record.environment(known=file.known, taken_at_its_word=word, repeated=file.repeated)
    if file.split:
        record.environment(split=file.split)
    return file


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in counts.items()) or "none"
