"""Every screen of the runs as a picture, on real rows whose clock stands still.

At 80x24 in dark, in light and without colour; in a wide window in dark.

A change that is meant is taken over with `pytest --snapshot-update` on this file, after a look.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine.figures import Table, as_dict
from engine.machine import Machine
from lessons.kit.worker.lab import KIND, LabSpec
from tests.tutor.homes import stop_the_clock, write
from tests.tutor.lessons import teach
from tests.tutor.settling import settle
from tutor.config import Config
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.screens.chain import Chain
from tutor.tui.screens.form import Form
from tutor.tui.screens.run import RunRoom
from tutor.tui.widgets.reading import Reading

KEYS = {
    "home": (),
    "tutorial": ("t",),
    "runs": ("u",),
    "score": ("t", "p"),
    "help": ("question_mark",),
    "handin": ("h",),
}


@pytest.fixture
def still(hand, monkeypatch):
    """A hand whose rows and logs all have the same times."""
    teach(monkeypatch)
    monkeypatch.setattr(
        "tutor.tutorial.reader.machine", lambda *_: Machine(2, 12 * 2**30, 9 * 2**30, ())
    )
    monkeypatch.setattr(
        "engine.runs.logs.time", SimpleNamespace(strftime=lambda form: "2026-09-21 14:13:20")
    )
    monkeypatch.setattr(
        "tutor.tui.screens.runs.time",
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
            await settle(pilot)

    return before


VIEWS = {
    "80x24": ((80, 24), "dark"),
    "80x24-light": ((80, 24), "light"),
    "80x24-no-colour": ((80, 24), "no-colour"),
    "160x50": ((160, 50), "dark"),
}


views = pytest.mark.parametrize("looks", VIEWS, indirect=True)


@pytest.fixture
def looks(request, still, snap_compare, monkeypatch):
    """Whether the tutor looks as it did, on the home as it is when this is called."""
    size, mode = VIEWS[request.param]
    monkeypatch.delenv("NO_COLOR", raising=False)
    if mode == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")

    def compare(*keys, run=None, size=size, then=None):
        stop_the_clock(still, monkeypatch)
        app = TutorApp(still.home, Config(theme="light" if mode == "light" else "dark"))
        begin = ready(app, *keys, run=run)

        async def before(pilot):
            await begin(pilot)
            if then is not None:
                await then(app, pilot)
            await settle(pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


@views
@pytest.mark.parametrize("name", KEYS)
def test_under_way(still, looks, name):
    still.chain(upto="sft")
    write(still.begin(), "sft", 0.6)
    assert looks(*KEYS[name])


@views
@pytest.mark.parametrize("name", ["home", "tutorial", "runs"])
def test_new(looks, name):
    assert looks(*KEYS[name])


@views
@pytest.mark.parametrize("name", ["home", "tutorial", "score"])
def test_done(still, looks, name):
    still.chain()
    assert looks(*KEYS[name])


@views
@pytest.mark.parametrize("name", ["baseline", "teach", "sft", "sample", "cascade"])
def test_runs(still, looks, name):
    ids = still.chain()
    assert looks(run=ids[name])


@views
def test_a_lab_that_is_a_run(still, looks):
    spec = LabSpec("numbers/outliers", "schemes")
    number = still.client.submit(KIND, spec)
    rows = (("absmax", 56.78), ("vector-wise", 3.4), ("decomposed", 3.31))
    figure = Table(columns=("scheme", "perplexity"), rows=rows, caption="Oak under each scheme.")
    run = still.begin().run
    still.client.store.end(run.id, "finished", result={"figure": as_dict(figure)})
    assert looks(run=number)


ABOUT = {"samples": "e", "sample": "enter", "record": "s", "cancel": "c"}


@views
@pytest.mark.parametrize("name", ABOUT)
def test_about_a_run(still, looks, name):
    ids = still.chain(upto="student")
    write(still.begin(), "student", 0.6)
    assert looks(ABOUT[name], run=ids["student"])


@views
def test_the_log_of_a_run(still, looks):
    ids = still.chain(upto="teach")

    async def open_it(app, pilot):
        app.view = replace(app.view, log_path="/nowhere/tutor/logs/1.log")  # on any machine
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, Reading))

    assert looks(run=ids["baseline"], then=open_it)


@views
@pytest.mark.parametrize("name", ["which", "compare", "both"])
def test_compared(still, looks, name):
    ids = still.chain()

    async def until_it_opens(app, pilot):
        for key, opens in (("v", "which"), ("end enter", "compare"), ("enter", "both")):
            await pilot.press(*key.split())
            await until(pilot, lambda opens=opens: type(app.screen).__name__.lower() == opens)
            if opens == name:
                return

    assert looks(run=ids["sample"], then=until_it_opens)


@views
def test_interrupted(still, looks):
    still.chain(upto="sft")
    write(still.begin(), "sft", 0.6)
    still.client.store.interrupt()
    assert looks()


@pytest.mark.parametrize("looks", [view for view in VIEWS if view != "160x50"], indirect=True)
def test_too_small(looks):
    assert looks(size=(50, 12))


@views
def test_settings_of_a_stage(still, looks):
    still.chain(upto="sample")
    assert looks("t", "s")


@views
def test_chain(looks, monkeypatch):
    here = Machine(2, 8 * 10**9, 6 * 10**9, ())
    monkeypatch.setattr("tutor.tui.classroom.classroom.machine", lambda *_: here)

    async def a_student_that_is_not_there(app, pilot):
        app.open_chain()
        await until(pilot, lambda: isinstance(app.screen, Chain) and app.screen._machine)
        await pilot.press("ctrl+u", *"acron")
        await until(pilot, lambda: set(app.screen.faults) == {"student"})

    assert looks(then=a_student_that_is_not_there)


@views
def test_form(looks):
    async def a_rank_of_0(app, pilot):
        app.open_form("fine-tune")
        await until(pilot, lambda: isinstance(app.screen, Form) and app.screen.is_mounted)
        await pilot.press("end", "backspace", "backspace", "0")
        await until(pilot, lambda: set(app.screen.faults) == {"lora_r"})

    assert looks(then=a_rank_of_0)
