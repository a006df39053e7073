"""`tutor review`."""

import pytest

from tests.tutor.lessons_here import right_answer
from tutor import config
from tutor.learner import clock, reviews

STEP = "numbers/halves/question/half"


@pytest.fixture
def is_due(told, learner):
    """The question was answered once, and is due."""
    seed = told("ask", "half")[0]["seed"]
    told("ask", "half", "--answer", right_answer("half", seed))
    months_ago(learner)


def months_ago(learner):
    """All that was done was done two months earlier."""
    with learner.database.transaction() as connection:
        for table, names in clock.TIMES.items():
            for name in names:
                connection.execute(f"UPDATE {table} SET {name} = {name} - 60 * 86400.0")
        reviews.replay(connection)


def test_nothing_is_due(tutor, told):
    assert told("review") == ([], 0)
    assert "Due for review: nothing." in tutor("review").stdout


def test_what_is_due_is_listed(tutor, told, is_due):
    (due,), code = told("review")
    assert (due["step"], due["question"], due["reviews"], code) == (STEP, "half", 1, 0)
    assert "halves/half  Halves" in tutor("review", "--list").stdout


def test_a_review_by_prompts_asks_a_fresh_variant(tutor, learner, is_due):
    step = type("Step", (), {"id": STEP})()
    seed = learner.sitting(step, "half", "review").seed
    assert seed != learner.history(STEP)[0].seed
    done = tutor("review", typed=f"{right_answer('half', seed)}\n")
    assert "1 question is due." in done.stdout
    assert "✓ Right" in done.stdout
    assert "Review: nothing; the next question in" in done.stdout
    assert learner.due() == []


def test_a_miss_in_a_review_comes_back_soon_and_does_not_ask_for_ever(tutor, learner, is_due):
    done = tutor("review", typed="1\n1\n1\n\n")
    assert done.stdout.count("That was the third miss.") == 1
    assert "It comes back in 10 minutes." in done.stdout
    assert "the next question in 10 minutes" in done.stdout
    assert learner.step(STEP).points == 3


WHY = "numbers/halves/question/why"


@pytest.fixture
def both_due(told, learner, is_due):
    told("ask", "why", "--answer", "Because.", "--met", "1,2")
    months_ago(learner)


def listed(told, *args):
    return [(row["question"], row["now"]) for row in told("review", *args)[0]]


def test_so_many_are_asked_now(told, both_due):
    assert {now for _, now in listed(told)} == {True}
    first, second = listed(told, "--limit", "1")
    assert (first[1], second[1]) == (True, False)
    config.change(review_session=1)
    assert [now for _, now in listed(told)] == [True, False]


def test_a_day_has_its_limit_and_more_can_be_asked_for(tutor, told, learner, both_due):
    config.change(review_day=1)
    said = tutor("review", "--list").stdout
    assert "2 questions are due. This review asks 1, the most forgotten first" in said
    assert "a day asks 1, so all have been asked tomorrow." in said
    learner.agenda.set_aside(WHY)
    seed = learner.sitting(type("Step", (), {"id": STEP})(), "half", "review").seed
    told("ask", "half", "--answer", right_answer("half", seed))
    learner.agenda.bring_back(WHY)
    assert "Today's review is done." in tutor("review").stdout
    assert "1 question waits" in tutor("review").stdout
    assert "`tutor review --limit N` asks more now." in tutor("review").stdout
    assert listed(told, "--limit", "5") == [("why", True)]


def test_a_question_is_put_off_set_aside_and_brought_back(tutor, told, learner, both_due):
    said, code = told("review", "--put-off", "half")
    assert (said, code) == (
        {"step": STEP, "question": "half", "wish": "put off", "changed": True}, 0,
    )  # fmt: skip
    assert [name for name, _ in listed(told)] == ["why"]
    assert told("review", "--put-off", "half")[0]["changed"] is False
    assert "It is set aside" in tutor("review", "--set-aside", "halves/why").stdout
    assert told("progress")[0]["reviews"]["set_aside"] == [WHY]
    assert "set aside       halves/why" in tutor("progress").stdout
    assert told("review") == ([], 0)
    for name in ("half", "why"):
        assert told("review", "--bring-back", name)[0]["changed"]
    assert len(listed(told)) == 2
    assert "neither put off nor set aside" in tutor("review", "--bring-back", "half").stdout


def test_the_last_answer_is_taken_back(tutor, told, learner, both_due):
    assert tutor("review", "--undo").exit_code == 1
    assert "nothing to take back" in tutor("review", "--undo").stderr
    told("ask", "half", "--answer", "0")
    assert told("review", "--undo") == ({"step": STEP, "question": "half", "answer": True}, 0)
    assert learner.slips() == []
    assert [row["reviews"] for row in told("review")[0] if row["question"] == "half"] == [1]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--put-off", "nobody"), 3, "nobody"),
        (("--undo", "--set-aside", "half"), 2, "cannot be said in one command"),
        (("--limit", "0"), 2, "--limit"),
    ],
)
def test_what_cannot_be_wished_is_told(tutor, args, code, said):
    done = tutor("review", *args)
    assert done.exit_code == code
    assert said in done.stderr


def test_words_in_a_review_by_prompts(tutor, learner, both_due):
    """`help` names them; what is put off or set aside is passed over, and taken back by `undo`."""
    said = tutor("review", typed="help\nskip\nundo\naside\naside\n").stdout
    assert "not today: it is asked again from tomorrow on" in said
    assert said.count("1 of 2, from Halves.") == 2, "undo leads back to it"
    for words in ("It is asked again from tomorrow on.", "It is asked again.", "It is set aside"):
        assert words in said
    assert learner.due() == []
    assert len(learner.agenda.ahead({STEP, WHY}).set_aside) == 2


def test_an_answer_is_taken_back_by_prompts(tutor, learner, is_due):
    said = tutor("review", typed="0\nundo\nundo\nquit\n").stdout
    assert "Your last answer is taken back" in said
    assert "Nothing was done in this review yet." in said
    assert [each.reviews for each in learner.due()] == [1]


def test_a_question_lost_again_and_again_is_led_back_to_its_text(tutor, learner, is_due):
    with learner.database.transaction() as connection:
        connection.execute("UPDATE cards SET lapses = 5")
    said = tutor("review", typed="quit\n").stdout
    assert "It was lost on several days. Read it up in step 1 of Halves first" in said
    assert "read up         halves/half: lost on several days" in tutor("progress").stdout
