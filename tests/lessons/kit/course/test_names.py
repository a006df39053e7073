"""Old names: what they stand for today, and that none is lost without a word."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lessons.kit.course import course, lesson
from lessons.kit.course.names import before, today
from lessons.kit.linting.finding import Notes
from lessons.kit.linting.names import check_old_names, released, written

RENAMED = {
    "numbers/absmax": "numbers/abs-max",
    "numbers/abs-max": "basics/abs-max",
    "numbers/absmax/question/absmax-scale": "numbers/absmax/question/scale",
    "numbers/ranges/lab/clip": "numbers/outliers/lab/clipped",
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numbers/absmax", "basics/abs-max"),
        ("numbers/absmax/lab/absmax", "basics/abs-max/lab/absmax"),
        ("numbers/absmax/question/absmax-scale", "basics/abs-max/question/scale"),
        ("numbers/absmax/reading/before-absmax-scale", "basics/abs-max/reading/before-scale"),
        ("numbers/ranges/lab/clip", "numbers/outliers/lab/clipped"),
        ("numbers/ranges/reading/before-clip", "numbers/outliers/reading/before-clipped"),
        ("numbers/ranges/reading/before-lab-clip", "numbers/outliers/reading/before-lab-clipped"),
        ("numbers/ranges/question/clip", "numbers/ranges/question/clip"),
        ("numbers/ranges/reading/end", "numbers/ranges/reading/end"),
        ("numbers/integers", "numbers/integers"),
        ("", ""),
    ],
)
def test_what_a_name_stands_for_today(old, new):
    assert today(old, RENAMED) == new


def test_a_lesson_knows_what_it_was_called():
    assert before("basics/abs-max", RENAMED) == ["numbers/absmax", "numbers/abs-max"]
    assert before("numbers/integers", RENAMED) == []


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="a/b is renamed in a circle"):
        today("a/b", {"a/b": "a/c", "a/c": "a/b"})


def found(released, lessons=("numbers/absmax/question/scale",), **course_has):
    there = {}
    for id in lessons:
        there.setdefault(id.rsplit("/", 2)[0], []).append(SimpleNamespace(id=id))
    made = [SimpleNamespace(id=id, steps=steps) for id, steps in there.items()]
    ids = tuple(there)
    units = tuple(course.Unit(id.split("/")[0], "", "", lessons=(id.split("/")[1],)) for id in ids)
    notes = Notes()
    check_old_names(course.Course("", "", units, **course_has), made, released, notes)
    return [f"{each.lesson}: {each.says}" for each in notes.findings]


def test_a_name_that_was_out_and_is_gone_is_told_once_for_its_lesson():
    (says,) = found(["numbers/absmax/question/absmax-scale", "numbers/absmax/lab/absmax"])
    assert says.startswith("numbers/absmax: question/absmax-scale, lab/absmax are no longer in the")
    assert "[renamed]" in says


@pytest.mark.parametrize(
    "has",
    [
        {"renamed": {"numbers/absmax/question/old": "numbers/absmax/question/scale"}},
        {"removed": ("numbers/absmax/question/old",)},
        {"removed": ("numbers/absmax",), "lessons": ("numbers/integers/lab/pattern",)},
    ],
)
def test_a_name_that_has_a_new_one_or_is_said_to_be_removed_is_right(has):
    assert found(["numbers/absmax/question/old"], **has) == []


@pytest.mark.parametrize(
    ("has", "says"),
    [
        ({"renamed": {"numbers/absmax": "numbers/abs-max"}}, "but it is in the course"),
        ({"renamed": {"numbers/old": "numbers/new"}}, "numbers/new, which there is not"),
        ({"removed": ("numbers/absmax/question/scale",)}, "but it is in the course"),
    ],
)
def test_what_the_course_says_of_old_names_is_held_against_it(has, says):
    (told,) = found([], **has)
    assert says in told


def test_names_are_added_and_none_is_taken_out(tmp_path, monkeypatch):
    names = ["numbers/old/lab/gone"]
    lessons = [SimpleNamespace(steps=[SimpleNamespace(id="numbers/new/question/a")])]
    (tmp_path / "names.toml").write_text(written(lessons, names), encoding="utf-8")
    monkeypatch.setattr("lessons.kit.linting.names.files", lambda package: tmp_path)
    assert released() == ("numbers/old/lab/gone", "numbers/new/question/a")


def test_a_lesson_is_found_by_a_name_that_it_had(monkeypatch):
    known = replace(course.load(), renamed={"numbers/old": "numbers/absmax"})
    monkeypatch.setattr(course, "load", lambda: known)
    assert lesson.lesson.__wrapped__("numbers/old").id == "numbers/absmax"
