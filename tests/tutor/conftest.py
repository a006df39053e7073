"""A home whose only worker is the test, and the tutor opened on it."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from tests.tutor.homes import worker
from tutor.app import TutorApp
from tutor.picture import until


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
