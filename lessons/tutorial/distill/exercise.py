"""Task 2.1: build the data set that the student learns from, by asking a teacher.

    rows = create_distilled_dataset(client, dataset)

`dataset` is a list of rows, each a dict with at least "question" and "answer". What comes back is a
list too: rows in their order, each with what the teacher wrote as one more column, the way a
trainer wants it:

    {"question": "...", "answer": "...",
     "completion": [{"role": "assistant", "content": "the teacher's text"}]}

Rows rather than a `datasets.Dataset`, as they are the same everywhere and quick to import; one line
turns them into the other: `datasets.Dataset.from_list(rows)`, and a Dataset can be walked row by
row like a list.

`client` is google-genai's, or one that behaves the same. Once your checks pass, the teach run
computes with your code: the teacher is asked, kept within its limits and paid once a question, and
your client answers with what it said.

A real teacher is busy, slow and now and then down. So:

  - A question that failed for now (TryAgain) is asked again, `TRIES` times in all at most, and not
    at once: `back_off` waits. Where that doesn't help, its row is left out.
  - An answer that is cut off, blocked or empty is no answer: its row is left out. Half a derivation
    is worse than none, since the student would learn to stop in the middle.
  - Every other error, such as a refused key, is not yours to hide: let it go up.
  - Every answer is paid for. The same question twice in the data set is asked once.
  - Nothing is invented: a row without an answer is left out, never filled in.
"""

import random
import time
from dataclasses import dataclass
from typing import Any

TEACHER = "gemma-3-27b-it"
"""The tutorial's teacher. In a teach run it is whoever the run says, under this name."""
TRIES = 3
"""How often a question is asked at most."""


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
    """Ask one question, once. This function is given; there is nothing to change in it.

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
    raise NotImplementedError


def filter_sample(sample: dict[str, Any]) -> bool:
    """Whether a row of the distilled data set is learnt from. Optional.

    As shipped it keeps every row, those with a wrong result too. `sample["answer"]` ends with the
    right one.
    """
    return True
