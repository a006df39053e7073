"""What was done under any digest of a step that stands for its work of today is done today."""

import json
from dataclasses import replace
from random import Random

import pytest

from engine.runs.home import Home
from lessons.kit.course import same
from lessons.kit.course.lesson import every_lesson
from tests.tutor.learner.test_measurements import FAR, Compared
from tutor.learner import attempts
from tutor.learner.record import Learner

LESSONS = every_lesson()
STEPS = [step for lesson in LESSONS for step in lesson.steps]
PASSES = {
    "reading": "read",
    "predict": "predicted",
    "lab": "computed",
    "question": "right",
    "exercise": "passed",
    "task": "computed",
}


def as_of(step, release):
    """A step under the digest that this release of a tutor had for it, counted from the first."""
    digests = same.known().get(step.id, ())
    if step.digest not in digests:  # a text that was rewritten since: no other release had it
        return step
    return replace(step, hash=digests[min(release, len(digests) - 1)])


def do_all(learner, release):
    """The whole course, in one transaction."""
    with learner.database.transaction() as connection:
        for at, step in enumerate(STEPS):
            told = {"at": 1_790_000_000.0 + at, "points": step.points}
            done = attempts.made(as_of(step, release), PASSES[step.kind], **told)
            attempts.write(connection, done)


def standing(learner):
    """Of the whole course: steps done, points, what has changed, where each lesson is open."""
    seen = learner.progress(LESSONS)
    changed = [step for each in seen.lessons for step in each.changed]
    return sum(each.done for each in seen.lessons), seen.points, changed


ALL = (len(STEPS), sum(step.points for step in STEPS), [])
RELEASES = range(max(map(len, same.known().values())))


@pytest.mark.parametrize("release", RELEASES)
def test_all_steps_that_were_done_under_older_digests_are_done(learner, home, clock, release):
    do_all(learner, release)
    with Learner(home, clock) as opened:
        assert standing(opened) == ALL
        assert all(opened.done(step.id, step.hash) for step in STEPS[::20])


@pytest.mark.parametrize("release", RELEASES)
def test_a_file_of_an_older_tutor_brings_steps_that_are_done(learner, tmp_path, clock, release):
    do_all(learner, release)
    content = json.loads(json.dumps(learner.export()))
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as elsewhere:
        elsewhere.import_(content)
        assert standing(elsewhere) == ALL
        assert elsewhere.import_(content).attempts == 0


def test_records_of_two_releases_come_to_one_whichever_is_first(learner, tmp_path, clock):
    do_all(learner, 1)
    with Learner(Home(tmp_path / "other"), clock) as other:
        do_all(other, 0)
        ours, theirs = (json.loads(json.dumps(each.export())) for each in (learner, other))
        learner.import_(theirs)
        other.import_(ours)
        assert standing(learner) == standing(other) == ALL
        rows = [each.export()["attempts"] for each in (learner, other)]
        assert rows[0] == rows[1]
        assert {row["hash"] for row in rows[0]} == {
            as_of(step, release).hash for step in STEPS for release in (0, 1)
        }, "a row keeps the digest that it was written with"


def test_a_tutor_writes_the_digest_that_older_ones_on_the_same_home_know(learner):
    for step in STEPS[::20]:
        assert learner.attempt(step, outcome="skipped").hash == as_of(step, 0).hash


def test_a_step_that_is_other_work_now_has_changed(learner):
    step = next(step for step in STEPS if step.kind == "question")
    learner.attempt(replace(step, hash="0" * 16), outcome="right")
    place = learner.step(step.id)
    assert (place.done(step.hash), place.changed(step.hash)) == (False, True)


def test_numbers_named_under_two_digests_of_a_prediction_were_named_for_one(learner, monkeypatch):
    step = next(step for step in STEPS if step.kind == "predict")
    monkeypatch.setattr(same, "known", lambda: {step.id: ("first", "then")})
    now, between = (replace(step, hash=hash) for hash in ("first", "then"))
    learner.measured(learner.predicted(between, "20"), FAR)
    learner.measured(learner.predicted(now, "12"), Compared())
    assert [each.attempt.typed for each in learner.named(now)] == ["12", "20"]
    tally = learner.progress(LESSONS).predictions
    assert (tally.named, tally.measured, tally.near) == (1, 1, 0)
