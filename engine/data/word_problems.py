"""An endless, seeded supply of grade-school word problems in GSM8K's format.

A problem is a story of one quantity: an opening and further steps drawn from the tables in
`step_kinds`. The same (split, level, seed, index) is the same problem on every machine.

Train, validation and test are disjoint by construction: which split a story belongs to is decided
by a hash of its skeleton, the kinds of its steps with their numbers. Two stories that differ only
in names and things have the same skeleton, so no test question was ever trained on, not even with
other people in it.

    python -m engine.data.word_problems --level 3 --split test --limit 2
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from engine.data.annotations import check_annotations, evaluate
from engine.data.problem import Problem
from engine.data.step_kinds import DISTRACTORS, OPENINGS, STEPS, StepKind
from engine.data.words import CONTAINERS, ITEMS, PEOPLE, Noun, Person

ENDINGS = ("boxes", "days", "each", "part")


@dataclass(frozen=True, slots=True)
class Level:
    """How hard a level is."""

    steps: tuple[int, int]
    """Least and greatest number of worked calculations."""
    cap: int
    """No number in the working is greater."""
    distractors: float
    """Share of stories with a sentence that the answer does not need."""


LEVELS = {
    1: Level((1, 2), 60, 0.0),
    2: Level((2, 2), 100, 0.1),
    3: Level((2, 3), 150, 0.3),
    4: Level((3, 5), 300, 0.4),
    5: Level((4, 6), 900, 0.5),
}

KEPT = 8
"""Sets of problems that are remembered, those made last: a run asks for its own more than once."""
SHARES = {"test": range(0, 10), "validation": range(10, 15), "train": range(15, 100)}
"""Which hundredths of all skeletons belong to a split."""


_made: dict[tuple[str, int, int, int], tuple[Problem, ...]] = {}


def problems(
    split: str, level: int, seed: int, limit: int, each: Callable[[int], None] = lambda made: None
) -> tuple[Problem, ...]:
    """The first `limit` problems of a split, no question twice.

    Args:
        split: `train`, `validation` or `test`.
        level: 1 to 5.
        seed: Another seed, other problems.
        limit: Within the bounds that `DataSpec.check` sets: a stream without end has no more
            questions than its words and numbers make.
        each: Called after each with how many there are; it may raise to leave.
    """
    asked = (split, level, seed, limit)
    if asked not in _made:
        found: dict[str, Problem] = {}
        for problem in stream(split, level, seed):
            found.setdefault(problem.question, problem)
            if len(found) >= limit:
                break
            each(len(found))
        while len(_made) >= KEPT:
            del _made[next(iter(_made))]
        _made[asked] = tuple(found.values())
    return _made[asked]


def stream(split: str, level: int, seed: int = 0) -> Iterator[Problem]:
    """Problems without end; the n-th does not depend on those before it."""
    index = 0
    while True:
        yield problem(split, level, seed, index)
        index += 1


def problem(split: str, level: int, seed: int, index: int) -> Problem:
    """The problem at one place of a stream, with its annotations checked."""
    name = f"{split}-{level}-{seed}-{index}"
    rng = Random(name)
    while True:
        story = _Story(rng, LEVELS[level])
        if story.tell() and _hundredth(story.skeleton) in SHARES[split]:
            break
    answer = "\n".join([*story.working, f"#### {story.value}"])
    check_annotations(answer)
    return Problem(f"wp-{name}", " ".join(story.sentences), answer, str(story.value))


def _hundredth(skeleton: list[str]) -> int:
    digest = hashlib.sha256("|".join(skeleton).encode()).digest()
    return int.from_bytes(digest[:8]) % 100


class _Amount:
    """A number as the story shows it; its attributes add a noun in the right form."""

    def __init__(self, value: int, shown: str, item: Noun, box: Noun) -> None:
        self._value, self._shown = value, shown
        self._nouns = {"items": item, "boxes": box, "days": Noun("day", "days")}
        self._nouns |= {
            "dollars": Noun("dollar", "dollars"),
            "minutes": Noun("minute", "minutes"),
        }

    def __str__(self) -> str:
        return self._shown

    def __getattr__(self, noun: str) -> str:
        if noun == "money":
            return f"${self._shown}"
        forms = self._nouns[noun]
        return f"{self._shown} {forms.one if self._value == 1 else forms.many}"


class _Story:
    """A story as it is being told: the quantity so far, whose it is, and who was mentioned."""

    def __init__(self, rng: Random, level: Level) -> None:
        self.rng, self.level = rng, level
        self.sentences: list[str] = []
        self.working: list[str] = []
        self.skeleton: list[str] = []
        self.value = 0
        self.people: list[Person] = rng.sample(PEOPLE, len(PEOPLE))
        self.subject = self.people.pop()
        self.mentioned: list[Person] = []
        self.item, self.box = rng.choice(ITEMS), rng.choice(CONTAINERS)
        self.told: set[str] = set()
        self.ask = ""

    def tell(self) -> bool:
        """Tell a whole story; False if the numbers led into a dead end."""
        wanted = self.rng.randint(*self.level.steps)
        distractor = self.rng.random() < self.level.distractors
        first = distractor and self.rng.random() < 0.5
        if first:
            self._distract()
        kind = self._step(OPENINGS)
        while kind and len(self.working) < wanted:
            rest = wanted - len(self.working)
            fitting = [
                k
                for k in STEPS
                if k.needs == kind.gives
                and k.id not in self.told
                and len(k.works) <= rest
                and (len(k.works) == rest or k.gives not in ENDINGS)
            ]
            kind = self._step(fitting)
        if not kind:
            return False
        if distractor and not first:
            self._distract()
        self.sentences.append(self.ask)
        return True

    def _distract(self) -> None:
        """Say something with a number that does not matter.

        First or last, never between two steps: "them" must not come to mean windows.
        """
        stranger, d = self.people.pop(), self.rng.randint(2, 60)
        self.sentences.append(self.rng.choice(DISTRACTORS).format(F=stranger.name, d=d))
        self.mentioned.append(stranger)

    def _step(self, kinds: Sequence[StepKind]) -> StepKind | None:
        """Add one step of some kind that the numbers allow; None if none was found."""
        for _ in range(20):
            kind = self.rng.choice(kinds)
            drawn = {name: self._draw(limits) for name, limits in kind.draws.items()}
            results = self._results(kind, drawn)
            if results:
                self._add(kind, drawn, results)
                return kind
        return None

    def _draw(self, limits: tuple[int, ...]) -> int:
        return self.rng.randint(*limits) if len(limits) == 2 else self.rng.choice(limits)

    def _results(self, kind: StepKind, drawn: dict[str, int]) -> list[tuple[str, int]]:
        """Each line's expression in numbers and its value; empty if one is not fit to be shown."""
        known = {**drawn, "v": self.value}
        results = []
        for expression, _ in kind.works:
            shown = "".join(str(known.get(c, c)) for c in expression)
            value = evaluate(shown)
            if value.denominator != 1 or not 1 <= value <= self.level.cap:
                return []
            known["r"] = int(value)
            results.append((shown, int(value)))
        return results

    def _add(self, kind: StepKind, drawn: dict[str, int], results: list[tuple[str, int]]) -> None:
        friend = self.people.pop()
        amounts = {n: _Amount(x, str(x), self.item, self.box) for n, x in drawn.items()}
        says = self.rng.choice(kind.says)
        words = {
            "name": self.subject.name,
            "F": friend.name,
            "item": self.item.one,
            "items": self.item.many,
            "boxes": self.box.many,
            **amounts,
        }
        self.sentences.append(says.format(S=self._subject_word(), **words))
        self.mentioned.append(self.subject)
        if "{F}" in says:
            self.mentioned.append(friend)
        for (_, line), (shown, value) in zip(kind.works, results, strict=True):
            work = _Amount(value, f"{shown}=<<{shown}={value}>>{value}", self.item, self.box)
            self.working.append(line.format(work=work, **words))
        self.ask = kind.ask.format(**words)
        self.skeleton.append(f"{kind.id} {' '.join(shown for shown, _ in results)}")
        self.told.add(kind.id)
        self.value = results[-1][1]
        if kind.passes:
            self.subject = friend

    def _subject_word(self) -> str:
        """A pronoun where it can mean only the subject, else the name."""
        rivals = {p.name for p in self.mentioned if p.he == self.subject.he}
        clear = rivals == {self.subject.name}
        if clear and self.rng.random() < 0.5:
            return self.subject.he.capitalize()
        return self.subject.name


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description="Print some word problems.")
    parser.add_argument("--split", default="test", choices=SHARES)
    parser.add_argument("--level", type=int, default=3, choices=LEVELS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=5)
    given = parser.parse_args()
    for p in problems(**vars(given)):
        print(f"{p.id}\n{p.question}\n{p.answer}\n")
