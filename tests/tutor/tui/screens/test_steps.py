"""Moving between the steps of a column: what is seen afterwards, and what is drawn for it."""

from threading import Event

import pytest
from textual.app import App
from textual.widgets import Static

from tests.tutor.lessons import ID, record
from tests.tutor.looking import text
from tests.tutor.tui.screens.test_lesson import asked, at
from tutor.tui.app import TutorApp
from tutor.tui.classroom.questions import Asking
from tutor.tui.pictures import until
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.widgets.keyline import KeyLine


def bar(view):
    """The kind of line at the left of a step, as it is styled now."""
    return view.styles.border_left[0]


def in_sight(view):
    """Whether all of a step is in the window."""
    window = view.parent.scrollable_content_region
    return window.contains_region(view.region)


async def test_the_bar_is_beside_the_step_that_the_learner_is_at(learning):
    async with learning("question/half") as (app, pilot):
        question = await asked(app, pilot)
        reading = app.screen._views[0]
        assert (bar(reading), bar(question)) == ("blank", "outer")
        await pilot.press("left")
        await until(pilot, lambda: at(app) is reading and reading.has_focus)
        assert (bar(reading), bar(question)) == ("outer", "blank")
        await pilot.press("right")
        await until(pilot, lambda: at(app) is question and question._field.has_focus)
        assert (bar(reading), bar(question)) == ("blank", "outer")


async def test_a_new_step_appears_in_one_paint_whole_and_where_it_stays(learning, monkeypatch):
    painted = []
    display = App._display

    def see(app, screen, renderable):
        display(app, screen, renderable)
        if not app._batch_count:
            painted.append(text(app))

    async with learning("reading/before-even", size=(80, 18)) as (app, pilot):
        monkeypatch.setattr(App, "_display", see)
        await pilot.press("enter")
        view = await asked(app, pilot, "question/even")
        await until(pilot, lambda: in_sight(view))
        first = next(each for each in painted if "Question even" in each)
        assert "Answer with one letter." in first, "all of it, though it begins below the window"


async def test_what_grows_above_pushes_nothing_out_of_sight(learning):
    async with learning("question/half") as (app, pilot):
        question = await asked(app, pilot)
        await app.screen._views[0].mount(Static("\n" * 40))
        await until(pilot, lambda: app.screen._views[0].size.height > 40)
        await until(pilot, lambda: in_sight(question))


@pytest.mark.parametrize("late", [False, True])
async def test_where_a_step_stands_hangs_not_on_what_came_first(learning, monkeypatch, late):
    """The sight of it, or what is asked in it: a line lower was what a busy machine made of it."""
    seen = Event()
    ask = Asking.ask
    monkeypatch.setattr(Asking, "ask", lambda *given: (not late or seen.wait(60)) and ask(*given))
    async with learning("question/pattern") as (app, pilot):
        seen.set()
        view = await asked(app, pilot, "question/pattern")
        end, column = (lambda: view.virtual_region_with_margin.bottom), view.parent
        await until(pilot, lambda: column.scroll_offset.y == end() - column.size.height)


async def test_the_key_line_is_drawn_anew_only_where_it_is_another(learning, monkeypatch):
    async with learning("question/half") as (app, pilot):
        await asked(app, pilot)
        await until(pilot, lambda: "answer" in app.screen.query_one(KeyLine).render().plain)
        drawn = []
        render = KeyLine.render
        monkeypatch.setattr(KeyLine, "render", lambda self: drawn.append(1) or render(self))
        looks = []
        shown = KeyLine.shown
        monkeypatch.setattr(KeyLine, "shown", lambda self: looks.append(1) or shown(self))
        for _ in range(3):
            app.screen.refresh_bindings()
        await until(pilot, lambda: looks)
        await pilot.pause()
        assert not drawn, "the keys are the same"
        await pilot.press("left")
        await until(pilot, lambda: at(app).step.kind == "reading" and drawn)


async def test_a_look_at_the_keys_of_a_screen_that_was_left_is_none(learning):
    async with learning() as (app, pilot):
        line = app.screen.query_one(KeyLine)
        app.leave()
        await until(pilot, lambda: not line.is_attached)
        line._look()  # it was still waiting for a paint


async def test_a_lesson_that_is_opened_again_paints_the_step_one_was_at_and_no_other(
    hand, opened, lesson, monkeypatch
):
    with record(hand.home) as learner:
        for step in lesson.steps[:-1]:
            learner.attempt(step, outcome="right", points=step.points)
        learner.go_to(lesson.steps[-1].id)
    async with opened(hand.home, size=(80, 18)) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        painted, display = [], TutorApp._display

        def record_it(self, screen, renderable):
            if isinstance(screen, LessonRoom):
                painted.append(text(self))
            display(self, screen, renderable)

        monkeypatch.setattr(TutorApp, "_display", record_it)
        app.open_lesson(ID)
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        await until(pilot, lambda: "That was all." in text(app))
        await pilot.pause()
        assert any("Opening the lesson" in each for each in painted)
        assert not [each for each in painted if "divided by 2" in each]
        body = ["".join(each.splitlines()[2:-2]).strip() for each in painted[1:]]
        assert all(body), "and never nothing"
