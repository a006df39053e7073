"""When questions come back."""

from collections import Counter

import pytest
from fsrs import Card, Rating, Scheduler

from tests.tutor.learner.conftest import DAY, ERROR, INVERTED, LESSON, RIGHT, SCALE, WRONG
from tutor.learner import mastery, reviews
from tutor.learner.rating import AGAIN, GOOD, HARD


def due(learner):
    return [each.step for each in learner.due()]


def test_a_question_answered_in_its_lesson_comes_back_after_days(answer, learner, clock):
    ended = answer(RIGHT).sitting
    assert ended.rating == GOOD
    assert due(learner) == []
    clock.pass_days(1)
    assert due(learner) == []
    clock.now = ended.due
    assert due(learner) == [SCALE.id]


def test_the_days_are_those_of_py_fsrs_with_their_spread(answer, learner, clock):
    """The same grades at the same times, given to the library itself."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card(card_id=1)
    for verdict, grade in ((RIGHT, GOOD), (RIGHT, GOOD), (RIGHT, GOOD)):
        ended = answer(verdict, purpose="review").sitting
        assert ended.rating == grade
        card, _ = scheduler.review_card(card, Rating(grade), reviews._utc(clock.now))
        (there,) = learner.database.rows("SELECT * FROM cards")
        assert (there["stability"], there["difficulty"]) == (card.stability, card.difficulty)
        days = (card.due - card.last_review).days
        assert ended.due - clock.now == pytest.approx(
            reviews.fuzzed(days, SCALE.id, there["reviews"]) * DAY
        )
        clock.now = ended.due
    assert days > 30


@pytest.mark.parametrize(
    ("days", "least", "most"), [(1, 1, 1), (2, 2, 3), (3, 2, 4), (11, 9, 13), (46, 42, 50)]
)
def test_what_was_learnt_on_one_day_comes_back_on_several(days, least, most):
    """The bounds of Anki's fuzz; drawn from the step, so that it is the same everywhere."""
    drawn = [reviews.fuzzed(days, f"numbers/absmax/question/{n}", 1) for n in range(400)]
    assert (min(drawn), max(drawn)) == (least, most)
    often = Counter(drawn)
    assert max(often.values()) < 2 * min(often.values())
    assert drawn == [reviews.fuzzed(days, f"numbers/absmax/question/{n}", 1) for n in range(400)]
    again = [reviews.fuzzed(days, f"numbers/absmax/question/{n}", 2) for n in range(400)]
    assert (again != drawn) == (days > 1), "the next time they are not together again"


def test_a_review_always_asks_a_fresh_variant(answer, learner, clock):
    seeds = [answer(RIGHT).sitting.seed]
    for _ in range(3):
        clock.pass_days(3)
        seeds.append(answer(RIGHT, purpose="review").sitting.seed)
    assert len(set(seeds)) == 4


def test_a_review_does_not_take_the_lessons_open_variant(learner):
    in_lesson = learner.sitting(SCALE, "scale")
    in_review = learner.sitting(SCALE, "scale", "review")
    assert in_lesson.seed != in_review.seed
    assert learner.another(SCALE, in_review).purpose == "review"
    assert learner.sitting(SCALE, "scale").seed == in_lesson.seed


def test_a_slip_brings_it_back_sooner_and_a_slip_made_before_soonest(answer, learner, clock):
    def days_after(*verdicts, step):
        for verdict in verdicts:
            ended = answer(verdict, step=step).sitting
        return ended.rating, (ended.due - clock.now) / 86_400

    clean = days_after(RIGHT, step=ERROR)
    once = days_after(INVERTED, RIGHT, step=SCALE)
    again = days_after(INVERTED, RIGHT, step=SCALE)
    assert [clean[0], once[0], again[0]] == [GOOD, HARD, AGAIN]
    assert clean[1] > once[1] > again[1]


def test_lost_after_it_was_known_it_comes_back_in_ten_minutes(answer, learner, clock):
    ended = answer(RIGHT).sitting
    clock.now = ended.due
    learner.worked(learner.sitting(SCALE, "scale", "review"))
    assert due(learner) == []
    clock.now += 601
    assert due(learner) == [SCALE.id]


def test_questions_with_slips_are_asked_first(answer, learner, clock):
    answer(RIGHT, step=ERROR)
    answer(INVERTED)
    answer(RIGHT)
    clock.pass_days(30)
    assert [(each.step, each.slips) for each in learner.due()] == [(SCALE.id, 1), (ERROR.id, 0)]
    assert [each.step for each in learner.due({ERROR.id})] == [ERROR.id]


def test_the_intervals_of_who_answers_each_time_it_is_due(answer, clock, monkeypatch):
    monkeypatch.setattr(reviews, "fuzzed", lambda days, *_: days)
    days = []
    for _ in range(4):
        ended = answer(RIGHT, purpose="review").sitting
        days.append(round((ended.due - clock.now) / 86_400))
        clock.now = ended.due
    assert days == [2, 11, 46, 163]


def test_who_needs_a_hint_each_time_is_not_asked_each_day(answer, learner, clock):
    """After a question was lost, too: FSRS's relearning would hold it at minutes for ever."""
    answer(RIGHT)
    clock.pass_days(3)
    learner.worked(learner.sitting(SCALE, "scale", "review"))
    apart = []
    for _ in range(6):
        clock.pass_days(1)
        learner.hint(learner.sitting(SCALE, "scale", "review"), 3)
        ended = answer(RIGHT, purpose="review").sitting
        assert ended.rating == HARD
        apart.append((ended.due - clock.now) / DAY)
        clock.now = ended.due
    assert apart == sorted(apart)
    assert apart[-1] >= 3


def test_lost_on_four_days_it_is_a_leech_and_rests_until_known_after_a_week(answer, learner, clock):
    def leech():
        return learner.progress([LESSON]).reviews.leeches == (SCALE.id,)

    answer(RIGHT)
    for _ in range(4):
        assert not leech()
        clock.pass_days(1)
        for _ in range(3):
            ended = answer(WRONG, purpose="review").sitting
        assert ended.rating == AGAIN
    assert leech()
    assert ended.due - clock.now == pytest.approx(reviews.LEECH_RESTS)
    assert learner.due() == []
    clock.pass_days(7)
    assert [each.leech for each in learner.due()] == [True]
    answer(RIGHT, purpose="review")
    assert not leech()
    for expected in (False, True):
        clock.pass_days(1)
        for _ in range(3):
            answer(WRONG, purpose="review")
        assert leech() == expected, "two days, and it is one again"


def test_read_up_a_leech_is_asked_again_before_the_week_is_over(answer, learner, clock):
    for _ in range(4):
        clock.pass_days(1)
        for _ in range(3):
            answer(WRONG)
    clock.pass_days(1)
    assert answer(RIGHT).sitting.due - clock.now < reviews.LEECH_RESTS
    assert learner.progress([LESSON]).reviews.leeches == (SCALE.id,), "until known after a week"


def test_known_after_so_many_days_it_is_asked_again_after_more(answer, learner, clock):
    """However low its stability is after it was lost: else it would be asked each day for weeks."""
    answer(RIGHT)
    for _ in range(3):
        clock.pass_days(1)
        for _ in range(3):
            answer(WRONG, purpose="review")
    before = 1
    for _ in range(5):
        clock.pass_days(before)
        after = (answer(RIGHT, purpose="review").sitting.due - clock.now) / DAY
        assert after > before
        before = round(after)


def test_from_one_evening_to_the_next_is_a_day(answer, learner, clock):
    """FSRS would take 23 hours for the same day, and a question that is known for no better."""
    answer(RIGHT)
    clock.now += 23 * 3600
    (before,) = learner.database.rows("SELECT * FROM cards")
    assert reviews.recall(before, clock.now) < 1
    answer(RIGHT, purpose="review")
    (after,) = learner.database.rows("SELECT * FROM cards")
    assert after["stability"] > 2 * before["stability"]


def test_lost_four_times_on_one_day_it_is_none(answer, learner):
    for _ in range(12):
        answer(WRONG)
    assert learner.progress([LESSON]).reviews.leeches == ()


def test_a_variant_left_untouched_is_not_graded(learner):
    sitting = learner.sitting(SCALE, "scale")
    learner.another(SCALE, sitting)
    assert learner.progress([]).standings == ()
    assert due(learner) == []


def test_replaying_gives_the_same_cards(answer, learner, clock):
    for verdict in (RIGHT, WRONG, RIGHT, INVERTED, INVERTED, WRONG, RIGHT):
        answer(verdict, purpose="review")
        clock.pass_days(1.7)
    before = [tuple(row) for row in learner.database.rows("SELECT * FROM cards")]
    assert before
    with learner.database.transaction() as connection:
        connection.execute("DELETE FROM cards")
        reviews.replay(connection)
    assert [tuple(row) for row in learner.database.rows("SELECT * FROM cards")] == before


def test_mastered_when_it_was_remembered_on_another_day_and_shaky_after_a_miss(
    answer, learner, clock
):
    def state():
        return mastery.standings(learner.database.rows, clock.now)[0].state

    answer(RIGHT)
    assert state() == "learning"
    clock.now += 90
    answer(RIGHT)
    assert state() == "learning", "what was just read can be said again"
    clock.pass_days(1)
    ended = answer(RIGHT).sitting
    assert state() == "mastered"
    clock.now = ended.due + 1
    assert state() == "mastered", "that it is due today says that nine of ten still know it"
    clock.pass_days(60)
    assert mastery.standings(learner.database.rows, clock.now)[0].recall < mastery.SURE_RECALL
    assert state() != "mastered"
    assert learner.progress([LESSON]).mastered == ()
    answer(RIGHT, purpose="review")
    assert state() == "mastered"
    for _ in range(3):
        answer(WRONG)
    assert state() == "shaky"
    answer(RIGHT)
    assert state() == "learning"


def test_what_was_mastered_long_ago_is_shaky(answer, learner, clock):
    answer(RIGHT)
    answer(RIGHT)
    clock.pass_days(400)
    (standing,) = mastery.standings(learner.database.rows, clock.now)
    assert standing.recall < 0.7
    assert standing.state == "shaky"


def test_a_slip_recurs_until_two_variants_were_clean(answer, learner):
    def slip():
        return learner.slips()[0]

    answer(INVERTED)
    answer(RIGHT)
    assert (slip().variants, slip().recurs) == (1, False)
    answer(INVERTED)
    answer(RIGHT)
    assert (slip().name, slip().variants, slip().of, slip().recurs) == ("inverted", 2, 2, True)
    assert slip().says == "That is one integer's width."
    answer(RIGHT)
    assert slip().recurs
    answer(RIGHT)
    assert (slip().clean, slip().recurs) == (2, False)


def test_slips_on_variants_that_were_left_count_and_have_their_day(answer, learner, clock):
    for _ in range(2):
        answer(INVERTED)
        learner.another(SCALE, learner.sitting(SCALE, "scale"))
    seen = learner.progress([LESSON])
    assert seen.shaky == (SCALE.id,)
    assert [(slip.name, slip.variants) for slip in seen.slips] == [("inverted", 2)]
    (standing,) = seen.standings
    assert (standing.variants, standing.clean) == (2, 0)
    assert seen.next_due == standing.due > clock.now
    clock.now = standing.due
    assert learner.progress([LESSON]).due == 1


def test_the_same_slip_twice_on_one_variant_is_counted_once(answer, learner):
    answer(INVERTED)
    answer(INVERTED)
    assert (learner.slips()[0].variants, learner.slips()[0].of) == (1, 1)
    assert learner.slips([ERROR.id]) == []
