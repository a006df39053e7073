"""What was named before a lab ran, and what was measured of it."""

import json
from dataclasses import dataclass
from random import Random

import pytest

from engine.errors import EngineError
from engine.runs.database import Database
from engine.runs.home import Home
from tests.tutor.learner.conftest import Lesson, Step
from tutor.learner import attempts, schema
from tutor.learner.measurements import Tally
from tutor.learner.record import Learner

GUESS = Step("numbers/absmax/predict/scale", "predict", 0)
OTHER = Step("numbers/absmax/predict/error", "predict", 0)
LESSON = Lesson("numbers/absmax", (GUESS, OTHER))


@dataclass(frozen=True)
class Compared:
    said: float = 12
    measured: float = 11.76
    off: float | None = 0.0204
    near: bool = True
    words: str = "You said 12, measured 11.76: 2% off, within 15%."


FAR = Compared(20, 11.76, 0.7007, False, "You said 20, measured 11.76: 70% off.")


def tally(learner):
    return learner.progress([LESSON]).predictions


def test_a_number_waits_until_it_is_measured(learner):
    attempt = learner.predicted(GUESS, "12", "12", seconds=8)
    (named,) = learner.named(GUESS)
    assert (named.attempt, named.measurement) == (attempt, None)
    assert learner.unmeasured() == {GUESS.id}
    assert learner.done(GUESS.id, GUESS.hash)
    assert tally(learner) == Tally(named=1, measured=0, near=0)


def test_measured_it_holds_the_value_the_error_and_whether_it_was_near(learner, clock):
    attempt = learner.predicted(GUESS, "12")
    clock.pass_days(1)
    learner.measured(attempt, Compared())
    (named,) = learner.named(GUESS)
    held = named.measurement
    assert (held.said, held.measured, held.off, held.near) == (12, 11.76, 0.0204, True)
    assert held.says == "You said 12, measured 11.76: 2% off, within 15%."
    assert held.at > attempt.at + 86_000
    assert learner.unmeasured() == set()
    assert tally(learner) == Tally(named=1, measured=1, near=1)


def test_measured_again_the_first_stays(learner):
    attempt = learner.predicted(GUESS, "12")
    learner.measured(attempt, Compared())
    learner.measured(attempt, FAR)
    assert learner.named(GUESS)[0].measurement.near


def test_of_a_prediction_the_number_that_was_named_first_counts(learner):
    """Who names another one has seen what was measured."""
    learner.measured(learner.predicted(GUESS, "20"), FAR)
    learner.measured(learner.predicted(GUESS, "11.76"), Compared(11.76, 11.76, 0.0))
    learner.measured(learner.predicted(OTHER, "12"), Compared())
    assert [named.attempt.typed for named in learner.named(GUESS)] == ["11.76", "20"]
    assert tally(learner) == Tally(named=2, measured=2, near=1)


def test_another_text_is_another_prediction(learner):
    learner.measured(learner.predicted(GUESS, "20"), FAR)
    learner.predicted(GUESS.rewritten(), "12")
    assert [named.attempt.typed for named in learner.named(GUESS.rewritten())] == ["12"]
    assert tally(learner) == Tally(named=2, measured=1, near=0)


def test_predictions_of_steps_that_are_no_more_are_not_counted(learner):
    learner.predicted(Step("numbers/gone/predict/old", "predict", 0), "1")
    assert tally(learner) == Tally()


def test_what_was_zero_has_no_share_of_error(learner):
    learner.measured(learner.predicted(GUESS, "1"), Compared(1, 0, None, False, "not nothing"))
    assert learner.named(GUESS)[0].measurement.off is None


@pytest.fixture
def elsewhere(tmp_path, clock):
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as learner:
        yield learner


def exported(learner):
    return json.loads(json.dumps(learner.export()))


def test_measurements_are_carried(learner, elsewhere):
    learner.measured(learner.predicted(GUESS, "20"), FAR)
    learner.predicted(OTHER, "3")
    for _ in range(2):
        elsewhere.import_(exported(learner))
    assert elsewhere.named(GUESS) == learner.named(GUESS)
    assert elsewhere.unmeasured() == {OTHER.id}
    assert tally(elsewhere) == tally(learner) == Tally(named=2, measured=1, near=0)


def test_one_that_was_measured_elsewhere_is_measured_here(learner, elsewhere):
    attempt = learner.predicted(GUESS, "12")
    elsewhere.import_(exported(learner))
    elsewhere.measured(attempt, Compared())
    learner.import_(exported(elsewhere))
    assert learner.named(GUESS)[0].measurement == elsewhere.named(GUESS)[0].measurement


def test_a_record_of_the_release_before_has_none(learner, elsewhere):
    learner.predicted(GUESS, "12")
    before = {**exported(learner), "version": 1}
    del before["measurements"]
    elsewhere.import_(before)
    assert elsewhere.unmeasured() == {GUESS.id}


def test_a_measurement_of_nothing_is_a_broken_row(learner, elsewhere):
    learner.measured(learner.predicted(GUESS, "20"), FAR)
    record = {**exported(learner), "attempts": []}
    with pytest.raises(EngineError, match="A row of this record is broken"):
        elsewhere.import_(record)
    assert elsewhere.export()["measurements"] == []


def test_a_file_of_the_release_before_is_brought_up_to_date(home, clock):
    """Its predictions are there, and wait to be measured."""
    database = Database(home)
    with database.transaction() as connection:
        old = schema.Database(connection, recursive_triggers=False, execute_plugins=False)
        schema.migrations.apply(old, stop_before="2 what was measured of what was predicted")
        guessed = attempts.made(GUESS, "predicted", at=clock(), typed="12")
        attempts.write(connection, guessed)
    with Learner(home, clock) as now:
        assert now.unmeasured() == {GUESS.id}
        now.measured(now.named(GUESS)[0].attempt, Compared())
        assert tally(now) == Tally(1, 1, 1)
    database.close()
