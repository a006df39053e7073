"""One type for every problem, whatever its data set, and the spec that names a set of them.

The answer is in GSM8K's format (Cobbe et al., 2021): worked steps that carry calculator
annotations such as `<<12*4=48>>`, and a last line `#### 48`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from engine.errors import SpecError

SOURCES = ("word_problems",)
SPLITS = ("train", "validation", "test")
LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its worked gold answer."""

    id: str
    """Stable: the same id is the same problem on every machine."""
    question: str
    """What is asked, in plain English."""
    answer: str
    """Worked steps with annotations; the last line is `#### ` and the number."""
    gold: str
    """The number alone, as a decimal string."""


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which problems: enough to get the very same ones again."""

    source: str = "word_problems"
    """Where they come from; `word_problems` is the built-in generator."""
    split: str = "test"
    """`train`, `validation` or `test`; no problem is in two of them."""
    level: int = 2
    """1 (one or two steps) to 5 (four to six steps); the tutorial is at 2."""
    limit: int = 300
    """How many problems."""
    seed: int = 0
    """Another seed, other problems of the same split."""

    def check(self) -> None:
        """Raise SpecError for a value that no problem set has."""
        for name, value, known in (
            ("source", self.source, SOURCES),
            ("split", self.split, SPLITS),
            ("level", self.level, LEVELS),
        ):
            if value not in known:
                what = f"There is no {name} {value!r} of problems."
                raise SpecError(name, value, what, f"Choose one of {', '.join(map(str, known))}.")
        if self.limit < 1:
            what = f"{self.limit} problems are too few."
            raise SpecError("limit", self.limit, what, "Ask for at least one.")

    def problems(self) -> list[Problem]:
        """The problems, in their order; no question twice."""
        from engine.data.word_problems import problems

        self.check()
        return list(problems(self))

    def fingerprint(self) -> str:
        """SHA-256 over ids, questions and golds: two sets are the same if and only if this is."""
        rows = [(p.id, p.question, p.gold) for p in self.problems()]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def as_dict(self) -> dict:
        """For a run's spec, as JSON."""
        return asdict(self)
