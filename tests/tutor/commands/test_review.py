"""`tutor review`."""

import pytest

from tests.tutor.lessons_here import right_answer

STEP = "numbers/halves/question/half"


@pytest.fixture
def is_due(told, learner):
    """The question was answered once, and is due."""
    seed = told("ask", "half")[0]["seed"]
    told("ask", "half", "--answer", right_answer("half", seed))
    with learner.database.transaction() as connection:
        connection.execute("UPDATE cards SET due = 86400, reviewed = 0")


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
    assert "1 question is due. From Halves." in done.stdout
    assert "✓ Right" in done.stdout
    assert "Review: nothing; the next question in" in done.stdout
    assert learner.due() == []


def test_a_miss_in_a_review_comes_back_soon_and_does_not_ask_for_ever(tutor, learner, is_due):
    done = tutor("review", typed="1\n1\n1\n\n")
    assert done.stdout.count("That was the third miss.") == 1
    assert "It comes back in 10 minutes." in done.stdout
    assert "the next question in 10 minutes" in done.stdout
    assert learner.step(STEP).points == 3
