"""What the learner's own `student_answer_and_confidence` says of samples that were drawn already.

Its model is a replay: asked for samples, it gives those that are stored, in the order in which
they were drawn. So every K up to the samples drawn costs a call, and no token.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

from engine.cascades.replay import Said
from engine.data.numbers import NUMBER, canonical, plain, read
from engine.evaluation.answers import extract
from engine.runs.own import Code, Fault, Refused, function

NAME = "student_answer_and_confidence"
AT_A_TIME = 50
"""Problems that cross the line together."""
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
Rows = Sequence[Mapping[str, Any]]


def said(code: Code, samples: Rows, generation: Mapping[str, Any]) -> dict[str, tuple[Said, ...]]:
    """By problem, what the code says of its first 1, 2, ... samples.

    Args:
        code: The learner's.
        samples: Rows of a sample run.
        generation: How they were drawn: `temperature`, `top_p` and the like.

    Raises:
        Fault: The code raised something, did not ask for K samples, or gave no answer of theirs
            with a confidence from 0 to 1.
    """
    drawn: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(samples, key=lambda row: row["sample"]):
        drawn.setdefault(row["problem_id"], []).append(row)
    problems, found = list(drawn.items()), {}
    for start in range(0, len(problems), AT_A_TIME):
        part = problems[start : start + AT_A_TIME]
        asked = [[id, rows[0]["question"], [row["text"] for row in rows]] for id, rows in part]
        answers = code.run(ask_each, asked, dict(generation))
        if type(answers) is not list or len(answers) != len(part):
            raise Fault(f"{NAME} did not answer each problem.")
        for (id, rows), by_k in zip(part, answers, strict=True):
            if type(by_k) is not list or len(by_k) != len(rows):
                raise Fault(f"{NAME} did not answer problem {id} for each K.")
            found[id] = tuple(_read(each, rows[:k], id) for k, each in enumerate(by_k, 1))
    return found


def ask_each(module: ModuleType, problems: list, generation: dict[str, Any]) -> list[list[Any]]:
    """On the far side: by problem and by K, what the code gives."""
    ask, config, found = function(module, NAME), SimpleNamespace(**generation), []
    for id, question, texts in problems:
        found.append([])
        for k in range(1, len(texts) + 1):
            model = Replay(texts[:k])
            try:
                found[-1].append(ask(model, [{"role": "user", "content": question}], config, k))
            except Exception as error:
                error.add_note(f"It was asked problem {id} at K {k}.")
                raise
            if model.given != k:
                raise Refused(
                    f"{NAME} drew {model.given} samples of problem {id}; num_samples was {k}."
                )
    return found


class Replay:
    """A student whose samples were drawn before."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Gives these, in this order."""
        self._texts = texts
        self.given = 0
        """How many were asked for so far."""

    def sample(self, messages: Any, generation_config: Any, num_samples: int) -> list[str]:
        """The next samples. Raises ValueError for more than there are."""
        if num_samples > len(self._texts) - self.given:
            raise ValueError(f"{num_samples} samples were asked for, of {len(self._texts)} in all")
        texts = list(self._texts[self.given : self.given + num_samples])
        self.given += num_samples
        return texts


def _read(pair: Any, rows: Rows, id: str) -> Said:
    """An answer and a confidence, which came from the code's process."""
    where = f"{NAME} gave {pair!r:.120} for problem {id} at K {len(rows)}"
    if type(pair) not in (tuple, list) or len(pair) != 2:
        raise Fault(f"{where}; it must give a pair, the answer and the confidence.")
    answer, confidence = pair
    if answer is not None and type(answer) is not str:
        raise Fault(f'{where}; the answer must be text, or "" where there is none.')
    if isinstance(confidence, bool) or not isinstance(confidence, numbers.Real):
        raise Fault(f"{where}; the confidence must be a number.")
    if math.isnan(confidence) or not 0 <= confidence <= 1:
        raise Fault(f"{where}; the confidence must be from 0 to 1.")
    if not answer:
        return Said(None, float(confidence))
    value = extract(answer).value
    if value is None and re.search(r"\d", answer) and any(answer in row["text"] for row in rows):
        return Said(None, float(confidence))  # theirs, and no one number: such as 1:30
    if value is None or not any(value.lstrip("-") in _numbers(row) for row in rows):
        raise Fault(f"{where}; that answer is in none of the samples.")
    return Said(value, float(confidence))


def _numbers(row: Mapping[str, Any]) -> set[str]:
    """All numbers in a sample, without their signs, by the score's rules and by plain digits.

    The code may find its answer by a rule of its own, in the text as it was written or without its
    annotations; it may not bring one of its own.
    """
    found = [row["extracted"]]
    for text in {row["text"], plain(row["text"])}:
        found += [read(each) for each in NUMBER.finditer(text)]
        found += [canonical(each.replace(",", "")) for each in DIGITS.findall(text)]
    return {each.lstrip("-") for each in found if each is not None}
