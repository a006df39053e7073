"""Jump mode: a letter goes to a widget, to a step, to a row."""

from engine.figures import Table
from tests.tutor.lessons import ID, name
from tests.tutor.looking import lines
from tests.tutor.tui.screens.test_lesson import asked
from tutor.report.saving.shown import Shown
from tutor.tui.pictures import until
from tutor.tui.screens.figure import FigureRoom
from tutor.tui.screens.help import help_on
from tutor.tui.screens.home import Home
from tutor.tui.screens.jump import Jump, targets
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.widgets.rows import Rows


async def letters(app, pilot):
    """Open jump mode; the letters by the line on which they stand."""
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(app.screen, Jump))
    await pilot.pause()
    return {target.at.y: letter for letter, target in app.screen._targets.items()}


async def test_a_letter_marks_a_row(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        row = next(y for y, line in enumerate(lines(app)) if "The five tasks" in line)
        shown = await letters(app, pilot)
        assert lines(app)[row].split()[0] == shown[row], "the letter stands where it goes"
        assert app.screen.styles.background.a < 1, "and what it stands on is seen"
        await pilot.press(shown[row])
        await until(pilot, lambda: app.screen.query_one(Rows).value == "tutorial")
        assert isinstance(app.screen, Home) and app.screen.query_one(Rows).has_focus


async def test_a_letter_goes_to_a_step_that_is_in_sight(learning):
    async with learning("question/half", size=(80, 30)) as (app, pilot):
        room = app.screen
        await asked(app, pilot)
        first = room._views[0]
        shown = await letters(app, pilot)
        await pilot.press(shown[first.region.y])
        await until(pilot, lambda: app.screen is room and room._view is first)
        line = room._views[1]._field
        shown = await letters(app, pilot)
        await pilot.press(shown[line.region.y])
        await until(pilot, lambda: line.has_focus and room._view is room._views[1])


async def test_any_other_key_takes_the_letters_away(learning):
    async with learning("question/half") as (app, pilot):
        room = app.screen
        await asked(app, pilot)
        for key in ("escape", "1", "enter"):
            await letters(app, pilot)
            await pilot.press(key)
            await until(pilot, lambda: app.screen is room)
            assert app.focused is room._view._field and room._view._field.value == ""


async def test_only_what_is_in_sight_has_a_letter(hand, opened, lesson):
    hand.chain()
    async with opened(hand.home, size=(80, 18)) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await pilot.press("end")
        shown = await letters(app, pilot)
        assert shown and all(2 <= line < 16 for line in shown)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Home))
        app.open_lesson(ID)
        await until(pilot, lambda: isinstance(app.screen, LessonRoom) and app.screen.complete)
        assert name(app.screen._view.step).startswith("reading/")


async def test_where_there_is_only_one_thing_no_key_for_letters_is_named(hand, opened):
    table = Table(columns=("a",), rows=((1,),), caption="All of it.", values={"a": 1})
    async with opened(hand.home) as (app, pilot):
        app.push_screen(FigureRoom("Here", Shown(table)))
        await until(pilot, lambda: app.focused is not None and app.focused.id == "full")
        assert targets(app.screen) == []
        assert "f3" not in flat_help(app)
        app.pop_screen()
        await until(pilot, lambda: isinstance(app.screen, Home))
        assert "f3" in flat_help(app)


def flat_help(app):
    """What the help says of the screen."""
    return " ".join(str(each.first) + each.content.plain for each in help_on(app.screen)._words)


async def test_what_is_not_laid_out_yet_has_no_letter(learning):
    """A key that comes between a step's mounting and its first paint."""
    async with learning("question/half") as (app, _):
        room = app.screen
        there = len(targets(room))
        new = Rows()
        await room.query_one("#stage").mount(new)
        with app.batch_update():
            assert new in room.focus_chain
            assert len(targets(room)) == there
