"""A task in a lesson: it says how its runs stand, opens the tutorial there, and is done by them."""

from contextlib import asynccontextmanager

import pytest

from tests.tutor.homes import write
from tests.tutor.lessons import record
from tests.tutor.looking import keys, text
from tests.tutor.task_lesson import ID, task_lesson
from tutor.tui.pictures import until
from tutor.tui.screens.tutorial import Tutorial

STEP = f"{ID}/task/fine-tune"


@pytest.fixture
def at_task(hand, opened, monkeypatch, tmp_path):
    """Opens the lesson at its task."""
    lesson = task_lesson(tmp_path)
    monkeypatch.setattr("tutor.tui.classroom.classroom.lesson", lambda id: lesson)

    @asynccontextmanager
    async def open_it():
        async with opened(hand.home) as (app, pilot):
            app.open_lesson(ID, STEP)
            await until(pilot, lambda: getattr(app.screen, "complete", False))
            yield app, pilot

    return open_it


async def test_it_says_what_it_is_how_it_stands_and_what_it_is_worth(at_task):
    async with at_task() as (app, _):
        words = text(app)
        assert "Task Fine-tune · 20 points" in words
        assert "Train a LoRA adapter over the 4-bit student, and score it again." in words
        assert "○ not run yet" in words
        assert "0 of 20 points · your settings" in words
        assert "0/0 points" in words, "its points are its runs', not the lesson's"


async def test_enter_opens_the_tutorial_at_the_task(at_task):
    async with at_task() as (app, pilot):
        assert keys(app)["open"] == "enter"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)
        assert app.focused.standing.stage.id == "fine-tune"


async def test_where_the_tutorial_is_open_below_it_is_gone_back_to(at_task):
    async with at_task() as (app, pilot):
        app.action_tutorial()
        await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)
        deep = len(app.screen_stack)
        app.action_runs()
        app.open_task("cascade")
        await until(pilot, lambda: app.focused.standing.stage.id == "cascade")
        assert len(app.screen_stack) == deep


async def test_it_follows_its_runs_and_is_done_when_they_have_finished(at_task, hand):
    ids = hand.chain(upto="sft")
    async with at_task() as (app, pilot):
        await until(pilot, lambda: "· queued" in text(app))
        begun = hand.begin()
        write(begun, "sft", 0.5)
        await until(pilot, lambda: "▸ running" in text(app))
        assert not app.screen._view.page.done
        hand.client.store.end(ids["sft"], "finished", result={"validation_loss": 0.5})
        hand.compute("student")
        await until(pilot, lambda: app.screen._view.page.done)
        assert "✓ finished  EM 0.46" in text(app)
        assert f"20 of 20 points by run {ids['student']}" in text(app)
        assert keys(app)["next"] == "enter"
    with record(hand.home) as learner:
        attempts = [(each.outcome, each.typed) for each in learner.history(STEP)]
        assert attempts == [("computed", f"run {ids['student']}")]
