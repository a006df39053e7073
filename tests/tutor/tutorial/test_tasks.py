"""The five tasks: points from the record and from runs, and whose code goes into the chain."""

import os
import time
from dataclasses import replace

import pytest

from engine.chain.earned import Earned
from lessons.kit.course import exercise as files
from lessons.kit.course import same
from lessons.kit.course.course import load
from lessons.kit.course.lesson import lesson, read_lesson
from tests.tutor.lessons import FOLDER
from tutor.learner.record import Learner
from tutor.tutorial import tasks

UNIT = load().unit("tutorial")
FOLDERS = {stage.exercise: stage for stage in UNIT.stages if stage.exercise}


@pytest.fixture
def unit(monkeypatch):
    """The tutorial with the small lesson in place of those that have exercises."""
    monkeypatch.setattr(tasks, "lesson", lambda id: read_lesson(FOLDER, id))
    return replace(UNIT, lessons=tuple(FOLDERS))


@pytest.fixture
def learner(hand):
    with Learner(hand.home) as learner:
        yield learner


def quantize(hand, learner, unit, best=()):
    now = tasks.standing(unit, hand.home, learner, dict(best))
    return now.tasks[0], now.own["baseline"]


def exercise_of(unit):
    within = tasks.lesson("tutorial/quantize")
    return next(s for s in within.steps if s.kind == "exercise"), within.exercise()


def passes(hand, learner, unit, text="def half(x):\n    return x / 2\n", outcome="passed"):
    """The learner writes the file, and the checks say so."""
    step, made = exercise_of(unit)
    file = files.create(hand.home, made)
    file.write_text(text)
    learner.checked(replace(step, points=10), outcome)
    return file


def test_a_task_that_nobody_has_begun_is_computed_by_the_reference(hand, learner, unit):
    task, own = quantize(hand, learner, unit)
    assert (task.points, task.of, task.code) == (0, 10, "reference")
    assert own.reference
    assert own.source == exercise_of(unit)[1].solution.read_text()


def test_code_that_passed_goes_into_the_chain_and_has_its_points(hand, learner, unit):
    file = passes(hand, learner, unit)
    task, own = quantize(hand, learner, unit)
    assert (task.points, task.code) == (10, "your code")
    assert (own.source, own.reference) == (file.read_text(), False)


@pytest.mark.parametrize("outcome", ["failed", "not judged"])
def test_code_that_fails_goes_out_again_and_the_points_stay(hand, learner, unit, outcome):
    passes(hand, learner, unit)
    passes(hand, learner, unit, "def half(x): ...\n", outcome)
    task, own = quantize(hand, learner, unit)
    assert (task.points, task.code, own.reference) == (10, "changed", True)


def test_code_that_was_edited_since_it_passed_is_to_be_checked_again(hand, learner, unit):
    file = passes(hand, learner, unit)
    later = time.time() + 10
    os.utime(file, (later, later))
    assert quantize(hand, learner, unit)[0].code == "changed"
    file.unlink()
    assert quantize(hand, learner, unit)[0].code == "changed"


def test_code_that_was_saved_by_a_clock_that_was_ahead_can_still_pass(hand, learner, unit):
    file = passes(hand, learner, unit)
    ahead = time.time() + 400 * 86_400
    os.utime(file, (ahead, ahead))
    assert quantize(hand, learner, unit)[0].code == "your code"


def test_an_exercise_whose_checks_have_changed_is_to_be_done_again(
    hand, learner, unit, monkeypatch
):
    passes(hand, learner, unit)
    within = read_lesson(FOLDER, "tutorial/quantize")
    steps = tuple(replace(s, hash="0") if s.kind == "exercise" else s for s in within.steps)
    monkeypatch.setattr(tasks, "lesson", lambda id: replace(within, steps=steps))
    assert quantize(hand, learner, unit)[0].code == "reference"


@pytest.mark.parametrize("release", range(4))
def test_code_that_passed_under_an_older_digest_goes_into_the_chain(hand, learner, release):
    """The exercises of the course, each passed as an earlier release had it."""
    mine = {}
    for stage in (each for each in UNIT.stages if each.exercise):
        within = lesson(f"{UNIT.id}/{stage.exercise}")
        step = next(each for each in within.steps if each.kind == "exercise")
        digests = same.known()[step.id]
        mine[stage.own] = f"# mine, for {stage.id}\n"
        files.create(hand.home, within.exercise()).write_text(mine[stage.own])
        learner.checked(replace(step, hash=digests[min(release, len(digests) - 1)]), "passed")
    now = tasks.standing(UNIT, hand.home, learner, {})
    assert {name: own.source for name, own in now.own.items()} == mine
    assert not any(own.reference for own in now.own.values())
    assert {task.code for task in now.tasks} == {"", "your code"}


def test_points_of_runs_come_with_the_run(hand, learner, unit):
    best = {("student_em",): Earned(4, 20, {"student_em": 0.5})}
    now = tasks.standing(unit, hand.home, learner, best)
    task = next(each for each in now.tasks if each.stage == "fine-tune")
    assert (task.points, task.run, task.values) == (20, 4, {"student_em": 0.5})
    assert now.points == 20


def test_a_course_without_the_exercise_says_so(hand, learner):
    now = tasks.standing(replace(UNIT, lessons=()), hand.home, learner, {})
    assert now.own == {}
    assert {task.lesson for task in now.tasks} == {""}


def test_what_the_reference_would_earn(hand):
    ids = hand.chain(settings="reference")
    runs = [hand.client.run(number) for number in ids.values()]
    told = tasks.of_reference(UNIT, runs)
    assert [task.points for task in told] == [10, 20, 20, 20, 22.5]
    half = [run for run in runs if run.id <= ids["student"]]
    assert [task.points for task in tasks.of_reference(UNIT, half)] == [10, 20, 20, 0, 0]


def test_the_references_code_for_every_exercise(unit):
    own = tasks.solutions(unit)
    assert set(own) == {"baseline", "teach", "cascade"}
    assert all(each.reference for each in own.values())
