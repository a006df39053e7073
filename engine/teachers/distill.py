"""A teacher's answers to training questions, each asked once and never lost.

Questions are put in an order that follows from them alone, the longest first, and taken from its
front a handful at a time. All that comes back of a handful, answers and failures, is committed in
one transaction before the next is asked; so one that was killed goes on with the very questions
that it would have asked, in the very same handfuls, and a teacher whose answer depends on what is
asked beside it answers the same.

A failure (nothing written, cut off at the limit, an error) is no answer: it is kept apart and
asked again once all other questions have been, a few times at most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.data.problems import Problem
from engine.evaluation.answers import judge
from engine.runs import evidence
from engine.runs.record import Recorder

TRIES = 3
"""How often a question is asked at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a teacher wrote, whole."""

    problem_id: str
    text: str
    tokens_in: int
    """Tokens of the prompt."""
    tokens_out: int
    """Tokens written."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that a teacher did not answer this time."""

    problem_id: str
    reason: str
    """Such as `empty` or `cut off at 200 tokens`."""


Reply = Answer | Failure


class Teacher(Protocol):
    """Whoever answers questions: a model on this machine, or one that is hosted elsewhere."""

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """Ask these questions at the same time, and give the replies as they come.

        Args:
            problems: At most as many as may be in flight.
            tries: How often they have been asked before; 0 at first. A teacher that would say the
                same again should say something else.

        Yields:
            Replies that came together; in all, one for each problem.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How a teacher did."""

    asked: int
    answered: int
    correct: int
    """Answers whose result is the gold one."""
    failures: dict[str, int]
    """Questions that stayed without an answer, counted by reason."""


def teach(problems: Sequence[Problem], teacher: Teacher, record: Recorder, in_flight: int) -> Tally:
    """Ask a teacher every problem that has no answer yet, and record what it says.

    Args:
        problems: All problems of the run; their ids differ.
        teacher: Is asked.
        record: Of the run; what it has already is not asked again.
        in_flight: Questions asked and not yet answered, at most.

    Raises:
        Paused: Between two handfuls, or within one, which is then asked again later.
        Cancelled: Likewise.
    """
    by_id = {problem.id: problem for problem in problems}
    order = sorted(problems, key=lambda problem: (-len(problem.question), problem.id))
    answered = len(record.done_answers())
    for tries in range(TRIES):
        waiting = _waiting(order, tries, record)
        while waiting:
            record.leave_if_asked()
            handful, waiting = waiting[:in_flight], waiting[in_flight:]
            for replies in teacher.ask(handful, tries):
                answered += _commit(replies, by_id, tries, record)
                message = "asking again" if tries else "asking"
                record.progress(answered, len(problems), "answers", message)
    answers = record.done_answers()
    return Tally(
        asked=len(problems),
        answered=len(answers),
        correct=sum(row["correct"] for row in answers),
        failures=dict(Counter(row["reason"] for row in record.done_failures())),
    )


def _waiting(order: Iterable[Problem], tries: int, record: Recorder) -> list[Problem]:
    """The problems that have been asked `tries` times and not been answered."""
    asked: Mapping[str, int] = {
        **{row["problem_id"]: row["tries"] for row in record.done_failures()},
        **{row["problem_id"]: TRIES for row in record.done_answers()},
    }
    return [problem for problem in order if asked.get(problem.id, 0) == tries]


def _commit(
    replies: Sequence[Reply], by_id: Mapping[str, Problem], tries: int, record: Recorder
) -> int:
    """Write replies down, all of them or none; returns how many are answers."""
    answers = [_row(by_id[each.problem_id], each) for each in replies if isinstance(each, Answer)]
    failures = [
        {"problem_id": each.problem_id, "reason": each.reason, "tries": tries + 1}
        for each in replies
        if isinstance(each, Failure)
    ]
    with record.store.database.transaction() as connection:
        evidence.add_answers(connection, record.run.id, answers)
        evidence.add_failures(connection, record.run.id, failures)
    return len(answers)


def _row(problem: Problem, answer: Answer) -> dict[str, Any]:
    judged = judge(answer.text, problem.gold)
    return {
        "problem_id": problem.id,
        "question": problem.question,
        "gold": problem.gold,
        "text": answer.text,
        "extracted": judged.extracted,
        "stage": judged.stage,
        "correct": judged.correct,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
    }
