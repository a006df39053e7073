"""What the linter has to say: findings, and how much it has tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with the course."""

    lesson: str
    """The lesson's id; empty for the course itself."""
    where: str
    """What is at fault there: `question absmax-scale`, `lesson.md, line 40`."""
    says: str
    """What is wrong, with the values that show it."""
    seed: int | None = None
    """The variant that shows it."""

    def __str__(self) -> str:
        seed = "" if self.seed is None else f" #{self.seed}"
        return f"{self.lesson}: {self.where}{seed}: {self.says}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What one question was put through."""

    lesson: str
    question: str
    kind: str
    """`Numeric`, `Choice`, `Bits`, `Matrix` or `Essay`."""
    variants: int
    distinct: int
    """How many of those read differently."""
    slips: int
    """Known mistakes, over all variants."""
    answers: int
    """How many were graded."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """Everything that was found, and everything that was tried."""

    findings: tuple[Finding, ...]
    tried: tuple[Tried, ...]
    """One for each question."""
    counts: dict[str, int]
    """`lessons`, `steps`, `questions`, `variants`, `answers`, `exercises`, `labs`, `figures`,
    `labs left out`."""
    seconds: dict[str, float]
    """Time taken, by part."""

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"clean": self.clean, **asdict(self)}


@dataclass(slots=True)
class Notes:
    """What has been found and counted so far."""

    findings: list[Finding] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, lesson: str, where: str, says: str, seed: int | None = None) -> None:
        """One more finding."""
        self.findings.append(Finding(lesson, where, says, seed))
