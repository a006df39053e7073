"""The spec that names a set of problems, and gets the very same ones again from their source."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Self

from engine.data.problem import Problem
from engine.errors import SpecError

__all__ = ["DataSpec", "Problem"]

SOURCES = ("word_problems", "gsm8k")
SPLITS = ("train", "validation", "test")
LEVELS = (1, 2, 3, 4, 5)
MOST = {"train": 100_000, "validation": 20_000, "test": 20_000}
"""Problems that the generator gives of a split. Level 1 comes to its end first: of 100,000 drawn
for its train split 93,195 differ, of 60,000 for its test split 48,562."""
SEEDS = 2**63 - 1
"""The highest seed of a set of problems."""


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which problems: enough to get the very same ones again."""

    source: str = "word_problems"
    """Where they come from: `word_problems` is the built-in generator, `gsm8k` the data set."""
    split: str = "test"
    """`train`, `validation` or `test`; no problem is in two of them."""
    level: int = 2
    """1 (one or two steps) to 5 (four to six steps); the tutorial is at 2. GSM8K has none."""
    limit: int = 300
    """How many problems; 0 takes all that a split of GSM8K has."""
    seed: int = 0
    """Another seed, other problems of the same split."""
    path: str = ""
    """A folder with GSM8K's train.jsonl and test.jsonl; empty takes GSM8K from the hub."""

    def check(self) -> None:
        """Raise SpecError for a value that no problem set has."""
        for name, value, known in (
            ("source", self.source, SOURCES),
            ("split", self.split, SPLITS),
            ("level", self.level, LEVELS),
        ):
            if name == "level" and self.source == "gsm8k":
                continue
            if value not in known:
                what = f"There is no {name} {value!r} of problems."
                raise SpecError(name, value, what, f"Choose one of {', '.join(map(str, known))}.")
        if not 0 <= self.seed <= SEEDS:
            what = f"There is no seed {self.seed:,} of problems."
            raise SpecError("seed", self.seed, what, f"Choose one from 0 to {SEEDS:,}.")
        if self.source == "gsm8k":
            from engine.data import gsm8k

            gsm8k.check(self.split, self.limit, self.path)
            return
        most = MOST[self.split]
        if not 1 <= self.limit <= most:
            few = "few" if self.limit < 1 else "many"
            what = f"limit is {self.limit:,}: too {few} problems."
            way_out = f"Ask for 1 to {most:,}: that is what the generator has for {self.split}."
            raise SpecError("limit", self.limit, what, way_out)
        if self.path:
            what = f"The built-in generator reads no folder, and path is {self.path!r}."
            raise SpecError("path", self.path, what, "Leave it out, or take the source gsm8k.")

    def problems(self, each: Callable[[int], None] = lambda made: None) -> list[Problem]:
        """The problems, in their order; no question twice.

        Args:
            each: Called with how many there are, after each that is made; it may raise to leave.

        Raises:
            EngineError: They are not there, or a file of them cannot be read.
        """
        from engine.data import gsm8k, word_problems

        self.check()
        if self.source == "gsm8k":
            return gsm8k.problems(self.split, self.limit, self.seed, self.path)
        return list(word_problems.problems(self.split, self.level, self.seed, self.limit, each))

    def anchored(self) -> Self:
        """The same with its folder made absolute: a worker stands elsewhere."""
        if not self.path:
            return self
        return replace(self, path=os.path.abspath(os.path.expanduser(self.path)))

    @property
    def amount(self) -> str:
        """How many, for a title: `300`, or `all GSM8K`."""
        number = f"{self.limit:,}" if self.limit else "all"
        return f"{number} GSM8K" if self.source == "gsm8k" else number

    def fingerprint(self) -> str:
        """SHA-256 over ids, questions and golds: two sets are the same if and only if this is."""
        rows = [(p.id, p.question, p.gold) for p in self.problems()]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def as_dict(self) -> dict:
        """For a run's spec, as JSON."""
        return asdict(self)
