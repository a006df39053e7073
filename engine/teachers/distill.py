"""A teacher's answers to training questions, each asked once and never lost.

Questions are put in an order that follows from them alone, the longest first, and taken from its
front a handful at a time. Whatever comes back together, answers and failures, is committed in one
transaction before anything else is done. A teacher on this machine gives a handful back at once; so
one that was killed goes on with the very questions that it would have asked, in the very same
handfuls, and a teacher whose answer depends on what is asked beside it answers the same. A hosted
one is handed all questions, keeps some in flight by itself, and gives them back one by one.

A failure (nothing written, cut off at the limit, an error) is no answer: it is kept apart and
asked again once all other questions have been, a few times at most.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.data.problems import Problem
from engine.evaluation.answers import judge
from engine.hosted import payments
from engine.runs import evidence
from engine.runs.record import Recorder

TRIES = 3
"""How often a question is asked at most."""
AGAIN = {"temperature": 0.7, "top_p": 0.95}
"""How a question is asked again: with a little chance, as greedily it would fail the same way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a teacher wrote, whole."""

    problem_id: str
    text: str
    tokens_in: int
    """Tokens of the prompt."""
    tokens_out: int
    """Tokens written."""
    request: int | None = None
    """Its number among the run's payments, where it was paid for."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that a teacher did not answer this time."""

    problem_id: str
    reason: str
    """Such as `empty` or `cut off at 200 tokens`."""
    tokens_in: int = 0
    tokens_out: int = 0
    """What was paid for it all the same."""
    request: int | None = None
    final: bool = False
    """Whether it would be the same however often it were asked."""


Reply = Answer | Failure


class Teacher(Protocol):
    """Whoever answers questions: a model on this machine, or one that is hosted elsewhere."""

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """Ask these questions, and give the replies as they come.

        Args:
            problems: A handful.
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


def teach(problems: Sequence[Problem], teacher: Teacher, record: Recorder, handful: int) -> Tally:
    """Ask a teacher every problem that has no answer yet, and record what it says.

    Args:
        problems: All problems of the run; their ids differ.
        teacher: Is asked.
        record: Of the run; what it has already is not asked again.
        handful: How many questions it is handed at once.

    Raises:
        Paused: Between two handfuls, or within one; what is not answered then is asked later.
        Cancelled: Likewise.
    """
    by_id = {problem.id: problem for problem in problems}
    order = sorted(problems, key=lambda problem: (-len(problem.question), problem.id))
    answered = len(record.done_answers())
    for tries in range(TRIES):
        waiting = _waiting(order, tries, record)
        while waiting:
            record.leave_if_asked()
            asked, waiting = waiting[:handful], waiting[handful:]
            for replies in teacher.ask(asked, tries):
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
        {
            "problem_id": each.problem_id,
            "reason": each.reason,
            "tries": TRIES if each.final else tries + 1,
        }
        for each in replies
        if isinstance(each, Failure)
    ]
    with record.store.database.transaction() as connection:
        evidence.add_answers(connection, record.run.id, answers)
        evidence.add_failures(connection, record.run.id, failures)
        payments.settle(connection, map(_paid, replies))
    return len(answers)


def _paid(reply: Reply) -> tuple[int | None, str, float, int, int]:
    """How the request of a reply ended; one that was not paid for has no number."""
    end = payments.ANSWERED if isinstance(reply, Answer) else reply.reason
    return reply.request, end, time.time(), reply.tokens_in, reply.tokens_out


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
