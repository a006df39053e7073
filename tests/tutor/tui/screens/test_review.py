"""Review: so much of what is due, put off, set aside, taken back, and read up."""

import contextlib

import pytest

from tests.tutor.lessons import know, miss, record
from tests.tutor.looking import keys, skips, text
from tutor import config
from tutor.tui.pictures import until
from tutor.tui.screens.home import Home
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.widgets.keyline import KeyLine


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def reviewing(hand, opened, lesson):
    """Opens a review of two questions, `half`, on which a slip was made, and `even`."""

    @contextlib.asynccontextmanager
    async def opens(size=(80, 24)):
        miss(hand, lesson, "half")
        know(hand, lesson, "even")
        async with opened(hand.home, size=size) as (app, pilot):
            await until(pilot, lambda: app.course.review.due == 2)
            await pilot.press("r")
            await in_hand(app, pilot)
            yield app, pilot

    return opens


async def in_hand(app, pilot, after=None):
    """Wait until a question is asked, another one than `after`; it."""

    def asked():
        if not getattr(app.screen, "complete", False):
            return False
        view = app.screen._view
        if view is after or getattr(view, "asked", None) is None:  # at the end nothing is asked
            return False
        return app.screen._in_hand and app.focused is view._field

    await until(pilot, asked)
    return app.screen._view


async def test_after_long_away_a_review_is_a_part_of_what_is_due_and_more_can_be_asked(
    hand, reviewing, right
):
    config.change(review_session=1, review_day=1)
    async with reviewing() as (app, pilot):
        assert "1 of 1" in text(app)
        assert "2 questions are due. This review asks 1" in text(app)
        view = app.screen._view
        await pilot.press(*right(view), "enter")
        await until(pilot, lambda: "Right." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "That is all for now." in text(app))
        await until(pilot, lambda: "1 more question waits; a day asks 1" in text(app))
        assert keys(app)["1 more"] == "m"
        await pilot.press("m")
        await until(pilot, lambda: app.screen._views and app.screen._views[0] is not view)
        other = await in_hand(app, pilot)
        assert other.step.id != view.step.id


async def test_a_question_is_put_off_and_that_is_taken_back(hand, reviewing):
    async with reviewing() as (app, pilot):
        first = app.screen._view
        assert "take back" not in keys(app)
        await pilot.press(*skips(app))
        second = await in_hand(app, pilot, first)
        assert second is not first
        await until(pilot, lambda: "tomorrow" in str(first._read_as.render()))
        await until(pilot, lambda: keys(app).get("take back") == "ctrl+z")
        await pilot.press("z")
        await until(pilot, lambda: "put off until tomorrow" in text(app))
        assert "set aside; Progress brings it back" in text(app)
        with record(hand.home) as learner:
            assert learner.due() == []
        await pilot.press("ctrl+z")
        assert await in_hand(app, pilot) is second
        await pilot.press("ctrl+z")
        assert await in_hand(app, pilot, second) is first
        with record(hand.home) as learner:
            assert len(learner.due()) == 2


async def test_who_missed_one_goes_on_or_sets_it_aside(hand, reviewing):
    async with reviewing() as (app, pilot):
        first = app.screen._view
        app.screen.action_worked()  # says its price
        app.screen.action_worked()
        await until(pilot, lambda: first.asked.sitting.ending == "missed" and not first._busy)
        await until(pilot, lambda: keys(app).get("next") == "s")
        await pilot.press("s")
        second = await in_hand(app, pilot, first)
        assert second is not first
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: app.screen._view is first)
        await pilot.press("z")
        assert await in_hand(app, pilot, first) is second
    with record(hand.home) as learner:
        assert [each.step for each in learner.due()] == [second.step.id]
        assert learner.agenda.ahead({first.step.id}).set_aside == (first.step.id,)


async def test_an_answer_is_taken_back_and_asked_anew(hand, reviewing, right):
    async with reviewing() as (app, pilot):
        view = app.screen._view
        seed = view.asked.sitting.seed
        await pilot.press(*right(view), "enter")
        await until(pilot, lambda: "Right." in text(app))
        await pilot.press("enter")
        other = await in_hand(app, pilot, view)
        await pilot.press("ctrl+z")
        assert await in_hand(app, pilot, other) is view
        assert view.asked.sitting.seed != seed
        assert "Right." not in text(app)
        with record(hand.home) as learner:
            assert len(learner.due()) == 2
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "take back" not in keys(app))


async def test_a_question_lost_again_and_again_is_named_with_the_text_that_teaches_it(
    hand, reviewing, lesson
):
    async with reviewing() as (app, pilot):
        await pilot.press("escape")
        with record(hand.home) as learner, learner.database.transaction() as connection:
            connection.execute("UPDATE cards SET lapses = 5")
        await until(pilot, lambda: isinstance(app.screen, Home))
        await pilot.press("r")
        view = await in_hand(app, pilot)
        assert "It was lost on several days. Read it up in step" in text(app)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert app.screen._view.step.id == lesson.taught(view.step).id
        await pilot.press("escape")
        assert await in_hand(app, pilot) is view


async def test_the_list_at_the_end_opens_a_question_in_its_lesson(hand, reviewing):
    async with reviewing() as (app, pilot):
        first = app.screen._view
        await pilot.press(*skips(app))
        second = await in_hand(app, pilot, first)
        await pilot.press(*skips(app))
        await until(pilot, lambda: "That is all for now." in text(app))
        review = app.screen
        line = review.query_one(KeyLine)
        await until(pilot, lambda: ("enter", "home") in line.shown())
        await pilot.press("down", "down")
        await until(pilot, lambda: ("enter", "open in its lesson") in line.shown())
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert app.screen._view.step.id == second.step.id
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is review)
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, Home))


async def test_what_only_a_review_can_do_is_first_in_the_footer(reviewing):
    async with reviewing() as (app, pilot):
        first = app.screen._view
        await pilot.press(*skips(app))
        await in_hand(app, pilot, first)
        line = app.screen.query_one(KeyLine)
        await until(pilot, lambda: "^z take back" in line.render().plain)
        shown = line.render().plain
        assert shown.startswith("⏎ answer  s tomorrow  z set aside  ^z take back")
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: line.content_size.width == 58)
        assert line.render().plain.startswith("⏎ answer  s tomorrow  z set aside")
