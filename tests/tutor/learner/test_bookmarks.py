"""Marked steps: turned on and off, and carried with the record."""

import json
from random import Random

import pytest

from engine.runs.home import Home
from tutor.learner import bookmarks
from tutor.learner.record import Learner

ONE, TWO = "numbers/absmax/question/scale", "numbers/absmax/reading/end"


@pytest.fixture
def elsewhere(tmp_path, clock):
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as learner:
        yield learner


def turn(learner, step):
    with learner.database.transaction() as connection:
        return bookmarks.turn(connection, step, learner.now())


def test_a_step_is_marked_and_its_mark_taken_away(learner, clock):
    assert turn(learner, ONE)
    clock.pass_days(1)
    assert turn(learner, TWO)
    assert bookmarks.marked(learner.database.rows) == (TWO, ONE), "the last one first"
    assert not turn(learner, TWO)
    assert bookmarks.marked(learner.database.rows) == (ONE,)
    assert turn(learner, TWO)
    assert bookmarks.marked(learner.database.rows) == (TWO, ONE)


def test_a_mark_that_was_taken_away_does_not_come_back_with_an_older_file(
    learner, elsewhere, clock
):
    turn(learner, ONE)
    old = json.loads(json.dumps(learner.export()))
    clock.pass_days(1)
    turn(learner, ONE)
    learner.import_(old)
    assert bookmarks.marked(learner.database.rows) == ()
    elsewhere.import_(old)
    assert bookmarks.marked(elsewhere.database.rows) == (ONE,)
    elsewhere.import_(json.loads(json.dumps(learner.export())))
    assert bookmarks.marked(elsewhere.database.rows) == ()
