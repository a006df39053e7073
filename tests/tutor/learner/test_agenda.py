"""What a review asks, how much of it today, and the coming days."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tutor.learner.conftest import DAY, INVERTED, RIGHT, WRONG, Lesson, Step
from tutor.learner.agenda import ASKED_A_DAY, Due, mixed
from tutor.learner.attempts import lesson_of
from tutor.learner.rating import HARD

STEPS = [
    Step(f"numbers/{lesson}/question/{n}", "question", 3)
    for lesson in ("absmax", "outliers", "ranges")
    for n in range(8)
]
LESSONS = [
    Lesson(id, tuple(step for step in STEPS if lesson_of(step.id) == id))
    for id in ("numbers/absmax", "numbers/outliers", "numbers/ranges")
]


@pytest.fixture
def noon(clock):
    """It is noon where the tests run."""
    clock.now = datetime(2026, 9, 21, 12).timestamp()
    return clock


@pytest.fixture
def learnt(answer, noon):
    """All questions, answered once in their lessons, at noon."""
    for step in STEPS:
        answer(RIGHT, step=step)


def longest_run(due):
    """The most of one lesson in a row."""
    longest = run = 1
    for one, other in pairwise(due):
        run = run + 1 if lesson_of(one.step) == lesson_of(other.step) else 1
        longest = max(longest, run)
    return longest


def test_a_question_is_due_from_the_morning_of_its_day_on(answer, learner, noon):
    ended = answer(RIGHT).sitting
    noon.now = ended.due - DAY
    assert learner.due() == []
    noon.now = ended.due - 11.9 * 3600
    assert [each.step for each in learner.due()] == [ended.step]


def test_the_most_forgotten_come_first_whatever_is_overdue_longest(answer, learner, noon):
    well, newly = STEPS[0], STEPS[8]
    for _ in range(2):
        noon.now = answer(RIGHT, step=well).sitting.due
    due = answer(RIGHT, step=well).sitting.due
    noon.now = due - DAY
    answer(RIGHT, step=newly)
    noon.now = due + 6 * DAY
    first, second = learner.due()
    assert (first.step, second.step) == (newly.id, well.id)
    assert first.due > second.due
    assert first.recall < second.recall < 0.9


def test_a_slip_lately_makes_it_more_urgent(answer, learner, noon):
    answer(RIGHT, step=STEPS[0])
    answer(RIGHT, step=STEPS[8])
    noon.pass_days(4)
    for step, verdict in ((STEPS[0], WRONG), (STEPS[8], INVERTED)):
        answer(verdict, step=step, purpose="review")
        assert answer(RIGHT, step=step, purpose="review").sitting.rating == HARD
    noon.pass_days(30)
    assert [(each.step, each.slips) for each in learner.due()] == [
        (STEPS[8].id, 1), (STEPS[0].id, 0),
    ]  # fmt: skip


def test_lessons_are_mixed(learner, learnt, noon):
    noon.pass_days(40)
    due = learner.due()
    assert len(due) == len(STEPS)
    assert longest_run(due) == 1


@given(st.lists(st.integers(0, 4), max_size=40))
def test_mixed_are_the_same_and_no_longer_run_is_needed(of):
    given_ = [Due(f"numbers/l{n}/question/q{at}", 0.0, 1, 0, 0.9, False)
              for at, n in enumerate(of)]  # fmt: skip
    order = mixed(given_)
    assert Counter(order) == Counter(given_)
    many = max(Counter(of).values(), default=0)
    apart = len(of) - many + 1
    assert longest_run(order) <= max(1, -(-many // apart) + 1) if of else order == []
    if many <= apart:
        assert longest_run(order) == 1
    one_lesson = [each for each in order if "/l0/" in each.step]
    assert one_lesson == [each for each in given_ if "/l0/" in each.step]


def test_a_review_is_a_part_of_what_is_due_and_a_day_has_its_limit(answer, learner, learnt, noon):
    noon.pass_days(40)
    portion = learner.agenda.portion(session=5, daily=8)
    assert (len(portion.ask), portion.due, portion.today, portion.waiting) == (5, 24, 8, 19)
    assert portion.days == 2, "8 today, 8 tomorrow, 8 the day after"
    by_id = {step.id: step for step in STEPS}
    for each in portion.ask:
        answer(RIGHT, step=by_id[each.step], purpose="review")
    portion = learner.agenda.portion(session=5, daily=8)
    assert (len(portion.ask), portion.due, portion.asked) == (3, 19, 5)
    for each in portion.ask:
        answer(RIGHT, step=by_id[each.step], purpose="review")
    portion = learner.agenda.portion(session=5, daily=8)
    assert (portion.ask, portion.today, portion.due) == ((), 0, 16)
    assert len(learner.agenda.portion(session=5, daily=8, limit=7).ask) == 7, "asked for"
    noon.pass_days(1)
    assert len(learner.agenda.portion(session=5, daily=8).ask) == 5, "another day"


def test_a_question_that_is_lost_is_asked_twice_a_day_at_most(answer, learner, noon):
    answer(RIGHT, step=STEPS[0])
    noon.pass_days(4)
    for times in range(ASKED_A_DAY):
        assert len(learner.due()) == 1, times
        for _ in range(3):
            answer(WRONG, step=STEPS[0], purpose="review")
        noon.now += 700
    assert learner.due() == []
    ahead = learner.agenda.ahead({STEPS[0].id})
    tomorrow = datetime.fromtimestamp(noon.now) + timedelta(days=1)
    assert ahead.next == datetime.combine(tomorrow, datetime.min.time()).timestamp()
    assert [each.due for each in ahead.coming[:3]] == [0, 1, 0]
    noon.now = ahead.next
    assert len(learner.due()) == 1


def test_who_practises_one_question_has_not_used_up_the_day(answer, learner, learnt, noon):
    noon.pass_days(5)
    for _ in range(9):
        answer(RIGHT, step=STEPS[0], purpose="review")
    assert learner.agenda.portion().asked == ASKED_A_DAY


def test_the_coming_days_are_those_on_which_questions_come_back(learner, learnt, noon):
    coming = learner.progress(LESSONS).reviews.coming
    assert len(coming) == 14
    assert sum(each.due for each in coming) == len(STEPS)
    assert max(each.due for each in coming) < len(STEPS), "they are spread"
    for each in coming:
        assert each.due == len(learner.due()), each.date
        for step in STEPS:  # what is due is not asked, and does not stay due in this count
            if step.id in {due.step for due in learner.due()}:
                learner.agenda.set_aside(step.id)
        noon.pass_days(1)


def test_who_was_away_finds_what_is_too_much_for_a_day_on_the_next(learner, learnt, noon):
    noon.pass_days(40)
    coming = learner.progress(LESSONS, daily=10).reviews.coming
    assert [each.due for each in coming[:4]] == [24, 0, 0, 0]
    assert [each.asked for each in coming[:4]] == [10, 10, 4, 0]
