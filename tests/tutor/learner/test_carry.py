"""The record as a file."""

import json
from random import Random

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from tests.tutor.learner.conftest import (
    ERROR,
    EXERCISE,
    INVERTED,
    LESSON,
    READING,
    RIGHT,
    SCALE,
)
from tutor.learner.record import Learner


@pytest.fixture
def record(answer, learner, clock):
    """Some days of learning, as a file would hold them."""
    learner.read(READING, seconds=40)
    learner.hint(learner.sitting(SCALE, "scale"), 3)
    for verdict in (INVERTED, RIGHT, INVERTED, RIGHT):
        answer(verdict)
        clock.pass_days(1)
    learner.opened(EXERCISE)
    learner.checked(EXERCISE, "passed")
    learner.sitting(ERROR, "error")
    learner.go_to(ERROR.id)
    return json.loads(json.dumps(learner.export()))


@pytest.fixture
def elsewhere(tmp_path, clock):
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as learner:
        yield learner


def state(learner):
    return (
        learner.progress([LESSON]),
        learner.place(),
        [tuple(row) for row in learner.database.rows("SELECT * FROM cards ORDER BY step")],
        learner.steps(LESSON.id),
        learner.history(limit=1000),
    )


def test_everything_arrives(record, learner, elsewhere):
    imported = elsewhere.import_(record)
    assert (imported.attempts, imported.sittings) == (7, 3)
    assert state(elsewhere) == state(learner)
    assert elsewhere.sitting(ERROR, "error") == learner.sitting(ERROR, "error")


def test_imported_twice_it_is_there_once(record, learner):
    before = state(learner)
    imported = learner.import_(record)
    assert (imported.attempts, imported.sittings) == (0, 0)
    assert state(learner) == before


def test_two_records_that_went_on_are_merged(record, learner, elsewhere, clock):
    elsewhere.import_(record)
    elsewhere.answer(ERROR, elsewhere.sitting(ERROR, "error"), "1", RIGHT)
    learner.read(READING, seconds=9)
    learner.import_(elsewhere.export())
    elsewhere.import_(learner.export())
    assert learner.done(ERROR.id, ERROR.hash)
    assert state(learner) == state(elsewhere)
    assert learner.sitting(ERROR, "error").seed != elsewhere.history(ERROR.id)[0].seed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "holds no learner's record"),
        ({"format": "photos"}, "holds no learner's record"),
        ({"version": 5}, "version 5; this release reads up to 4"),
        ({"attempts": [{"uid": "a"}]}, "broken"),
        ({"sittings": [{"uid": "a", "step": "b"}]}, "broken"),
        ({"places": None}, "broken"),
        ({"wishes": None}, "wishes is missing"),
    ],
)
def test_what_is_no_record_changes_nothing(record, elsewhere, content, said):
    if isinstance(content, dict) and "format" not in content:
        content = {**record, **content}
    with pytest.raises(EngineError, match=said):
        elsewhere.import_(content)
    assert elsewhere.history() == []
    assert elsewhere.place() is None


def test_what_is_set_aside_and_what_was_taken_back_arrive(answer, learner, elsewhere, clock):
    answer(RIGHT)
    answer(RIGHT, step=ERROR)
    clock.pass_days(5)
    answer(INVERTED, purpose="review")
    learner.agenda.undo()
    learner.agenda.set_aside(ERROR.id)
    elsewhere.import_(json.loads(json.dumps(learner.export())))
    assert state(elsewhere) == state(learner)
    assert elsewhere.progress([LESSON]).reviews.set_aside == (ERROR.id,)
    assert elsewhere.slips() == []


def test_a_record_of_version_2_has_no_wishes(record, elsewhere):
    del record["wishes"]
    elsewhere.import_({**record, "version": 2})
    assert len(elsewhere.history()) == 7


def test_a_record_of_version_3_has_no_bookmarks(record, elsewhere):
    del record["bookmarks"]
    elsewhere.import_({**record, "version": 3})
    assert len(elsewhere.history()) == 7


def test_a_number_that_no_row_can_hold_is_a_broken_row(record, elsewhere):
    record["sittings"][0]["seed"] = 10**30
    with pytest.raises(EngineError, match="A row of this record is broken"):
        elsewhere.import_(record)
    assert elsewhere.history() == []
