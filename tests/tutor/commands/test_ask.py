"""`tutor ask`."""

import pytest

from tests.tutor.lessons_here import right_answer

STEP = "numbers/halves/question/half"


def test_the_variant_in_hand_is_shown_until_it_is_answered(told):
    first, code = told("ask", "half")
    assert code == 0
    assert first["question"] == "half"
    assert first["step"] == STEP
    assert first["kind"] == "number"
    assert f"{first['ask']}" == told("ask", "half")[0]["ask"]
    assert "answer" not in first
    assert "worked" not in first
    assert first["hints"] == []
    assert first["hints_left"] == 2


def test_a_right_answer(told, learner):
    seed = told("ask", "half")[0]["seed"]
    answered, code = told("ask", "half", "--answer", right_answer("half", seed))
    assert code == 0
    assert answered["outcome"] == "right"
    assert (answered["points"], answered["best"], answered["of"]) == (3, 3, 3)
    assert answered["seed"] == seed
    assert answered["due"] is not None
    assert learner.step(STEP).points == 3
    assert told("ask", "half")[0]["seed"] != seed


def test_the_time_since_a_question_was_shown_is_the_time_it_took(told, learner, tutor):
    def shown_before(seconds):
        with learner.database.transaction() as connection:
            connection.execute("UPDATE sittings SET begun = begun - ?", (seconds,))
            connection.execute("UPDATE attempts SET at = at - ?", (seconds,))

    def took():
        return learner.history(STEP, 1)[0].seconds

    told("ask", "half", "--answer", "1")
    assert took() == 0, "it was never shown"
    assert "time spent      not known" in tutor("progress").stdout
    told("ask", "half")
    shown_before(40)
    told("ask", "half", "--answer", "2")
    assert took() == pytest.approx(40, abs=20)
    shown_before(30)
    told("ask", "half", "--answer", "3")
    assert took() == pytest.approx(30, abs=20)
    told("ask", "half")
    shown_before(3600)
    told("ask", "half", "--answer", "1")
    assert took() == 0, "who was away an hour may have done anything"


def test_a_slip_is_named_and_another_mistake_is_not(told):
    seed = told("ask", "half")[0]["seed"]
    slip, code = told("ask", "half", "--answer", str(4 * float(right_answer("half", seed))))
    assert code == 5
    assert (slip["outcome"], slip["slip"]) == ("slip", "doubled")
    assert slip["says"] == "That is twice the number."
    other = str(float(right_answer("half", told("ask", "half")[0]["seed"])) + 3)
    wrong, code = told("ask", "half", "--answer", other)
    assert (wrong["outcome"], wrong["misses_left"], code) == ("wrong", 1, 5)
    assert wrong["worked"] is None


def test_three_misses_end_the_variant_and_its_solution_has_its_price(told, tutor):
    seed = told("ask", "half")[0]["seed"]
    for _ in range(2):
        told("ask", "half", "--answer", "1")
    said = " ".join(tutor("ask", "half", "--answer", "1").stdout.split())
    assert "That was the third miss; the next variant is a fresh one." in said
    assert (
        f"`tutor ask half --seed {seed} --worked` shows how this one goes, and makes this question "
        "worth 1 point for 12 hours." in said
    )
    fresh = told("ask", "half")[0]
    assert (fresh["seed"] != seed, fresh["worth"]) == (True, 3)
    read = told("ask", "half", "--seed", str(seed), "--worked")[0]
    assert str(int(float(right_answer("half", seed)))) in read["worked"]
    assert told("ask", "half")[0]["worth"] == 1
    assert "worth 1 point now after help" in tutor("ask", "half", "--seed", fresh["seed"]).stdout


def test_the_solution_comes_with_a_right_answer_where_it_costs_nothing(told):
    seed = told("ask", "half")[0]["seed"]
    told("ask", "half", "--answer", "1")
    answered = told("ask", "half", "--answer", right_answer("half", seed))[0]
    assert (answered["points"], answered["worked"]) == (2, None)
    seed = told("ask", "half")[0]["seed"]
    answered = told("ask", "half", "--answer", right_answer("half", seed))[0]
    assert (answered["points"], answered["worked"] is not None) == (3, True)


def test_hints_and_their_price(told):
    seed = told("ask", "half")[0]["seed"]
    assert told("ask", "half", "--hint")[0]["hints"] == ["Two of them make the whole."]
    assert len(told("ask", "half", "--hint")[0]["hints"]) == 2
    answered, _ = told("ask", "half", "--answer", right_answer("half", seed))
    assert answered["points"] == 1


def test_the_worked_solution_and_another(told, tutor):
    seed = told("ask", "half")[0]["seed"]
    assert "worked" in told("ask", "half", "--worked")[0]
    assert told("ask", "half", "--another")[0]["seed"] != seed
    assert "Worked solution:" in tutor("ask", "half", "--worked").stdout


def test_called_back_by_its_seed(told, tutor):
    assert told("ask", "half", "--seed", "4127")[0]["seed"] == 4127
    shown = tutor("ask", "half", "--seed", "4127", "--hint").stdout
    assert "half #4127" in shown
    answer = right_answer("half", 4127)
    assert told("ask", "half", "--seed", "4127", "--answer", answer)[1] == 0


def test_what_cannot_be_read_costs_nothing(told):
    answered, code = told("ask", "half", "--answer", "a lot")
    assert (answered["outcome"], answered["misses_left"], code) == ("unreadable", 3, 5)


def test_words_are_judged_by_who_wrote_them(told, tutor):
    refused = tutor("ask", "why", "--answer", "Because.")
    assert refused.exit_code == 2
    assert "1. It says that they are equal." in refused.stderr
    assert tutor("ask", "why", "--answer", "x", "--met", "3").exit_code == 2
    half_met, code = told("ask", "why", "--answer", "They are equal.", "--met", "1")
    assert (half_met["outcome"], half_met["points"], code) == ("judged", 1.5, 5)
    met, code = told("ask", "why", "--answer", "Two equal parts.", "--met", "1,2")
    assert (met["best"], code) == (3, 0)


def test_a_question_that_is_due_is_asked_as_a_review(told, learner):
    seed = told("ask", "half")[0]["seed"]
    told("ask", "half", "--answer", right_answer("half", seed))
    assert told("ask", "half")[0]["purpose"] == "lesson"
    with learner.database.transaction() as connection:
        connection.execute("UPDATE cards SET due = 0")
    shown = told("ask", "half")[0]
    assert shown["purpose"] == "review"
    answered, _ = told("ask", "half", "--answer", right_answer("half", shown["seed"]))
    assert answered["due"] > 1_700_000_000


@pytest.mark.parametrize("name", ["half", "halves/half", "numbers/halves/half", STEP, "HALF"])
def test_names_may_be_short(told, name):
    assert told("ask", name)[0]["step"] == STEP


def test_a_question_that_is_not_there(tutor):
    done = tutor("ask", "hallf")
    assert done.exit_code == 3
    assert "There is no question 'hallf'. Did you mean half" in done.stderr
    assert done.stdout == ""


def test_by_prompts(tutor, learner):
    seed = learner.sitting(type("Step", (), {"id": STEP})(), "half").seed
    typed = f"a lot\nhint\n1\n{right_answer('half', seed)}\n"
    done = tutor("ask", "half", typed=typed)
    assert done.exit_code == 0
    for words in (
        "? Not read.", "Hint 1 of 2: Two of them", "✗ Not yet", "✓ Right", "1 point of 3.",
        "It comes back",
    ):  # fmt: skip
        assert words in done.stdout
    assert learner.step(STEP).points == 1


@pytest.mark.parametrize("typed", ["3\n3\n3\n", "1\nquit\n", "a lot\n", "1\nanother\n"])
def test_prompts_that_end_without_a_right_answer_say_so_by_the_exit_code(tutor, typed):
    assert tutor("ask", "half", "--seed", 3, typed=typed).exit_code == 5


@pytest.mark.parametrize(("lines", "code"), [("yes\n", 0), ("no\n", 5)])
def test_words_by_prompts_are_right_where_every_line_is_met(tutor, lines, code):
    assert tutor("ask", "why", typed=f"Because.\n{lines * 9}").exit_code == code


def test_the_help_says_the_exit_code_of_an_answer_and_of_none(tutor):
    said = " ".join(tutor("ask", "--help").stdout.split())
    assert "0 for a right answer and 5 for any other" in said
    assert "where none was given it is 0" in said


def test_prompts_end_where_the_lines_end(tutor, learner):
    done = tutor("ask", "half", typed="")
    assert done.exit_code == 0
    assert "What is half of" in done.stdout
    assert learner.step(STEP) is None


@pytest.mark.parametrize("seed", [10**30, 2**63, -1])
def test_a_seed_that_no_variant_has(tutor, learner, seed):
    done = tutor("ask", "half", "--seed", seed)
    assert done.exit_code == 2
    assert "--seed" in done.stderr
    assert learner.history() == []


def test_the_greatest_seed_can_be_asked_for(told):
    shown, code = told("ask", "half", "--seed", 2**63 - 1)
    assert (shown["seed"], code) == (2**63 - 1, 0)


def test_a_miss_offers_the_next_hint(tutor):
    said = tutor("ask", "half", "--answer", "1").stdout
    assert "`--hint` gives a hint for 1 point; 2 misses are left." in said
