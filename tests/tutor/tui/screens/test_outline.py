"""The outline of a lesson's steps, Home and End, and what the end of a lesson lists."""

import pytest

from tests.tutor.lessons import ID, name, record
from tests.tutor.looking import keys, text
from tutor.learner import bookmarks
from tutor.tui.outside.browser import has_window
from tutor.tui.pictures import until
from tutor.tui.screens.home import Home
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.screens.outline import Outline
from tutor.tui.screens.search import Search
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.steps.end import EndOfLesson


def done(hand, lesson, *, but=()):
    """All steps of the lesson were done, but these; the learner is at the last one."""
    with record(hand.home) as learner:
        for step in lesson.steps:
            if name(step) in but:
                learner.skipped(step)
            else:
                learner.attempt(step, outcome="right", points=step.points)
        learner.go_to(lesson.steps[-1].id)


async def outlined(app, pilot):
    """Open the outline of what is open."""
    await pilot.press("o")
    await until(pilot, lambda: isinstance(app.screen, Outline) and app.screen.complete)
    return app.screen.query_one(Rows)


async def test_the_outline_has_every_step_and_enter_goes_to_one(learning, lesson):
    async with learning("question/half") as (app, pilot):
        room = app.screen
        await until(pilot, lambda: room._view.asked is not None)
        rows = await outlined(app, pilot)
        assert rows.value == f"{ID}/question/half", "the bar is where the learner is"
        assert [row.value for row in rows._rows if row.value] == [step.id for step in lesson.steps]
        assert "Question  half" in text(app) and "0 of 3" in text(app)
        assert "Half of a number is that number divided by 2" in text(app)
        rows.mark(f"{ID}/lab/halving")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is room)
        await until(pilot, lambda: name(room._view.step) == "lab/halving")
        assert f"{lesson.steps.index(room._view.step) + 1} of {len(lesson.steps)}" in text(app)


async def test_home_has_the_outline_of_the_marked_lesson(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        rows = await outlined(app, pilot)
        rows.mark(f"{ID}/exercise/exercise")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert name(app.screen._view.step) == "exercise/exercise"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Home))


async def test_n_goes_to_what_is_left(hand, learning, lesson):
    done(hand, lesson, but=("question/even", "exercise/exercise"))
    async with learning() as (app, pilot):
        rows = await outlined(app, pilot)
        assert "– Question  even" in text(app) and "skipped · 0 of 3" in text(app)
        await pilot.press("n")
        assert rows.value == f"{ID}/question/even"
        await pilot.press("n")
        assert rows.value == f"{ID}/exercise/exercise"
        await pilot.press("n")
        assert rows.value == f"{ID}/question/even", "and around"


async def test_the_outline_says_where_nothing_is_left(hand, learning, lesson):
    done(hand, lesson)
    async with learning() as (app, pilot):
        await outlined(app, pilot)
        assert "next to do" not in keys(app)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom))


async def test_a_lesson_that_is_through_opens_at_its_beginning(hand, learning, lesson):
    done(hand, lesson)
    async with learning() as (app, pilot):
        assert app.screen._view.step is lesson.steps[0]
        await pilot.press("end")
        await until(pilot, lambda: isinstance(app.screen._view, EndOfLesson))
        await pilot.press("home")
        await until(pilot, lambda: app.screen._view.step is lesson.steps[0])


async def test_who_is_in_the_middle_of_it_comes_back_there(hand, learning, lesson):
    done(hand, lesson)
    with record(hand.home) as learner:
        learner.go_to(lesson.steps[3].id)
    async with learning() as (app, _):
        assert app.screen._view.step is lesson.steps[3]


async def test_home_and_end_go_to_the_first_and_the_last_step(learning, lesson):
    async with learning("question/half") as (app, pilot):
        view = app.screen._view
        await until(pilot, lambda: view.asked is not None and app.focused is view._field)
        await pilot.press("1", "2", "home", "3")
        assert view._field.value == "312", "what is typed is gone about in"
        await pilot.press(*["delete"] * 3, "backspace", "end")
        await until(pilot, lambda: app.screen._view.step is lesson.steps[-1])
        await pilot.press("home")
        await until(pilot, lambda: app.screen._view.step is lesson.steps[0])


async def test_the_end_names_what_was_skipped_and_the_points_still_to_be_had(
    hand, learning, lesson
):
    done(hand, lesson, but=("question/even",))
    async with learning(size=(80, 40)) as (app, pilot):
        await pilot.press("end")
        await until(pilot, lambda: "The end of this lesson." in text(app))
        assert "You have 16 of 19 points." in text(app)
        assert "Question even  skipped · 0 of 3" in text(app)
        assert "Question half" not in text(app).split("Left to do")[1]
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Outline))


async def test_the_end_is_said_anew_when_something_was_done_since(hand, learning, lesson, right):
    done(hand, lesson, but=("question/half",))
    async with learning("question/half", size=(80, 40)) as (app, pilot):
        view = app.screen._view
        await until(pilot, lambda: view.asked is not None and app.focused is view._field)
        await pilot.press("end")
        await until(pilot, lambda: "Question half  skipped" in text(app))
        await pilot.press("home", "right")
        await until(pilot, lambda: app.screen._view is view and app.focused is view._field)
        await pilot.press(*right(view), "enter")
        await until(pilot, lambda: view.page.done)
        await pilot.press("end")
        await until(pilot, lambda: "You have 19 of 19 points." in text(app))
        assert "Left to do" not in text(app)


async def test_a_source_that_is_public_is_opened_or_at_least_copied(
    hand, opened, told, monkeypatch
):
    copied, browsed = [], []
    monkeypatch.setattr(
        "tutor.tui.app.TutorApp.copy_to_clipboard", lambda self, text: copied.append(text)
    )
    monkeypatch.setattr("webbrowser.open", lambda url: browsed.append(url) or True)
    monkeypatch.setattr("tutor.tui.outside.browser.has_window", lambda: bool(copied[1:]))
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        app.open_outline("numbers/absmax")
        await until(pilot, lambda: isinstance(app.screen, Outline) and app.screen.complete)
        await pilot.press("end")
        assert "Bennett, Spectra of Quantized Signals (1948)" in text(app)
        assert "https://doi.org/10.1002/" in text(app) and "browser" in keys(app)
        await pilot.press("enter")
        assert told[-1][0].startswith("Copied") and told[-1][1] == copied[0]
        await pilot.press("enter")
        await until(pilot, lambda: browsed == copied[1:] != [])
        assert isinstance(app.screen, Outline)


@pytest.mark.parametrize(
    ("environ", "platform", "window"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "10.0.0.1"}, "darwin", False),
    ],
)
def test_a_browser_is_opened_where_it_has_a_window_of_its_own(environ, platform, window):
    assert has_window(environ, platform) is window


async def test_a_bookmark_is_told_where_it_is_and_search_has_it_before_anything_is_typed(
    hand, learning, lesson
):
    async with learning("question/half") as (app, pilot):
        room = app.screen
        await until(pilot, lambda: room._view.asked is not None)
        await pilot.press("f4")
        await until(pilot, lambda: "2 of 11, bookmark" in text(app).replace("  ", " "))
        await outlined(app, pilot)
        assert "bookmark · 0 of 3" in text(app)
        await pilot.press("escape", "home", "slash")
        await until(pilot, lambda: isinstance(app.screen, Search) and app.screen.complete)
        await until(pilot, lambda: "Bookmark  half" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is room and name(room._view.step) == "question/half")
        await until(pilot, lambda: "no bookmark" in keys(app))
        await pilot.press("f4")
        await until(pilot, lambda: "bookmark" in keys(app))
        assert "bookmark" not in text(app).splitlines()[0]
    with record(hand.home) as learner:
        assert bookmarks.marked(learner.database.rows) == ()
