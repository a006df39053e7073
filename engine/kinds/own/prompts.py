"""Problems as the learner's own `to_prompt_ground_truth_pair` makes them of the raw rows.

What is asked is what it says. What an answer is judged against stays the data set's own gold, so
that a mistake in reading the golds cannot raise a score; how many of them differ is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from engine.data.problems import Problem
from engine.evaluation.answers import same
from engine.runs.own import Code, Fault, Refused, function
from engine.storable import NO_TEXT, storable

NAME = "to_prompt_ground_truth_pair"
AT_A_TIME = 500
"""Rows that cross the line together."""
SHAPE = '{"prompt": [{"role": "user", "content": TEXT}], "ground_truth": TEXT}'


@dataclass(frozen=True, slots=True)
class Prompted:
    """Problems as they are asked."""

    problems: list[Problem]
    """With the code's prompt as their question, and the data set's own gold."""
    golds: dict[str, str]
    """By problem, what the code takes for the gold answer."""
    golds_differ: int
    """How many of these are another number than the data set's own."""
    questions_changed: int
    """How many prompts are not the question, letter by letter."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what the code made."""
        made = [(each.id, each.question, self.golds[each.id]) for each in self.problems]
        return hashlib.sha256(json.dumps(made).encode()).hexdigest()


def prompted(code: Code, problems: Sequence[Problem]) -> Prompted:
    """Let the code make prompts and golds of the problems' raw rows.

    Raises:
        Fault: It raised something, or gave something else.
    """
    asked, golds, differ, changed = [], {}, 0, 0
    for start in range(0, len(problems), AT_A_TIME):
        part = problems[start : start + AT_A_TIME]
        rows = [{"question": each.question, "answer": each.answer} for each in part]
        made = code.run(pairs, rows, start)
        if type(made) is not list or len(made) != len(part):
            raise Fault(f"{NAME} did not give one pair for each row.")
        for place, (problem, pair) in enumerate(zip(part, made, strict=True), start + 1):
            question, golds[problem.id] = _read(pair, place)
            asked.append(replace(problem, question=question))
            differ += not same(golds[problem.id], problem.gold)
            changed += question != problem.question
    return Prompted(asked, golds, differ, changed)


def pairs(module: ModuleType, rows: list[dict[str, str]], start: int) -> list[Any]:
    """On the far side: what the code makes of each row, the first of which is number `start`."""
    make, made = function(module, NAME), []
    for place, row in enumerate(rows, start + 1):
        try:
            pair = make(row)
        except Exception as error:
            error.add_note(f"It was given row {place:,}, {str(row)[:120]!r}...")
            raise
        if not isinstance(pair, dict):
            raise Refused(f"{NAME} gave {pair!r:.80} for row {place:,}. Its shape is {SHAPE}.")
        made.append({name: pair.get(name) for name in ("prompt", "ground_truth")})
    return made


def _read(pair: Any, place: int) -> tuple[str, str]:
    """The question and the gold of a pair, which came from the code's process."""
    match pair:
        case {
            "prompt": [{"role": "user", "content": str(question), **more}],
            "ground_truth": str(gold),
        } if question.strip() and not more:
            if storable(question + gold) != question + gold:
                raise Fault(f"{NAME} gave {pair!r:.200} for row {place:,}. {NO_TEXT}")
            return question, gold
    raise Fault(f"{NAME} gave {pair!r:.200} for row {place:,}. Its shape is {SHAPE}.")
