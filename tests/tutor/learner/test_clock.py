"""A clock that was ahead, or stands where no time can be."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runs.home import Home
from tests.tutor.learner.conftest import DAY, ERROR, INVERTED, LESSON, READING, RIGHT, SCALE
from tutor.learner.clock import TOLERANCE, believed
from tutor.learner.record import Learner


def restarted(learner, clock):
    return Learner(learner.database.home, clock, Random(7))


def sitting(learner, step=SCALE):
    return learner.sitting(step, step.id.rsplit("/", 1)[1])


def test_a_card_that_was_answered_in_the_future_is_asked_in_days(answer, learner, clock):
    answer(RIGHT)
    clock.pass_days(400)
    answer(RIGHT)
    clock.pass_days(-399)
    seen = learner.progress([LESSON])
    assert clock.now < seen.next_due < clock.now + 40 * DAY
    clock.pass_days(2)
    answer(INVERTED)
    answer(RIGHT)
    assert learner.progress([LESSON]).shaky == (SCALE.id,)
    clock.pass_days(17)
    answer(INVERTED)
    assert answer(RIGHT).sitting.due < clock.now + DAY


def test_help_of_the_future_lasts_as_long_as_all_help(learner, clock):
    clock.pass_days(400)
    learner.worked(sitting(learner))
    learner.another(SCALE, sitting(learner))
    clock.pass_days(-400)
    assert sitting(learner).worth(3) == 1
    clock.pass_days(0.49)
    assert sitting(learner).worth(3) == 1
    clock.pass_days(0.02)
    assert sitting(learner).worth(3) == 3
    clock.pass_days(399.49)
    assert sitting(learner).worth(3) == 3


def test_what_was_set_aside_in_the_future_can_be_brought_back(answer, learner, clock):
    answer(RIGHT)
    clock.pass_days(400)
    learner.agenda.set_aside(SCALE.id)
    clock.pass_days(-395)
    assert learner.due() == []
    assert learner.agenda.bring_back(SCALE.id)
    assert [each.step for each in learner.due()] == [SCALE.id]


def test_a_text_that_was_read_in_the_future_can_be_read_again(learner, clock):
    clock.pass_days(400)
    learner.read(READING)
    learner.go_to(READING.id)
    clock.pass_days(-399)
    rewritten = READING.rewritten()
    learner.read(rewritten)
    assert learner.done(READING.id, rewritten.hash)
    learner.go_to(ERROR.id)
    learner.go_to("numbers/integers/lab/ring")
    assert (learner.place(), learner.place(LESSON.id)) == ("numbers/integers/lab/ring", ERROR.id)


def test_no_day_lies_ahead_and_what_was_done_is_told(answer, learner, clock):
    answer(RIGHT, step=ERROR)
    clock.pass_days(400)
    answer(RIGHT)
    learner.read(READING, seconds=60)
    clock.pass_days(-400)
    with restarted(learner, clock) as opened:
        seen = opened.progress([LESSON])
        assert len(seen.days) == 1
        assert (seen.points, seen.days[0].attempts) == (6, 3)
        (note,) = seen.notes
        assert "dated ahead, up to" in note
        assert max(a.at for a in opened.history()) <= clock.now
        assert [a.step for a in opened.history()] == [READING.id, SCALE.id, ERROR.id]
    clock.pass_days(15)
    assert learner.progress([LESSON]).notes == ()


def test_hours_between_rows_stay_hours(learner, clock):
    clock.pass_days(400)
    learner.read(READING)
    clock.now += 3 * 3600
    learner.skipped(SCALE)
    clock.pass_days(-400)
    later, earlier = restarted(learner, clock).history()
    assert later.at - earlier.at == pytest.approx(3 * 3600, abs=1)


def test_a_clock_before_there_was_such_a_program_is_doubted_itself(answer, learner, clock):
    ended = answer(RIGHT).sitting
    before, now = learner.export(), clock.now
    clock.now = 1000.0
    with restarted(learner, clock) as opened:
        assert {**opened.export(), "exported": 0} == {**before, "exported": 0}
        opened.read(READING)
        clock.now += 60
        opened.skipped(ERROR)
        skipped, read, _ = opened.history()
        assert now <= read.at < now + 1
        assert skipped.at - read.at == pytest.approx(60, abs=1)
    clock.now = ended.due
    with restarted(learner, clock) as opened:
        assert [due.step for due in opened.due()] == [SCALE.id]


def test_a_clock_that_is_a_little_behind_changes_nothing(answer, learner, clock):
    answer(RIGHT)
    before = learner.export()
    clock.now -= TOLERANCE / 2
    with restarted(learner, clock) as opened:
        assert {**opened.export(), "exported": 0} == {**before, "exported": 0}
        assert opened.progress([LESSON]).notes == ()


def test_grades_by_a_clock_that_was_set_back_a_little_count_in_their_order(answer, learner, clock):
    """A replay, such as after an import, must find the card as it is."""
    answer(RIGHT)
    clock.now -= 60
    answer(INVERTED)
    answer(RIGHT)
    cards = [tuple(row) for row in learner.database.rows("SELECT * FROM cards")]
    with Learner(Home(learner.database.home.path / "other"), clock) as other:
        other.import_(json.loads(json.dumps(learner.export())))
        assert [tuple(row) for row in other.database.rows("SELECT * FROM cards")] == cards


def test_a_record_of_a_machine_that_is_ahead_counts_as_of_now(answer, learner, clock, tmp_path):
    clock.pass_days(400)
    answer(RIGHT)
    learner.worked(sitting(learner))
    learner.another(SCALE, sitting(learner))
    learner.go_to(SCALE.id)
    ahead = json.loads(json.dumps(learner.export()))
    clock.pass_days(-400)
    with Learner(Home(tmp_path / "here"), clock, Random(3)) as here:
        here.go_to(READING.id)
        imported = here.import_(ahead)
        assert "dated ahead" in imported.doubts
        assert here.progress([LESSON]).next_due < clock.now + 40 * DAY
        assert here.place() == READING.id
        clock.pass_days(1)
        assert sitting(here).worth(3) == 3
        assert here.import_(ahead).attempts == 0
        assert sitting(here).worth(3) == 3, "the same file gives no help a second time"


@given(
    st.lists(st.floats(0, 7e9)),
    st.floats(2e9, 5e9),
)
def test_times_that_are_given_keep_their_order_and_come_after_what_is_older(times, now):
    given = believed(times, now)
    assert set(given) == {at for at in times if at > now + TOLERANCE}
    ahead = sorted(given)
    news = [given[at] for at in ahead]
    assert news == sorted(news)
    assert all(at <= now + TOLERANCE + 1 for at in news)
    past = [at for at in times if at <= now + TOLERANCE]
    assert all(new > max(past, default=0) for new in news)
