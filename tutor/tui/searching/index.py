"""What can be found, by its words: ranked, at once, while it is being typed.

    index = Index(items)
    index.find("outlier nf4").hits

A word finds all words that begin with it; a number only itself. What has all of the words comes
first, by where it has them: in its name, in what it is known by, in where it stands, in its text.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from tutor.tui.searching.words import asked, close_to, is_number, words

NAME, KNOWN_BY, PLACE, TEXT = 10.0, 6.0, 4.0, 1.0
"""What a word counts by where it stands; in a text, more the more often it is there."""
NUMBERED = 15.0
"""What a number counts that says which one of its place it is, as in `absmax 3`."""
BEGUN = 0.7
"""How much of that where a longer word only begins with it."""
WHOLE = 8.0
"""More, where the name is all that is asked for; less by the words that it has besides."""
FIRST = {"lesson": 3.0, "task": 2.0, "command": 2.0, "bookmark": 2.0, "setting": 1.0, "run": 1.0}
"""More by its kind, where all else is the same."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be found and opened."""

    kind: str
    """A step's, or `lesson`, `task`, `source`, `run`, `setting`, `command`, `slip`, `bookmark`."""
    title: str
    where: str
    """Outermost first: `Numbers › Absmax, step 2 of 27`."""
    opens: tuple[Hashable, ...]
    """What is opened, and which: `("step", lesson, step)`, `("run", 14)`."""
    also: str = ""
    """Other words that it is known by; not shown."""
    text: str = ""
    """What it says, in one line."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found."""

    item: Item
    score: float
    has: int
    """How many of the words it has."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text has found, the best first."""

    hits: tuple[Hit, ...]
    looked_for: tuple[str, ...]
    """The words, as they were looked up; mistyped ones as they were taken."""
    taken_for: tuple[tuple[str, str], ...] = ()
    """Mistyped words, each with the one that it was taken for."""

    @property
    def all_words(self) -> bool:
        """Whether the best has all of the words."""
        return bool(self.hits) and self.hits[0].has == len(self.looked_for)


class Index:
    """Items by their words."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Takes about a millisecond for a page of text."""
        self.items = tuple(items)
        by_word: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._names: list[frozenset[str]] = []
        for at, item in enumerate(self.items):
            name = list(words(item.title))
            self._names.append(frozenset(name))
            for word, count in Counter(words(item.text)).items():
                by_word[word][at] = TEXT + math.log2(count)
            for weight, several in (
                (PLACE, words(item.where)), (KNOWN_BY, words(f"{item.kind} {item.also}")),
                (NAME, name),
            ):  # fmt: skip
                for word in several:
                    counts = NUMBERED if weight == PLACE and is_number(word) else weight
                    by_word[word][at] = max(counts, by_word[word].get(at, 0.0))
        self._by_word = dict(by_word)
        self.words = sorted(self._by_word)

    def find(self, typed: str, most: int = 60) -> Found:
        """What has these words; where nothing has them all, what has the most of them."""
        return find([self], typed, most)

    def scores(self, word: str) -> dict[int, float]:
        """What a word counts for each item that has it, by place."""
        found: dict[int, float] = {}
        for place in self._beginning(word):
            share = 1.0 if place == word else BEGUN
            for at, weight in self._by_word[place].items():
                if share * weight > found.get(at, 0.0):
                    found[at] = share * weight
        return found

    def _beginning(self, word: str) -> Sequence[str]:
        """The index's words that begin with one."""
        if is_number(word):
            return [word] if word in self._by_word else []
        start = bisect_left(self.words, word)
        return self.words[start : bisect_left(self.words, word + "\U0010ffff", start)]

    def knows(self, word: str) -> bool:
        """Whether anything has it."""
        return bool(self._beginning(word))

    def whole(self, at: int, looked_for: Sequence[str]) -> float:
        """More, for a name that consists of these words."""
        name = self._names[at]
        said = sum(any(part.startswith(word) for word in looked_for) for part in name)
        return WHOLE * said / len(name) if name else 0.0


def find(indexes: Sequence[Index], typed: str, most: int = 60) -> Found:
    """What has these words in any of several indexes."""
    looked_for, taken_for = [], []
    for word in asked(typed):
        meant = word
        if not any(index.knows(word) for index in indexes):
            meant = next(filter(None, (close_to(word, index.words) for index in indexes)), word)
        if meant != word:
            taken_for.append((word, meant))
        looked_for.append(meant)
    hits = [hit for index in indexes for hit in _hits(index, looked_for)]
    fullest = max((hit.has for hit in hits), default=0)
    hits = [hit for hit in hits if hit.has == fullest]
    hits.sort(key=lambda hit: -hit.score)  # what is alike stays in the order of the course
    return Found(tuple(hits[:most]), tuple(looked_for), tuple(taken_for))


def _hits(index: Index, looked_for: Sequence[str]) -> Iterable[Hit]:
    total: defaultdict[int, float] = defaultdict(float)
    has: Counter[int] = Counter()
    for word in looked_for:
        for at, score in index.scores(word).items():
            total[at] += score
            has[at] += 1
    fullest = max(has.values(), default=0)
    for at, score in total.items():
        if has[at] == fullest:
            item = index.items[at]
            more = index.whole(at, looked_for) + FIRST.get(item.kind, 0.0)
            yield Hit(item, score + more, has[at])
