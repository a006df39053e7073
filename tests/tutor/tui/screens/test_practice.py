"""From Progress to what is shaky: practised, or gone to in its lesson; a review names that."""

import pytest

from tests.tutor.lessons import ID, miss, name, record
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.screens.mastery import Mastery
from tutor.tui.screens.practice import Practice
from tutor.tui.screens.review import Review
from tutor.tui.widgets.shaky import Shaky


async def progress(app, pilot):
    """Open Progress, and wait for what is in it."""
    await until(pilot, lambda: app.course.ready)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, Mastery) and app.screen.complete)
    return app.screen.query_one(Shaky)


async def asked(app, pilot):
    """Wait for the question that is asked now, with its line in focus."""
    await until(pilot, lambda: getattr(app.screen, "complete", False))
    view = app.screen._view
    await until(pilot, lambda: view.asked is not None and app.focused is view._field)
    return view


async def test_what_is_shaky_is_practised_until_it_is_left(hand, opened, lesson, right):
    miss(hand, lesson, "half")
    async with opened(hand.home) as (app, pilot):
        rows = await progress(app, pilot)
        assert rows.value == ("question", f"{ID}/question/half")
        assert "half" in text(app) and "Halves" in text(app)
        assert "practise" in keys(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Practice))
        first = await asked(app, pilot)
        assert "Practice › Halves" in text(app)
        await pilot.press(*right(first), "enter")
        await until(pilot, lambda: "Right." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen._view is not first)
        second = await asked(app, pilot)
        assert second.step is first.step
        assert second.asked.sitting.seed != first.asked.sitting.seed
        assert "1 right" in text(app)
        assert "skip" not in keys(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Mastery))
    with record(hand.home) as learner:
        assert [each.outcome for each in learner.history(limit=1)] == ["right"]


async def test_o_leads_from_progress_and_from_practice_to_the_lesson(hand, opened, lesson):
    miss(hand, lesson, "half")
    async with opened(hand.home) as (app, pilot):
        await progress(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert name(app.screen._view.step) == "question/half"
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, Practice))
        await asked(app, pilot)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert name(app.screen._view.step) == "question/half"


async def test_a_slip_that_recurs_is_a_row_too(hand, opened, lesson, right):
    from lessons.kit import question
    from lessons.kit.answers.grading import grade

    step = lesson.step("question/half")
    with record(hand.home) as learner:
        sitting = learner.sitting(step, "half")
        for _ in range(2):
            made = question.variant(lesson.questions()["half"], sitting.seed)
            slip = str(next(iter(made.body.slips)).value)
            learner.answer(step, sitting, slip, grade(made, slip))
            sitting = learner.another(step, sitting)
    async with opened(hand.home, size=(100, 40)) as (app, pilot):
        rows = await progress(app, pilot)
        assert "Slips that recur" in text(app)
        assert "on 2 of 2 variants" in text(app)
        await pilot.press("down")
        assert rows.value[:2] == ("slip", step.id)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Practice))


async def test_where_nothing_is_shaky_no_key_says_so(hand, opened, lesson, told):
    with record(hand.home) as learner:
        learner.read(lesson.steps[0])
    async with opened(hand.home) as (app, pilot):
        await progress(app, pilot)
        assert "practise" not in keys(app) and "its lesson" not in keys(app)
        await pilot.press("o")
        assert told == [("Not now", "Nothing is shaky.")]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_arrows_scroll_beyond_what_is_shaky(hand, opened, lesson, size):
    miss(hand, lesson, "half")
    async with opened(hand.home, size=size) as (app, pilot):
        await progress(app, pilot)
        column = app.screen.query_one("#mastery")
        await until(pilot, lambda: column.max_scroll_y > 0)
        await pilot.press(*["down"] * 60)
        await until(pilot, lambda: column.scroll_y == column.max_scroll_y)
        await pilot.press(*["up"] * 60)
        await until(pilot, lambda: column.scroll_y == 0)


async def test_a_review_names_the_lesson_of_its_question_and_leads_to_it(hand, opened, lesson):
    miss(hand, lesson, "half")
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "1 question due" in text(app))
        await pilot.press("r")
        await asked(app, pilot)
        assert "Review › Halves" in text(app)
        assert "its lesson" in keys(app)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert name(app.screen._view.step) == "question/half"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Review))


async def test_what_is_set_aside_is_brought_back_from_progress(hand, opened, lesson):
    miss(hand, lesson, "half")
    with record(hand.home) as learner:
        learner.agenda.set_aside(f"{ID}/question/half")
        assert learner.due() == []
    async with opened(hand.home, size=(120, 40)) as (app, pilot):
        rows = await progress(app, pilot)
        await until(pilot, lambda: "Set aside: in no review" in text(app))
        assert "Reviews of the next 14 days" not in text(app), "nothing comes back"
        await pilot.press("end", "down")
        await until(pilot, lambda: rows.what == "aside")
        assert keys(app)["bring back"] == "enter"
        await pilot.press("enter")
        await until(pilot, lambda: "Set aside" not in text(app))
        await until(pilot, lambda: "Reviews of the next 14 days" in text(app))
    with record(hand.home) as learner:
        assert len(learner.due()) == 1


async def test_a_question_lost_again_and_again_is_led_back_to_its_text(hand, opened, lesson):
    miss(hand, lesson, "half")
    with record(hand.home) as learner, learner.database.transaction() as connection:
        connection.execute("UPDATE cards SET lapses = 5")
    async with opened(hand.home) as (app, pilot):
        rows = await progress(app, pilot)
        await until(pilot, lambda: "Lost on several days: read it up" in text(app))
        assert (rows.what, rows.step) == ("leech", f"{ID}/question/half")
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert app.screen._view.step == lesson.taught(lesson.step("question/half"))
