from dataclasses import replace

import pytest

from tests.tutor.lessons_here import halves
from tutor.course import names as finding
from tutor.course.names import NotThere


@pytest.fixture(autouse=True)
def course(monkeypatch):
    """Two lessons with the same names in them, and one name that only the first has."""
    first = halves()
    second = replace(
        first,
        id="numbers/thirds",
        steps=tuple(
            replace(step, id=step.id.replace("halves", "thirds"))
            for step in first.steps
            if step.name != "why"
        ),
    )
    monkeypatch.setattr(finding, "lessons", lambda: (first, second))


@pytest.mark.parametrize("name", ["why", "halves/why", "numbers/halves/why", "Why", " why "])
def test_a_name_may_be_as_short_as_it_is_clear(name):
    lesson, step = finding.question(name)
    assert (lesson.id, step.id) == ("numbers/halves", "numbers/halves/question/why")


def test_a_name_of_several_is_asked_back():
    with pytest.raises(NotThere, match="half could be several") as caught:
        finding.question("half")
    assert "numbers/halves/question/half, numbers/thirds/question/half" in caught.value.what
    assert finding.question("thirds/half")[1].id == "numbers/thirds/question/half"


def test_lessons_labs_and_exercises():
    assert finding.lesson("thirds").id == finding.lesson("numbers/thirds").id == "numbers/thirds"
    found = finding.lab("halves/halving")
    assert (found.lesson.id, found.lab.name) == ("numbers/halves", "halving")
    assert found.step.id == "numbers/halves/lab/halving"
    assert [step.name for step in found.predictions] == ["quarter"]
    lesson, step, exercise = finding.exercise("halves")
    assert (lesson.id, step.kind, exercise.lesson) == ("numbers/halves", "exercise", lesson.id)


def test_a_name_that_is_nowhere_is_told_with_what_it_may_have_been():
    with pytest.raises(NotThere, match=r"no lesson 'third'\. Did you mean thirds"):
        finding.lesson("third")
    for search in (finding.question, finding.lab, finding.exercise):
        with pytest.raises(NotThere, match="'zzz'"):
            search("zzz")


def test_a_course_without_lessons(monkeypatch):
    monkeypatch.setattr(finding, "lessons", lambda: ())
    with pytest.raises(NotThere, match="There is none yet"):
        finding.lesson("halves")


def test_a_lesson_that_names_a_question_it_lacks():
    lesson, step = finding.question("why")
    with pytest.raises(NotThere, match="names a question 'whyever'"):
        finding.variant(lesson, replace(step, name="whyever"), 1)
