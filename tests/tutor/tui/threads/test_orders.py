"""What comes of an order: its answer, or words."""

import queue
import sqlite3

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from tutor.tui.threads.lessons import Study
from tutor.tui.threads.orders import Failed, OrderDone, OrderFailed, in_words

NO_FILE = FileNotFoundError(2, "No such file or directory", "notes.ipynb")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (EngineError("No.", "Do."), "No."),
        (NO_FILE, "notes.ipynb cannot be used: no such file or directory."),
        (OSError("broken"), "That did not work: broken."),
        (sqlite3.OperationalError("locked"), "That did not work: locked."),
        (KeyError("size"), "The tutor met what it did not expect: KeyError('size')."),
    ],
)
def test_whatever_goes_wrong_is_said_and_a_mistake_of_ours_is_kept(home, error, what):
    said = in_words(home, error)
    assert said.what == what
    assert said.way_out
    assert (home.path / "logs" / "tutor.log").exists() == isinstance(error, KeyError)


def test_orders_are_carried_out_in_turn_and_none_ends_the_thread(home):
    def fails(classroom):
        raise NO_FILE

    posted = queue.Queue()
    study = Study(home, posted.put)
    study.order(fails)
    study.order(fails, otherwise=print)
    study.order(lambda classroom: type(classroom).__name__, then=print)
    study.begin()
    study.stop()  # after what was ordered
    notice, failed, done = (posted.get_nowait() for _ in range(3))
    assert isinstance(notice, OrderFailed) and "notes.ipynb" in notice.what
    assert isinstance(failed, Failed) and failed.otherwise is print
    assert isinstance(done, OrderDone) and (done.answer, done.then) == ("Classroom", print)
