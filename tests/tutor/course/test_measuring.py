"""Numbers that were named, held against real figures; and long labs that finish unseen."""

import pytest

from engine.figures import Table, as_dict
from engine.runs.home import Home
from lessons.kit.course.lesson import lesson
from lessons.kit.worker.lab import KIND, LabSpec
from tutor.course import measuring
from tutor.learner.record import Learner

WEIGHTS = lesson("numbers/model-weights")
STEP = WEIGHTS.step("predict/oak-in-four-bits")


@pytest.fixture
def learner(hand):
    with Learner(hand.home) as learner:
        yield learner


def figure(**values):
    return Table(columns=(), rows=(), caption="", values=values)


def finish(hand, made, **values):
    """A run of the lab, from its row to its figure; the test is its worker."""
    hand.client.submit(KIND, LabSpec(WEIGHTS.id, "load", values))
    run = hand.begin().run
    hand.client.store.end(run.id, "finished", result={"figure": as_dict(made), "seconds": 1.0})


def test_only_a_lab_that_stands_as_it_was_asked_about_measures(learner):
    lab = WEIGHTS.labs()["load"]
    learner.predicted(STEP, "2.5 MB")
    other = measuring.measure(
        learner, WEIGHTS, lab, lab.values({"model": "acorn"}), figure(nf4=9e5)
    )
    assert other == []
    assert learner.unmeasured() == {STEP.id}
    (told,) = measuring.measure(
        learner, WEIGHTS, lab, lab.values({"model": "oak"}), figure(nf4=2_516_032)
    )
    assert told.near
    (named,) = learner.named(STEP)
    assert (named.measurement.said, named.measurement.measured) == (2_500_000, 2_516_032)
    assert named.measurement.near


def test_every_number_that_waits_is_measured_and_the_last_one_is_told(learner):
    for typed in ("1 MB", "2.5 MB"):
        learner.predicted(STEP, typed)
    assert measuring.hold(learner, STEP, figure(nf4=2_516_032)).said == 2_500_000
    assert [named.measurement.near for named in learner.named(STEP)] == [True, False]


def test_nothing_was_named(learner):
    assert measuring.hold(learner, STEP, figure(nf4=1)) is None


def test_a_run_that_finished_unseen_is_found(learner, hand):
    finish(hand, figure(nf4=9e5), model="acorn")
    learner.predicted(STEP, "1 MB")
    measuring.catch_up(learner, [WEIGHTS], hand.home)
    assert learner.unmeasured() == {STEP.id}, "acorn is not what was asked about"
    finish(hand, figure(nf4=2_516_032), model="oak")
    measuring.catch_up(learner, [WEIGHTS], hand.home)
    (named,) = learner.named(STEP)
    assert (named.measurement.measured, named.measurement.near) == (2_516_032, False)


def test_a_run_that_measured_something_else_is_passed_over(learner, hand):
    finish(hand, figure(bytes=3), model="oak")
    learner.predicted(STEP, "1 MB")
    measuring.catch_up(learner, [WEIGHTS], hand.home)
    assert learner.unmeasured() == {STEP.id}


def test_where_nothing_waits_no_run_is_read(learner, tmp_path):
    measuring.catch_up(learner, [WEIGHTS], Home(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
