"""An answer before three judges, side by side: who read what, and who counts it as right.

robust     ours: the rules of `answers`, compared as decimals
strict     lm-evaluation-harness's strict pattern, compared as strings
flexible   lm-evaluation-harness's flexible pattern, compared as strings
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.evaluation import answers, harness

JUDGES = ("robust", "strict", "flexible")


@dataclass(frozen=True, slots=True)
class Audit:
    """What each judge says of one answer, and what it goes by."""

    value: str | None
    """The number that our rules read; None where there is none."""
    rule: str
    """The rule that found it, one of `answers.STAGES`."""
    place: tuple[int, int] | None
    """Where it stands: `text[start:end]`."""
    strict_read: str
    """What the strict pattern read, or `[invalid]`."""
    flexible_read: str
    """What the flexible pattern read, or `[invalid]`."""
    robust: bool
    strict: bool
    flexible: bool

    @property
    def differ(self) -> bool:
        """Whether not all three say the same."""
        return len({self.robust, self.strict, self.flexible}) > 1

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "value": self.value,
            "rule": self.rule,
            "place": self.place and list(self.place),
            "strict_read": self.strict_read,
            "flexible_read": self.flexible_read,
            **{judge: getattr(self, judge) for judge in JUDGES},
            "differ": self.differ,
        }


def audit(text: str, gold: str) -> Audit:
    """Put what a model wrote before all three judges.

    Args:
        text: What it wrote.
        gold: The number, or the whole gold answer with its `#### ` line.
    """
    found = answers.judge(text, gold)
    return Audit(
        value=found.extracted,
        rule=found.stage,
        place=answers.locate(text),
        strict_read=harness.strict_value(text),
        flexible_read=harness.flexible_value(text),
        robust=found.correct,
        strict=found.strict,
        flexible=found.flexible,
    )


def with_scores(row: Mapping[str, Any]) -> dict[str, Any]:
    """A judged row with the harness's two scores, which teachers' answers are kept without."""
    if row.get("strict") is not None and row.get("flexible") is not None:
        return dict(row)
    return {
        **row,
        "strict": harness.strict(row["text"], row["gold"]),
        "flexible": harness.flexible(row["text"], row["gold"]),
    }


def differ(row: Mapping[str, Any]) -> bool:
    """Whether the three judges of a judged row do not agree."""
    return len({bool(row["correct"]), bool(row["strict"]), bool(row["flexible"])}) > 1


ONLY: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "all": lambda row: True,
    "wrong": lambda row: not row["correct"],
    "right": lambda row: bool(row["correct"]),
    "no number": lambda row: row["extracted"] is None,
    "differ": differ,
}
"""What can be left over of a list of judged rows; right and wrong are the robust judge's."""


def counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows each of `ONLY` leaves over, and how many each judge counts as right."""
    rows = list(rows)
    return {
        **{name: sum(map(keeps, rows)) for name, keeps in ONLY.items()},
        "robust": sum(bool(row["correct"]) for row in rows),
        "strict": sum(bool(row["strict"]) for row in rows),
        "flexible": sum(bool(row["flexible"]) for row in rows),
    }
