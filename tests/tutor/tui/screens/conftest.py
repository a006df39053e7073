"""A lesson opened in the tutor, and its answers."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from lessons.kit import question
from lessons.kit.bench.bench import Bench
from lessons.kit.display import answer_text
from tests.tutor.lessons import ID, teach
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until


@pytest.fixture
def lesson(monkeypatch):
    """The small lesson, in place of the course's."""
    return teach(monkeypatch)


@pytest.fixture(scope="session")
def warm_bench():
    """One process for the labs of many tests; `test_walk` and others have the tutor's own."""
    with Bench() as bench:
        yield bench


@pytest.fixture
def lent_bench(warm_bench, monkeypatch):
    """The tutor computes its labs there, and leaves nothing of them behind."""
    monkeypatch.setattr(TutorApp, "bench", warm_bench)
    yield
    warm_bench.cancel()


@pytest.fixture
def learning(hand, opened, lesson, lent_bench):
    """Opens the small lesson, and waits until its steps are there."""

    @asynccontextmanager
    async def open_it(at="", size=(80, 24)):
        async with opened(hand.home, size=size) as (app, pilot):
            await until(pilot, lambda: app.course.ready)
            app.open_lesson(ID, at and f"{ID}/{at}")
            await until(pilot, lambda: getattr(app.screen, "complete", False))
            yield app, pilot

    return open_it


@pytest.fixture
def right(lesson):
    """What is to be typed for a question, as it is asked now."""

    def answer(view):
        asked = view.asked
        made = question.variant(lesson.questions()[view.step.name], asked.sitting.seed)
        return answer_text(made.body)

    return answer
