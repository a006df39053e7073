"""Task 2.1: build the data set that the student learns from, by asking a teacher."""

import random
import re
import time
from dataclasses import dataclass
from typing import Any

TEACHER = "gemma-3-27b-it"
"""The tutorial's teacher. In a teach run it is whoever the run says, under this name."""
TRIES = 3
"""How often a question is asked at most."""


NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


class TryAgain(Exception):
    """The teacher could not answer now: too busy, over quota, or not reached. Later it may."""


@dataclass(frozen=True)
class Reply:
    """What came back for one question."""

    text: str
    """What the teacher wrote; empty where it wrote nothing."""
    finish: str
    """Why it stopped: `STOP` when it was done, `MAX_TOKENS` when it was cut off, `SAFETY` when it
    was blocked, and others."""


def query_teacher(client: Any, question: str) -> Reply:
    """Ask one question, once.

    Raises:
        TryAgain: For a server error (5xx), too many requests (429), or a network that failed.
        Exception: Anything else that the client raises, as it is.
    """
    try:
        response = client.models.generate_content(model=TEACHER, contents=question)
    except Exception as error:
        if _may_pass(error):
            raise TryAgain(str(error)) from error
        raise
    reason = response.candidates[0].finish_reason if response.candidates else "OTHER"
    return Reply(text=response.text or "", finish=str(getattr(reason, "value", reason)))


def _may_pass(error: Exception) -> bool:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    network = isinstance(error, TimeoutError | ConnectionError) or "TransportError" in kinds
    return network or getattr(error, "code", None) in (408, 429, 500, 502, 503, 504)


def back_off(failures: int) -> None:
    """Wait before asking again: about 1 s after the first failure, 2 s after the second, 4 s ..."""
    time.sleep(2 ** (failures - 1) * random.uniform(0.75, 1.25))


def create_distilled_dataset(client: Any, dataset: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that the teacher answered, in their order, each with its `completion`."""
    answers: dict[str, str | None] = {}
    rows = []
    for row in dataset:
        question = row["question"]
        if question not in answers:
            answers[question] = ask(client, question)
        if (text := answers[question]) is not None:
            rows.append({**row, "completion": [{"role": "assistant", "content": text}]})
    return rows


def ask(client: Any, question: str) -> str | None:
    """A question's answer; None where the teacher has none to learn from."""
    for failures in range(TRIES):
        if failures:
            back_off(failures)
        try:
            reply = query_teacher(client, question)
        except TryAgain:
            continue
        done = reply.finish == "STOP" and reply.text.strip()
        return reply.text if done else None
    return None


def filter_sample(sample: dict[str, Any]) -> bool:
    """Learn from right results only: the last number of both texts is the same."""
    wanted, got = (_last(text) for text in (sample["answer"], sample["completion"][0]["content"]))
    return got is not None and got == wanted


def _last(text: str) -> float | None:
    found = NUMBER.findall(text)
    return float(found[-1].replace(",", "")) if found else None
