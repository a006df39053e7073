"""When questions come back."""

from fsrs import Card, Rating, Scheduler

from tests.tutor.learner.conftest import ERROR, INVERTED, LESSON, RIGHT, SCALE, WRONG
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


def test_the_days_are_those_of_py_fsrs(answer, learner, clock):
    """The same grades at the same times, given to the library itself."""
    scheduler = Scheduler(
        learning_steps=(), relearning_steps=(reviews.RELEARN,), enable_fuzzing=False
    )
    card = Card(card_id=1)
    for verdict, grade in ((RIGHT, GOOD), (RIGHT, GOOD), (RIGHT, GOOD)):
        ended = answer(verdict, purpose="review").sitting
        assert ended.rating == grade
        card, _ = scheduler.review_card(card, Rating(grade), reviews._utc(clock.now))
        assert abs(ended.due - card.due.timestamp()) < 0.1
        clock.now = ended.due
    assert (card.due - card.last_review).days > 30


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


def test_what_was_passed_over_in_a_review_is_asked_last_for_half_a_day(answer, learner, clock):
    answer(RIGHT)
    clock.now += 60
    answer(RIGHT, step=ERROR)
    clock.pass_days(30)
    assert due(learner) == [SCALE.id, ERROR.id]
    learner.sitting(SCALE, "scale", "review")
    assert due(learner) == [ERROR.id, SCALE.id]
    learner.draft(learner.sitting(SCALE, "scale", "review"), "127/")
    assert due(learner) == [SCALE.id, ERROR.id], "what is being answered is in hand"
    learner.draft(learner.sitting(SCALE, "scale", "review"), "")
    clock.pass_days(0.51)
    assert due(learner) == [SCALE.id, ERROR.id]


def test_the_intervals_of_who_answers_each_time_it_is_due(answer, clock):
    days = []
    for _ in range(4):
        ended = answer(RIGHT, purpose="review").sitting
        days.append(round((ended.due - clock.now) / 86_400))
        clock.now = ended.due
    assert days == [2, 11, 46, 163]


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
    assert state() == "learning", "it is due: whether it is still known is to be seen"
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
