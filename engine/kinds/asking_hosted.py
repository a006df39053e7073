"""What all kinds that ask a hosted model have in common: a line to it, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from engine.cascades import prices
from engine.data.problems import Problem
from engine.errors import EngineError, ModelNotFound
from engine.evaluation.answers import judge
from engine.hosted import payments, refusals, services
from engine.hosted.carrier import Courier, lock
from engine.hosted.line import LOOK_SECONDS, Heard, Line
from engine.hosted.nearest import nearest, parameters
from engine.hosted.payments import Payments
from engine.hosted.said import Manner
from engine.kinds.same import hold_to
from engine.models.registry import INSTRUCTION, hosted
from engine.runs import evidence

if TYPE_CHECKING:
    from engine.hosted.services import Service
    from engine.runs.record import Recorder

__all__ = ["ask", "hosted", "line_to", "paid"]


@contextmanager
def line_to(
    record: Recorder, name: str, data: str, *, in_flight: int, max_new_tokens: int, option: str
) -> Iterator[Line]:
    """A line to a hosted model that is there; the run's record says where it leads.

    Args:
        record: The run's.
        name: Such as `gemini:gemma-4-31b-it`.
        data: The problems' fingerprint.
        in_flight: Requests sent and not yet answered, at most.
        max_new_tokens: The longest answer that will be asked for.
        option: How the command line names the model, such as `--teacher`.

    Raises:
        EngineError: There is no key, no such model, or no answer.
    """
    service = services.read(name, record.home.path)
    if service.secret() is None and services.needs_key(service):
        raise refusals.bad_key(service)
    if 0 < service.tokens_per_minute < 2 * max_new_tokens:
        raise EngineError(
            f"An answer may take {max_new_tokens:,} tokens, and a minute holds "
            f"{service.tokens_per_minute:,}.",
            f"Lower max_new_tokens, or raise tokens_per_minute in {services.FILE}.",
        )
    book = Payments(record.store.database, record.run.id, name)
    _see_what_came(book, record)
    with Line(
        service,
        Courier(record.home, record.run.id, name),
        book,
        in_flight=in_flight,
        leave_if_asked=record.leave_if_asked,
        stopping=record.stopping,
        say=record.say,
    ) as line:
        record.say("asking which models there are")
        _check(line.models(), service, option, record)
        hold_to(record, data=data, model=name)
        record.environment(
            device="hosted",
            fallbacks=_left_out(service),
            load={
                "name": service.model,
                "provider": service.provider,
                "host": service.host or "the provider's own",
                "precision": "hosted",
                "parameters": parameters(service.model),
                "left_out": list(service.leave_out),
            },
        )
        yield line


def ask(
    record: Recorder, line: Line, problems: Sequence[Problem], max_new_tokens: int, seed: int
) -> dict[str, Any]:
    """Ask what has not been asked yet, greedily; each reply is judged and stored as it comes.

    A reply that was cut off is judged as far as it goes, and one that was blocked gives no answer,
    as the model's own; where the service gave none at all, the run fails and can be resumed.

    Returns:
        What this attempt took: `seconds` and `samples_per_second`.

    Raises:
        EngineError: The service has not answered some of them.
        Paused: That was asked, or the day's requests are used up.
        Cancelled: That was asked.
    """
    stored = {row["problem_id"] for row in record.done_predictions()}
    left = [problem for problem in problems if problem.id not in stored]
    done, total, began = len(problems) - len(left), len(problems), time.monotonic()
    record.progress(done, total, "problems", "asking")
    unheard: list[Heard] = []
    for heard in line.ask(left, Manner(INSTRUCTION, max_new_tokens, seed=seed)):
        if heard.said is None:
            unheard.append(heard)
            continue
        done += 1
        with record.store.database.transaction() as connection:
            evidence.add_predictions(connection, record.run.id, [_row(heard)])
            payments.settle(connection, [_paid(heard)])
        record.progress(done, total, "problems", "asking")
    if unheard:
        raise EngineError(
            f"{len(unheard)} of {total} problems were not answered ({unheard[0].reason}).",
            f"`tutor resume {record.run.id}` asks them again; the others are kept.",
        )
    seconds = time.monotonic() - began
    return {
        "seconds": round(seconds, 3),
        "samples_per_second": round(len(left) / seconds, 3) if left else None,
    }


def paid(record: Recorder, name: str) -> dict[str, Any]:
    """What a run has paid a hosted model, over all attempts: for its result."""
    book = Payments(record.store.database, record.run.id, name).summary()
    if book["untold"]:
        record.environment(fallbacks=[uncounted(book["untold"], book["ends"][payments.ANSWERED])])
    price = prices.read(record.home.path).of(name)
    return {
        **book,
        "dollars": price.cost(book["tokens_in"], book["tokens_out"]),
        "dollars_wasted": price.cost(book["wasted_in"], book["wasted_out"]),
    }


def uncounted(untold: int, answers: int) -> dict[str, str]:
    """What is told where a service has counted no tokens for some answers."""
    return {
        "what": f"{untold} of {answers} answers without a count of tokens",
        "why": "the service told none that can be; tokens, dollars and savings lack them",
    }


def _see_what_came(book: Payments, record: Recorder) -> None:
    """Wait until what an earlier attempt had in flight is answered, and say what came of it."""
    earlier = lock(record.home, record.run.id)
    while not earlier.free():
        record.leave_if_asked()
        record.say("waiting for answers that are on their way since before")
        time.sleep(LOOK_SECONDS)
    if kept := len(book.kept()):
        record.log(f"{kept} answers came after the last attempt had ended; nobody asks them again")
    if lost := book.lost():
        record.log(f"{lost} requests were lost on their way; they are asked again")


def _check(offered: list[str] | None, service: Service, option: str, record: Recorder) -> None:
    """See to it that the model is there, or offer the nearest."""
    if offered is None:
        record.log(
            f"{service.host or service.provider} does not list its models; {service.model} is "
            "asked all the same"
        )
        return
    if service.model in offered or f"{service.model}:latest" in offered:
        return
    near = nearest(service.model, offered)
    if near is None:
        raise ModelNotFound(f"{service.host or service.provider} offers no model at all.")
    gone = "is no longer offered" if service.provider == "gemini" else "is not offered there"
    raise ModelNotFound(
        f"`{service.model}` {gone}.",
        f"The nearest is {near}: {option} {service.provider}:{near}.",
    )


def _left_out(service: Service) -> list[dict[str, str]]:
    if not service.leave_out:
        return []
    what = f"{' and '.join(service.leave_out)} not sent"
    why = f"{services.FILE} says so; {service.model} decides, and may answer otherwise next time"
    return [{"what": what, "why": why}]


def _row(heard: Heard) -> Mapping[str, Any]:
    problem, said = heard.problem, heard.said
    assert said is not None
    judged = judge(said.text, problem.gold)
    return {
        "problem_id": problem.id,
        "sample": 0,
        "question": problem.question,
        "gold": problem.gold,
        "text": said.text,
        "extracted": judged.extracted,
        "stage": judged.stage,
        "correct": judged.correct,
        "strict": judged.strict,
        "flexible": judged.flexible,
        "tokens_in": said.tokens_in,
        "tokens_out": said.tokens_out,
        "cut_off": said.ending == "cut off",
    }


def _paid(heard: Heard) -> tuple[int, str, float, int, int]:
    said = heard.said
    assert said is not None
    end = payments.ANSWERED if said.ending == "whole" else said.ending
    return heard.request, end, heard.at, said.tokens_in, said.tokens_out
