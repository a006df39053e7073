import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import EngineError
from lessons.kit.course.lesson import every_lesson, lesson, lessons_of, read_lesson
from lessons.kit.question import variant
from tests.lessons.kit import small_lesson
from tests.lessons.kit.small_lesson import FRONT, LABS, QUESTIONS, TEXT, write


def hashes(made) -> dict[str, str]:
    return {step.id.removeprefix("numbers/absmax/"): step.hash for step in made.steps}


def test_a_lesson_is_its_steps_in_their_order(tmp_path):
    made = write(tmp_path)
    assert [(step.id, step.points) for step in made.steps] == [
        ("numbers/absmax/reading/before-error", 0),
        ("numbers/absmax/predict/error", 0),
        ("numbers/absmax/lab/row", 0),
        ("numbers/absmax/reading/before-scale", 0),
        ("numbers/absmax/question/scale", 4),
    ]
    assert (made.title, made.minutes, made.points) == ("Absmax", 12, 4)
    assert made.can == ("find s",)
    predict = made.step("predict/error")
    assert predict is made.step("numbers/absmax/predict/error")
    assert predict.text == "How large is the error?"
    assert predict.settings["set"] == {"bits": 4}
    assert predict.settings["within"] == 0.15
    with pytest.raises(EngineError, match="has no step 'lab/nowhere'"):
        made.step("lab/nowhere")


def test_questions_and_labs_are_found_by_their_path(tmp_path):
    made = write(tmp_path)
    assert variant(made.questions()["scale"], 3).body.ask.startswith("alpha is")
    assert made.labs()["row"].defaults == {"bits": 8}
    assert made.exercise() is None
    assert made.questions()["scale"] is made.questions()["scale"]


def test_an_id_does_not_move_with_its_place(tmp_path):
    one = write(tmp_path / "one")
    more = TEXT + '\nMore.\n\n```lab row\nstep = "again"\n```\n\nThe end.\n'
    two = write(tmp_path / "two", text="\n```exercise\n```\n" + more, checks="")
    assert hashes(one).items() <= hashes(two).items()
    assert {"lab/again", "reading/before-again", "reading/end"} < set(hashes(two))


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"text": TEXT.replace("largest", "greatest")}, "reading/before-error"),
        ({"text": TEXT.replace("How large", "How small")}, "predict/error"),
        ({"text": TEXT.replace("points = 4", "points = 5")}, "question/scale"),
        ({"questions": QUESTIONS.replace("127 / alpha", "128 / alpha")}, "question/scale"),
        ({"labs": LABS.replace("= 8)", "= 4)")}, "lab/row"),
    ],
)
def test_a_digest_changes_with_what_the_learner_is_given_and_no_other_does(tmp_path, change, step):
    one, two = hashes(write(tmp_path / "one")), hashes(write(tmp_path / "two", **change))
    assert {id for id in one if one[id] != two[id]} == {step}


def test_a_digest_does_not_change_with_comments_and_layout(tmp_path):
    changed = QUESTIONS.replace("    alpha =", "    # drawn\n\n    alpha =")
    text = TEXT.replace("weight to 127", "weight\nto 127")
    one, two = write(tmp_path / "one"), write(tmp_path / "two", questions=changed, text=text)
    assert hashes(one) == hashes(two)


def test_readings_before_two_steps_of_one_name_are_told_apart(tmp_path):
    text = "One.\n\n```lab row\n```\n\nTwo.\n\n```question row\n```\n"
    ids = hashes(write(tmp_path, text=text))
    assert list(ids)[::2] == ["reading/before-row", "reading/before-question-row"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"front": FRONT.replace("minutes", "hours")}, "Lesson has no field hours"),
        ({"front": FRONT.replace('title = "Absmax"', "")}, "missing .*'title'"),
        ({"text": TEXT + "```lab row\n```\n"}, "two of lab row"),
        ({"text": "```predict a\nlab = 'row'\n```\n"}, "line 8: predict a must set ask, value"),
        ({"text": "```lab row\nbits = 4\n```\n"}, "lab row cannot set bits"),
        ({"text": "```question scale\npoints = -1\n```\n"}, "-1 are no points"),
        ({"questions": "def x(:"}, "absmax/questions.py, line 1"),
    ],
)
def test_what_is_wrong_in_a_lesson_is_said_when_it_is_read(tmp_path, change, says):
    with pytest.raises(EngineError, match=says):
        write(tmp_path, **change)


def test_code_that_cannot_be_run_is_the_lessons_fault_and_says_so(tmp_path):
    made = write(tmp_path, questions="import nowhere_at_all\n")
    with pytest.raises(EngineError, match=r"absmax\.questions cannot be run: ModuleNot"):
        made.questions()


def test_two_questions_of_one_id(tmp_path):
    with pytest.raises(EngineError, match="has two of @question"):
        write(tmp_path, questions=QUESTIONS + QUESTIONS.partition("question\n\n")[2])


def test_no_lesson(tmp_path):
    with pytest.raises(EngineError, match=r"has no lesson\.md"):
        read_lesson(tmp_path, "numbers/nowhere")
    with pytest.raises(EngineError, match="no lesson 'nowhere'"):
        lesson("nowhere")


def test_every_lesson_of_the_course_can_be_read():
    from lessons.kit.course.course import load

    for unit in load().units:
        found = lessons_of(unit)
        assert [each.id for each in found] == [f"{unit.id}/{name}" for name in unit.lessons]
    ids = [step.id for each in every_lesson() for step in each.steps]
    assert len(set(ids)) == len(ids)
    for each in every_lesson():
        assert lesson(each.id) is each


def test_reading_lessons_imports_nothing_heavy():
    code = """
import sys
from lessons.kit.course.lesson import every_lesson
for lesson in every_lesson():
    assert lesson.points >= 0
    lesson.questions(), lesson.labs()
assert not {"torch", "transformers", "textual"} & set(sys.modules)
"""
    root = Path(small_lesson.__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, cwd=root)
