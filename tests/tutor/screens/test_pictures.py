"""Every screen as a picture, at both sizes, on real rows whose clock stands still.

A change that is meant is taken over with `pytest --snapshot-update` on this file, after a look.
"""

from types import SimpleNamespace

import pytest

from tests.tutor.homes import stop_the_clock, write
from tests.tutor.lessons import teach
from tutor.app import TutorApp
from tutor.picture import until
from tutor.screens.run import RunRoom

KEYS = {
    "home": (),
    "tutorial": ("t",),
    "runs": ("u",),
    "score": ("t", "p"),
    "help": ("question_mark",),
}


@pytest.fixture
def still(hand, monkeypatch):
    """A hand whose rows and logs all have the same times."""
    teach(monkeypatch)
    monkeypatch.setattr("tutor.reader.machine", lambda: "CPU, 2 cores")
    monkeypatch.setattr(
        "engine.runs.logs.time", SimpleNamespace(strftime=lambda form: "2026-09-21 14:13:20")
    )
    monkeypatch.setattr(
        "tutor.screens.runs.time",
        SimpleNamespace(strftime=lambda *_: "21 Sep 14:03", localtime=lambda at: at),
    )
    yield hand


def ready(app, *keys, run=None):
    """Opens what is to be seen."""

    async def before(pilot):
        await until(pilot, lambda: app.seen.machine != "" and app.course.ready)
        if run is not None:
            app.open_run(run)
            await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)
        for key in keys:
            bottom = app.screen
            await pilot.press(key)
            await until(pilot, lambda bottom=bottom: app.screen is not bottom)
        await pilot.pause()

    return before


def sizes(test):
    """Both sizes that the screens are made for."""
    return pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])(test)


@sizes
@pytest.mark.parametrize("name", KEYS)
def test_under_way(still, snap_compare, monkeypatch, name, size):
    still.chain(upto="sft")
    write(still.begin(), "sft", 0.6)
    stop_the_clock(still, monkeypatch)
    app = TutorApp(still.home)
    keys = KEYS[name]
    assert snap_compare(app, terminal_size=size, run_before=ready(app, *keys))


@sizes
@pytest.mark.parametrize("name", ["home", "tutorial", "runs"])
def test_new(still, snap_compare, name, size):
    app = TutorApp(still.home)
    keys = KEYS[name]
    assert snap_compare(app, terminal_size=size, run_before=ready(app, *keys))


@sizes
@pytest.mark.parametrize("name", ["home", "tutorial", "score"])
def test_done(still, snap_compare, monkeypatch, name, size):
    still.chain()
    stop_the_clock(still, monkeypatch)
    app = TutorApp(still.home)
    keys = KEYS[name]
    assert snap_compare(app, terminal_size=size, run_before=ready(app, *keys))


@sizes
@pytest.mark.parametrize("name", ["baseline", "teach", "sft", "sample", "cascade"])
def test_runs(still, snap_compare, monkeypatch, name, size):
    ids = still.chain()
    stop_the_clock(still, monkeypatch)
    app = TutorApp(still.home)
    assert snap_compare(app, terminal_size=size, run_before=ready(app, run=ids[name]))


@sizes
@pytest.mark.parametrize("name", ["samples", "sample", "record", "cancel"])
def test_about_a_run(still, snap_compare, monkeypatch, name, size):
    ids = still.chain(upto="student")
    write(still.begin(), "student", 0.6)
    stop_the_clock(still, monkeypatch)
    app = TutorApp(still.home)
    key = {"samples": "e", "sample": "enter", "record": "s", "cancel": "c"}[name]
    assert snap_compare(app, terminal_size=size, run_before=ready(app, key, run=ids["student"]))


@sizes
def test_interrupted(still, snap_compare, monkeypatch, size):
    still.chain(upto="sft")
    write(still.begin(), "sft", 0.6)
    stop_the_clock(still, monkeypatch)
    still.client.store.interrupt()
    app = TutorApp(still.home)
    assert snap_compare(app, terminal_size=size, run_before=ready(app))


def test_too_small(still, snap_compare):
    app = TutorApp(still.home)
    assert snap_compare(app, terminal_size=(50, 12), run_before=ready(app))
