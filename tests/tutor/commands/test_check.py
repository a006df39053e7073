"""`tutor check`. What is checked runs in the real grader's processes."""

from pathlib import Path

import pytest

from engine.runs.home import Home
from tests.tutor.lessons_here import FOLDER

STEP = "numbers/halves/exercise/exercise"


@pytest.fixture
def file(tutor):
    file = Home.find().path / "exercises" / "numbers" / "halves" / "exercise.py"
    assert tutor("check", "halves", "--path").stdout.strip() == str(file)
    assert file.read_bytes() == (FOLDER / "exercise.py").read_bytes()
    return file


def test_it_fails_as_it_is_shipped(told, tutor, file, learner):
    checked, code = told("check", "halves")
    assert code == 5
    assert checked["outcome"] == "failed"
    assert [each["outcome"] for each in checked["results"]] == ["failed", "not run"]
    shown = tutor("check", "halves").stdout
    assert "✗ failed" in shown
    assert "Halves 8." in shown
    assert "0 of 2 checks passed." in shown
    assert learner.step(STEP).points == 0


def test_it_passes_with_the_learners_own(told, file, learner):
    file.write_text("def half(x):\n    return x * 0.5\n")
    checked, code = told("check", "halves")
    assert (checked["outcome"], checked["points"], code) == ("passed", 4, 0)
    assert learner.step(STEP).state == "done"
    file.write_text("def half(x):\n    return x\n")
    checked, code = told("check", "halves")
    assert (checked["outcome"], checked["best"], code) == ("failed", 4, 5)


def test_another_file(told, file):
    solved, code = told("check", "halves", FOLDER / "solution.py")
    assert (solved["points"], code) == (2, 0)  # who checks it has it


def test_the_solution_has_its_price_before_a_pass(told, tutor, file):
    refused = tutor("check", "halves", "--solution", typed="n\n")
    assert refused.exit_code == 1
    assert "2 points are left" in refused.stderr
    assert refused.stdout == ""
    assert "return x / 2" in tutor("check", "halves", "--solution", typed="y\n").stdout
    told_again, _ = told("check", "halves", "--solution")
    assert told_again["price_paid"]
    file.write_text("def half(x):\n    return x / 2\n")
    assert told("check", "halves")[0]["points"] == 2


def test_after_a_pass_it_is_free(told, file):
    file.write_text("def half(x):\n    return x / 2\n")
    told("check", "halves")
    assert told("check", "halves", "--solution")[0]["price_paid"] is False
    assert told("check", "halves")[0]["points"] == 4


def test_beginning_again_asks_and_keeps_what_there_was(tutor, told, file):
    file.write_text("mine = 1\n")
    assert tutor("check", "halves", "--reset", typed="n\n").exit_code == 1
    assert file.read_text() == "mine = 1\n"
    reset, _ = told("check", "halves", "--reset", "--yes")
    assert file.read_bytes() == (FOLDER / "exercise.py").read_bytes()
    assert Path(reset["kept"]).read_text() == "mine = 1\n"


def test_an_exercise_that_is_not_there(tutor):
    done = tutor("check", "thirds")
    assert done.exit_code == 3
    assert "There is no exercise 'thirds'. There are halves." in done.stderr


def test_a_file_that_is_not_there_is_wrong_usage_and_no_attempt(tutor, learner, tmp_path):
    for wrong in (tmp_path / "none.py", tmp_path):
        done = tutor("check", "halves", wrong, "--json")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert str(wrong) in done.stderr
    assert learner.history() == []
