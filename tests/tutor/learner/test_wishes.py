"""Put off, set aside, brought back, and taken back."""

import pytest

from tests.tutor.learner.conftest import ERROR, INVERTED, LESSON, RIGHT, SCALE, WRONG


def due(learner):
    return [each.step for each in learner.due()]


@pytest.fixture
def both_due(answer, clock):
    answer(RIGHT)
    answer(RIGHT, step=ERROR)
    clock.pass_days(5)


def cards(learner):
    return [tuple(row) for row in learner.database.rows("SELECT * FROM cards ORDER BY step")]


def test_put_off_it_is_asked_again_tomorrow(learner, clock, both_due):
    assert learner.agenda.put_off(SCALE.id)
    assert due(learner) == [ERROR.id]
    assert not learner.agenda.put_off(SCALE.id), "it is put off already"
    clock.pass_days(1)
    assert set(due(learner)) == {SCALE.id, ERROR.id}


def test_set_aside_it_is_asked_no_more_until_it_is_brought_back(learner, clock, both_due):
    assert learner.agenda.set_aside(SCALE.id)
    clock.pass_days(200)
    seen = learner.progress([LESSON])
    assert (due(learner), seen.due, seen.reviews.set_aside) == ([ERROR.id], 1, (SCALE.id,))
    assert not learner.agenda.put_off(SCALE.id)
    assert learner.agenda.bring_back(SCALE.id)
    assert not learner.agenda.bring_back(SCALE.id)
    assert set(due(learner)) == {SCALE.id, ERROR.id}
    assert learner.progress([LESSON]).reviews.set_aside == ()


def test_set_aside_alone_is_nothing_that_comes_back(answer, learner):
    answer(RIGHT)
    learner.agenda.set_aside(SCALE.id)
    assert learner.progress([LESSON]).next_due is None


@pytest.mark.parametrize("verdicts", [(RIGHT,), (INVERTED,), (WRONG, WRONG, WRONG)])
def test_what_was_answered_last_is_as_if_it_had_not_been(answer, learner, both_due, verdicts):
    before = cards(learner), learner.progress([LESSON]).points, learner.slips(), due(learner)
    for verdict in verdicts:
        answered = answer(verdict, purpose="review")
    if answered.sitting.closed:
        assert cards(learner) != before[0]
    undone = learner.agenda.undo()
    assert (undone.kind, undone.step, undone.sitting) == (
        "undone", SCALE.id, answered.sitting.uid,
    )  # fmt: skip
    after = cards(learner), learner.progress([LESSON]).points, learner.slips(), due(learner)
    assert after == before
    fresh = learner.sitting(SCALE, "scale", "review")
    assert (fresh.uid != undone.sitting, fresh.misses) == (True, 0)
    assert learner.agenda.undo() is None, "there was one answer"
    assert [each.outcome for each in learner.history(SCALE.id)] == ["right"]


def test_help_stays_paid_for(answer, learner, both_due):
    learner.hint(learner.sitting(SCALE, "scale", "review"), 3)
    answer(RIGHT, purpose="review")
    learner.agenda.undo()
    assert learner.sitting(SCALE, "scale", "review").hints_before == 1


def test_one_thing_after_another_is_taken_back(answer, learner, clock, both_due):
    answer(INVERTED, purpose="review")
    clock.now += 5
    learner.agenda.set_aside(SCALE.id)
    clock.now += 5
    learner.agenda.put_off(ERROR.id)
    took = [learner.agenda.undo() for _ in range(4)]
    assert [(wish.kind, wish.step) for wish in took[:3]] == [
        ("brought back", ERROR.id), ("brought back", SCALE.id), ("undone", SCALE.id),
    ]  # fmt: skip
    assert took[3] is None


def test_what_was_done_before_or_with_others_stays(answer, learner, clock, both_due):
    answer(RIGHT, purpose="review")
    assert learner.agenda.undo(since=clock.now + 1) is None
    assert learner.agenda.undo(steps={ERROR.id}) is None
    clock.pass_days(1)
    assert learner.agenda.undo() is None, "it was yesterday"


def test_answers_in_a_lesson_are_not_taken_back(answer, learner, clock):
    answer(RIGHT)
    assert learner.agenda.undo() is None


def test_a_slip_taken_back_is_no_slip_made_before(answer, learner, both_due):
    answer(INVERTED, purpose="review")
    learner.agenda.undo()
    answer(INVERTED, purpose="review")
    ended = answer(RIGHT, purpose="review").sitting
    assert ended.rating == 2, "the first time, it weighs as the first"
    assert learner.slips()[0].variants == 1
