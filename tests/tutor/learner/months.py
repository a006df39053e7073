"""Learners who review for months: simulated days on the real record, with a clock that jumps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import mean, median

from engine.runs.home import Home
from tests.tutor.learner.conftest import INVERTED, RIGHT, WRONG, Step
from tutor.learner.attempts import lesson_of
from tutor.learner.record import Learner

QUESTIONS = (6, 7, 6, 6, 9, 6, 6, 6, 3, 7, 8, 8, 8, 9)
"""Of each lesson, as in the course."""
FIRST = datetime(2026, 9, 21, 19)
"""The first evening, a Monday."""


@dataclass(frozen=True)
class Person:
    """How somebody learns."""

    name: str
    forgets: float = 1.0
    """The power to which recall is taken: 0 for who forgets nothing."""
    slips_on: int = 0
    """Of how many questions the same slip is made each time."""
    comes: Callable[[int], bool] = lambda day: True
    """Whether they review on a day, counted from 0."""


PEOPLE = (
    Person("perfect", forgets=0),
    Person("usual"),
    Person("forgetful", forgets=4),
    Person("always the same slip", slips_on=6),
    Person("away for 40 days", comes=lambda day: not 15 <= day < 55),
    Person("only at weekends", comes=lambda day: day % 7 >= 5 or day < 14),
)


@dataclass
class Tally:
    """What the months came to."""

    name: str
    days: list[int] = field(default_factory=list)
    """Reviews of each day on which there were any."""
    sessions: list[int] = field(default_factory=list)
    """Questions of each review."""
    times: Counter[str] = field(default_factory=Counter)
    """Reviews of each question."""
    runs: list[int] = field(default_factory=list)
    """Of each review, the most of one lesson in a row while others were left in it."""
    recall: list[float] = field(default_factory=list)
    """By FSRS, as each question was asked."""
    due: list[int] = field(default_factory=list)
    """Questions that were due as each day's reviews began."""
    back: list[int] = field(default_factory=list)
    """The same for the days after the longest time away."""

    def row(self) -> tuple[str, ...]:
        """A line of the table."""
        return (
            self.name, f"{sum(self.days)}", f"{median(self.days):g}", f"{max(self.days)}",
            f"{max(self.sessions)}", f"{max(self.due)}", f"{max(self.times.values())}",
            f"{max(self.runs)}", f"{mean(self.recall):.2f}", f"{min(self.recall):.2f}",
        )  # fmt: skip


HEADS = (
    "learner", "reviews", "a day", "most", "a review", "due at most", "one question",
    "in a row", "recall", "least",
)  # fmt: skip


def months(
    home: Home, person: Person, *, days: int = 60, lessons: int = 14, seed: int = 0
) -> Tally:
    """A lesson each evening until all are learnt, and two reviews on each evening they come."""
    rng, tally = Random(seed), Tally(person.name)
    steps = [
        [Step(f"unit/lesson-{n}/question/q{q}", "question", 3) for q in range(count)]
        for n, count in enumerate(QUESTIONS[:lessons])
    ]
    by_id = {step.id: step for lesson in steps for step in lesson}
    stubborn = set(rng.sample(sorted(by_id), person.slips_on))
    clock = _Evening()
    away = 0
    with Learner(home, clock, rng) as learner:
        for day in range(days):
            clock.at(day, rng.randrange(120))
            if not person.comes(day):
                away += 1
                continue
            asked, due = 0, len(learner.due(by_id))
            for _ in range(2):
                portion = _portion(learner, by_id)
                tally.sessions.append(len(portion))
                tally.runs.append(_longest_run([each.step for each in portion]))
                for each in portion:
                    clock.now += 40
                    tally.recall.append(_recall(learner, each.step, clock.now))
                    tally.times[each.step] += 1
                    asked += _answer(learner, by_id[each.step], person, stubborn, rng, clock)
                clock.now += 1200
            if due or asked:
                tally.days.append(asked)
                tally.due.append(due)
            if away >= 40:
                tally.back.append(asked)
            if day < lessons:
                for step in steps[day]:
                    clock.now += 60
                    while _lesson(learner, step, step.id in stubborn, rng) != "right":
                        clock.now += 60
    return tally


class _Evening:
    """The time, in seconds since 1970."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now

    def at(self, day: int, minutes: int) -> None:
        evening = FIRST + timedelta(days=day, minutes=minutes)
        self.now = evening.timestamp()


def _portion(learner, known):
    return learner.agenda.portion(known).ask


def _recall(learner: Learner, step: str, now: float) -> float:
    from tutor.learner import reviews

    (row,) = learner.database.rows("SELECT * FROM cards WHERE step = ?", (step,))
    return reviews.recall(row, now)


def _answer(learner, step, person, stubborn, rng, clock) -> int:
    """Answer a question that is asked in a review: recalled, mended at the second try, or lost."""
    known = rng.random() < _recall(learner, step.id, clock.now) ** person.forgets
    verdicts = [RIGHT] if known else [WRONG, RIGHT] if rng.random() < 0.5 else [WRONG] * 3
    if step.id in stubborn:
        verdicts = [INVERTED, RIGHT]
    for verdict in verdicts:
        sitting = learner.sitting(step, "q", "review")
        learner.answer(step, sitting, "x", verdict, 20.0)
    return 1


def _lesson(learner, step, slips, rng) -> str:
    """One try at a question in its lesson; how its variant ended."""
    verdict = WRONG if rng.random() < 0.2 else RIGHT
    for said in [INVERTED, RIGHT] if slips else [verdict]:
        ended = learner.answer(step, learner.sitting(step, "q"), "x", said, 20.0).sitting
    return ended.ending


def _longest_run(order: list[str]) -> int:
    """The most of one lesson in a row while another lesson was still to come."""
    longest = run = 1
    lessons = [lesson_of(each) for each in order]
    for at, (one, other) in enumerate(pairwise(lessons)):
        run = run + 1 if one == other else 1
        if set(lessons[at + 1 :]) != {other}:
            longest = max(longest, run)
    return longest
