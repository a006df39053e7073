import os
from types import SimpleNamespace

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from lessons.kit.course.exercise import changed, create, exercise, path, reset
from tests.lessons.kit.small_exercise import SHIPPED, write


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def shipped(tmp_path):
    return write(tmp_path / "lesson")


def test_created_once_and_then_theirs(home, shipped):
    file = create(home, shipped)
    assert file == home.path / "exercises" / "numbers" / "doubling" / "exercise.py"
    assert file == path(home, shipped)
    assert file.read_text() == SHIPPED
    assert not changed(home, shipped)
    file.write_text("mine")
    assert create(home, shipped).read_text() == "mine"
    assert changed(home, shipped)


def test_private_to_its_user(home, shipped):
    before = os.umask(0)
    try:
        file = create(home, shipped)
    finally:
        os.umask(before)
    for each in (file, *file.parents):
        assert each.stat().st_mode & 0o077 == 0, each
        if each == home.path:
            break


def test_not_there_is_not_changed(home, shipped):
    assert not changed(home, shipped)


def test_reset_keeps_every_version_that_was_there(home, shipped):
    file = create(home, shipped)
    kept = []
    for text in ("first", "second"):
        file.write_text(text)
        kept.append(reset(home, shipped))
        assert file.read_text() == SHIPPED
    assert [each.read_text() for each in kept] == ["first", "second"]
    assert [each.name for each in kept] == ["exercise.kept-1.py", "exercise.kept-2.py"]
    assert sorted(each.name for each in file.parent.iterdir()) == [
        "exercise.kept-1.py", "exercise.kept-2.py", "exercise.py"
    ]  # fmt: skip


def test_reset_of_what_is_as_shipped_keeps_nothing(home, shipped):
    assert reset(home, shipped) is None
    assert create(home, shipped).read_text() == SHIPPED
    assert reset(home, shipped) is None


def test_any_bytes_are_kept(home, shipped):
    create(home, shipped).write_bytes(b"\xff\0\n")
    assert reset(home, shipped).read_bytes() == b"\xff\0\n"


def test_a_home_that_cannot_be_written(home, shipped):
    home.path.write_text("a file")
    with pytest.raises(EngineError, match="is not a folder"):
        create(home, shipped)


@pytest.mark.parametrize("name", ["exercise.py", "solution.py", "checks.py"])
def test_of_a_lesson_that_lacks_a_file(shipped, name):
    lesson = SimpleNamespace(id="numbers/doubling", folder=shipped.folder)
    assert exercise(lesson) == shipped
    (shipped.folder / name).unlink()
    with pytest.raises(EngineError, match=name):
        exercise(lesson)
