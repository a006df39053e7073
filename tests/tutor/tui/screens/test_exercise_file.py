"""A file that is typed in here, and elsewhere; the study's thread is the test."""

from types import SimpleNamespace

import pytest

from engine.errors import DiskFull, EngineError
from tutor.tui.classroom import exercise as exercises
from tutor.tui.screens.exercise_file import KeptFile


class Study:
    """Carries out what was ordered when the test says so."""

    def __init__(self):
        self.orders = []

    def order(self, order, then, otherwise):
        self.orders.append((order, then, otherwise))

    def work(self):
        orders, self.orders = self.orders, []
        for order, then, otherwise in orders:
            try:
                answer = order(None)
            except EngineError as error:
                otherwise(error)
            else:
                then(answer)


@pytest.fixture
def study():
    return Study()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "own" / "exercise.py"
    path.parent.mkdir()
    path.write_text("shipped")
    return path


@pytest.fixture
def told():
    return []


@pytest.fixture
def kept(study, path, told):
    text, stamp = exercises.read(path)
    return KeptFile(study, SimpleNamespace(file=path, text=text, stamp=stamp), told.append)


def test_every_text_is_ordered_at_once_and_the_newest_is_written(kept, study, path, monkeypatch):
    written, write = [], exercises.write
    monkeypatch.setattr(exercises, "write", lambda *given: written.append(given) or write(*given))
    for text in ("a", "ab", "abc"):
        kept.save(text)
    assert (kept.saved, len(study.orders)) == (False, 3)
    study.work()
    assert (kept.saved, path.read_text(), len(written)) == (True, "abc", 1)


def test_then_comes_once_it_is_on_the_disk(kept, study, path):
    seen = []
    kept.save("a", lambda: seen.append(path.read_text()))
    assert seen == []
    study.work()
    assert seen == ["a"]


def test_what_another_editor_saved_is_seen_once(kept, study, path, told):
    kept.look(told.append)
    study.work()
    path.write_text("from elsewhere")
    for _ in range(2):
        kept.look(told.append)
        study.work()
    assert told == ["from elsewhere"]


def test_its_own_save_is_none_of_another_editor(kept, study, told):
    kept.save("mine")
    study.work()
    kept.look(told.append)
    study.work()
    assert told == []


def test_what_is_typed_meanwhile_wins(kept, study, path, told):
    path.write_text("from elsewhere")
    kept.look(told.append)
    kept.save("typed")
    study.work()
    assert (told, path.read_text()) == ([], "typed")


def test_a_disk_that_takes_nothing_is_told_and_tried_again(kept, study, path, told, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tutor.tui.classroom.exercise.os.replace", full)
        kept.save("typed", lambda: told.append("saved"))
        study.work()
    assert [type(each) for each in told] == [DiskFull]
    assert (path.read_text(), kept.unwritten) == ("shipped", True)
    kept.save("typed")
    study.work()
    assert (path.read_text(), kept.unwritten) == ("typed", False)
