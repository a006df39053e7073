"""Months of reviews: nobody is flooded, and nothing is asked for ever."""

import os

import pytest

from engine.runs.home import Home
from tests.tutor.learner.months import PEOPLE, QUESTIONS, months
from tutor.learner.limits import DAILY, SESSION

SEEDS = int(os.environ.get("LEARNERS", "5"))
"""`LEARNERS=100 pytest -m slow` takes as many of each kind."""
ASKED = {"perfect": 6, "always the same slip": 18, "forgetful": 28}
"""Reviews of one question in 60 days, at most; of who forgets as FSRS expects, 22."""


def holds(person, tally):
    assert max(tally.sessions) <= SESSION
    assert max(tally.days) <= DAILY
    assert max(tally.runs) == 1, "lessons are mixed while there are two"
    assert max(tally.times.values()) <= ASKED.get(person.name, 22)
    if person.name == "perfect":
        assert min(tally.recall) > 0.75, "asked before it is forgotten"
    if person.name == "away for 40 days":
        days = -(-max(tally.due) // DAILY)
        assert all(asked == DAILY for asked in tally.back[: days - 1])
        assert max(tally.back[days:], default=0) < DAILY, "what had waited has been asked"


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_sixty_days_of_five_lessons(tmp_path, person):
    tally = months(Home(tmp_path), person, lessons=5)
    holds(person, tally)
    assert len(tally.times) == sum(QUESTIONS[:5]), "each is asked"


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_sixty_days_of_the_whole_course(tmp_path, person):
    for seed in range(SEEDS):
        tally = months(Home(tmp_path / f"{seed}"), person, seed=seed)
        holds(person, tally)
        assert len(tally.times) == sum(QUESTIONS)
