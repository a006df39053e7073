"""Which of a teacher's answers are learnt from, and in what form. Imports nothing heavy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.evaluation.thinking import without_thinking

Row = Mapping[str, Any]
"""A row of the table of a teacher's answers, or of the data set made of it."""

RATIONALES = ("full", "answer only")
"""Whether the student learns all that the teacher wrote, or the line `#### ` with the number."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The answers that are learnt from, and why the others are not."""

    rows: list[Row]
    dropped: dict[str, int]
    """How many were left out, by reason."""


def select(answers: Iterable[Row], keep: str, rationale: str = "full") -> Selection:
    """Leave out the answers whose result is wrong, where `keep` is `correct`.

    Thinking is no part of an answer, and is not learnt. With the rationale `answer only` what is
    kept is cut down to its result, so an answer without a number is left out even where `keep` is
    `all`.
    """
    kept, dropped = [], Counter[str]()
    for row in answers:
        bare, none = rationale == "answer only", row["extracted"] is None
        if (keep == "correct" and not row["correct"]) or (bare and none):
            dropped["no number in it" if none else "wrong result"] += 1
        elif not without_thinking(row["text"]):
            dropped["nothing but thinking"] += 1
        else:
            said = f"#### {row['extracted']}" if bare else without_thinking(row["text"])
            kept.append({**row, "text": said})
    return Selection(kept, dict(dropped))
