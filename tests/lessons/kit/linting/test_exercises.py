import pytest

from lessons.kit.judging.grader import Grader, Limits
from lessons.kit.linting.exercises import check_exercise
from lessons.kit.linting.finding import Notes
from tests.lessons.kit.small_lesson import CHECKS, EXERCISE, SOLUTION, WITH_EXERCISE, write


@pytest.fixture(scope="module")
def grader():
    with Grader(Limits(wall_seconds=60), imports=()) as grader:
        yield grader


def checked(made, grader) -> Notes:
    notes = Notes()
    check_exercise(made, grader, notes)
    return notes


def test_an_exercise_that_fails_as_shipped_and_passes_solved(tmp_path, grader):
    notes = checked(write(tmp_path, **WITH_EXERCISE), grader)
    assert notes.findings == []
    assert (notes.counts["exercises"], notes.counts["checks"]) == (1, 2)


def test_a_lesson_without_an_exercise(tmp_path, grader):
    assert checked(write(tmp_path), grader).counts == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"exercise": SOLUTION}, "exercise.py: It passes as it is shipped."),
        ({"solution": EXERCISE}, "solution.py, halves: failed"),
        ({"checks": CHECKS.replace("expect(learner", "expect(nowhere")}, "Not judged of"),
        ({"checks": "x = 1\n"}, "exercise:"),
        ({"solution": ""}, "exercise: The exercise of numbers/absmax has no solution.py."),
    ],
)
def test_what_is_wrong_with_an_exercise(tmp_path, grader, change, says):
    found = checked(write(tmp_path, **WITH_EXERCISE | change), grader).findings
    assert any(says in f"{each.where}: {each.says}" for each in found), found
