"""A learner with a clock that only the test moves, and steps of a lesson that is nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pytest

from engine.runs.home import Home
from tutor.learner.record import Learner

DAY = 86_400.0


@dataclass(frozen=True)
class Step:
    """What the record needs of a step."""

    id: str
    kind: str
    points: float
    hash: str = "aaaa"

    def rewritten(self):
        return replace(self, hash="bbbb")


@dataclass(frozen=True)
class Lesson:
    id: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Verdict:
    outcome: str
    slip: str = ""
    says: str = ""
    read_as: str = ""


READING = Step("numbers/absmax/reading/before-scale", "reading", 0)
SCALE = Step("numbers/absmax/question/scale", "question", 3)
ERROR = Step("numbers/absmax/question/error", "question", 3)
EXERCISE = Step("numbers/absmax/exercise/exercise", "exercise", 10)
LESSON = Lesson("numbers/absmax", (READING, SCALE, ERROR, EXERCISE))

RIGHT, WRONG, UNREADABLE, IMPRECISE = map(Verdict, ("right", "wrong", "unreadable", "imprecise"))
INVERTED = Verdict("slip", "inverted", "That is one integer's width.", "0.085")


class Clock:
    """The time, in seconds since 1970."""

    def __init__(self):
        self.now = 1_790_000_000.0

    def __call__(self):
        self.now += 0.001  # two rows never have one time
        return self.now

    def pass_days(self, days):
        self.now += days * DAY


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def learner(home, clock):
    with Learner(home, clock, Random(7)) as learner:
        yield learner


@pytest.fixture
def answer(learner):
    """Answers the variant in hand of a question; gives what it came to."""

    def answer(verdict, step=SCALE, purpose="lesson", typed="x", seconds=5.0):
        sitting = learner.sitting(step, step.id.rsplit("/", 1)[1], purpose)
        return learner.answer(step, sitting, typed, verdict, seconds)

    return answer
