"""A home whose only worker is the test, and the tutor opened on it."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from tests.tutor.homes import worker
from tests.tutor.settling import quiet
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until


@pytest.fixture(autouse=True)
def waits_for_what_comes(monkeypatch):
    """The pilot waits until the app rests, and not for a while."""
    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", quiet)


@pytest.fixture
def hand(tmp_path):
    """The hand that moves the rows of an empty home."""
    with worker(tmp_path / "home") as hand:
        yield hand


@pytest.fixture
def opened():
    """Opens the tutor on a home, headless, and waits until it has read everything."""

    @asynccontextmanager
    async def open_one(home, size=(80, 24), notices=False):
        app = TutorApp(home)
        async with app.run_test(size=size, notifications=notices) as pilot:
            await until(pilot, lambda: app.seen.machine != "")
            yield app, pilot

    return open_one


@pytest.fixture
def told(monkeypatch):
    """What the learner was told: (title, message) of each notice."""
    said = []
    monkeypatch.setattr(
        TutorApp, "notify", lambda self, message, *, title="", **rest: said.append((title, message))
    )
    return said
