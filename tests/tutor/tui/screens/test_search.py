"""Search: typed from anywhere, and opened where it is."""

from collections import Counter

import pytest
from textual.events import Paste

from lessons.kit.course.lesson import every_lesson
from tests.tutor.lessons import ID, name
from tests.tutor.looking import keys, lines, text
from tests.tutor.tui.screens.test_jump import letters
from tutor.tui.pictures import until
from tutor.tui.screens.handin.notebook import Export, Verify
from tutor.tui.screens.handin.room import HandIn
from tutor.tui.screens.home import Home
from tutor.tui.screens.lesson import LessonRoom
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.runs import Runs
from tutor.tui.screens.search import Search, SearchLine
from tutor.tui.screens.settings import Settings
from tutor.tui.screens.tutorial import Tutorial
from tutor.tui.widgets.rows import Rows

MOST = 6
"""Keys from Home to anything, beside what is typed to search."""


async def search(app, pilot, typed, *, pastes=False):
    """Look for something from wherever one is."""
    await pilot.press("slash")
    await until(pilot, lambda: isinstance(app.screen, Search) and app.screen.complete)
    if pastes:
        app.post_message(Paste(typed))
    else:
        await pilot.press(*("space" if c == " " else "minus" if c == "-" else c for c in typed))
    await until(pilot, lambda: app.screen.query_one(SearchLine).value == typed)
    await pilot.pause()


async def go(app, pilot, typed, opens, *, pastes=False):
    """Look for it, go down to it and open it; how many keys that took beside what was typed."""
    await search(app, pilot, typed, pastes=pastes)
    found = [hit.item.opens for hit in app.screen._found.hits]
    downs = found.index(opens)
    await pilot.press(*["down"] * downs, "enter")
    return 1 + downs + 1


async def home(app, pilot):
    """Back to Home, by esc alone."""
    while not isinstance(app.screen, Home):
        await pilot.press("escape")
        await pilot.pause()


async def test_from_home_everything_is_at_most_six_keys_away(hand, opened, lesson):
    """Beside what is typed. `test_index` holds every step of the course to the same rank."""
    ids = hand.chain(upto="sft")
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        for at, step in list(enumerate(lesson.steps, 1))[2::4]:
            took = await go(app, pilot, f"halves {at}", ("step", ID, step.id))
            await until(pilot, lambda: getattr(app.screen, "complete", False))
            assert isinstance(app.screen, LessonRoom) and took <= MOST
            assert name(app.screen._view.step) == name(step)
            await home(app, pilot)
        run = ids["sft"]
        took = await go(app, pilot, f"run {run}", ("run", run))
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == run and took <= MOST
        await home(app, pilot)
        there = [str(each.title) for each in app.get_system_commands(app.screen)]
        await search(app, pilot, "command")
        for at, title in enumerate(there):
            app.screen.query_one(SearchLine).value = f"command {title.lower()}"
            await pilot.pause()
            found = [hit.item.opens for hit in app.screen._found.hits]
            assert found.index(("command", at)) <= MOST - 2, title


async def test_from_home_the_notebook_is_written_and_a_run_opened_in_six_keys(
    hand, opened, lesson, tmp_path, monkeypatch
):
    """By search, and by keys alone; a row of a list that is in sight has a letter in jump mode."""
    monkeypatch.chdir(tmp_path)
    oldest = min(hand.chain().values())
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        commands = [str(each.title) for each in app.get_system_commands(app.screen)]
        export = ("command", commands.index("Export the tutorial"))
        took = await go(app, pilot, "export", export)
        await until(pilot, lambda: isinstance(app.screen, Export))
        assert took + len(["enter"]) <= MOST, "which writes it"
        await home(app, pilot)

        for key, opens in (("h", HandIn), ("enter", Export), ("enter", Verify)):
            await pilot.press(key)
            await until(pilot, lambda opens=opens: isinstance(app.screen, opens))
        await until(pilot, lambda: not app.screen.going_on)
        assert (tmp_path / "tutorial.ipynb").exists()
        await home(app, pilot)

        await pilot.press("u")
        await until(
            pilot, lambda: isinstance(app.screen, Runs) and app.screen.query_one(Rows).value
        )
        row = next(y for y, line in enumerate(lines(app)) if line.split()[:1] == [f"{oldest}"])
        shown = await letters(app, pilot)
        await pilot.press(shown[row], "enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == oldest and len(["u", "f3", "its letter", "enter"]) <= MOST


@pytest.mark.slow
async def test_every_step_of_the_course_is_at_most_six_keys_away(hand, opened):
    """The same with the course itself, each step opened from Home by keys alone.

    What is looked for is pasted: it does not count, and its keys would be most of the time.
    """
    tally = Counter()
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        for lesson in every_lesson():
            for at, step in enumerate(lesson.steps, 1):
                sought = f"{lesson.title} {at}"
                took = await go(app, pilot, sought, ("step", lesson.id, step.id), pastes=True)
                await until(pilot, lambda: getattr(app.screen, "complete", False))
                assert app.screen._view.step.id == step.id
                tally[took] += 1
                await home(app, pilot)
    print(
        f"\n{tally.total()} steps of the course; by keys from Home: {dict(sorted(tally.items()))}"
    )
    assert max(tally) <= MOST


async def test_a_setting_a_task_and_a_command_are_opened_too(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await go(app, pilot, "braille", ("setting", "plot_symbols"))
        await until(pilot, lambda: isinstance(app.screen, Settings))
        await until(pilot, lambda: app.screen.query_one(Rows).value == "plot_symbols")
        await home(app, pilot)
        await go(app, pilot, "fine-tune", ("task", "fine-tune"))
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        await home(app, pilot)
        await search(app, pilot, "shaky")
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "Mastery")
        assert len(app.screen_stack) == 2, "search has given way"


async def test_what_is_marked_is_said_in_full_and_the_words_are_counted(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await search(app, pilot, "divided")
        assert "Trial › Halves, step 1" in text(app)
        assert "Half of a number is that number divided by 2." in text(app)
        assert "1 found" in text(app)
        await pilot.press("escape")
        await search(app, pilot, "divded")
        assert "divded taken for divided" in text(app)


async def test_it_says_what_to_do_where_nothing_is_found(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await search(app, pilot, "")
        assert "Any words of a lesson" in text(app)
        assert "open" not in keys(app) and "search" not in keys(app)
        await pilot.press(*"qqqq")
        await until(pilot, lambda: "Nothing here has “qqqq”." in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Home))


async def test_what_was_looked_for_last_is_there_and_typing_takes_its_place(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await search(app, pilot, "half")
        await pilot.press("escape", "slash")
        await until(pilot, lambda: isinstance(app.screen, Search) and app.screen.complete)
        assert app.screen.query_one(SearchLine).value == "half" and app.screen._found.hits
        await pilot.press("e")
        assert app.screen.query_one(SearchLine).value == "e"


async def test_a_lesson_that_is_open_is_gone_back_to_at_the_step(learning):
    async with learning() as (app, pilot):
        room = app.screen
        await go(app, pilot, "exercise", ("step", ID, f"{ID}/exercise/exercise"))
        await until(pilot, lambda: app.screen is room)
        await until(pilot, lambda: name(room._view.step) == "exercise/exercise")
        assert len(app.screen_stack) == 2


async def test_a_course_that_cannot_be_read_leaves_the_rest_to_be_found(
    hand, opened, lesson, monkeypatch
):
    from engine.errors import EngineError
    from tutor.tui.classroom.classroom import Classroom

    def broken(classroom):
        raise EngineError("The disk is gone.", "Find it.")

    monkeypatch.setattr(Classroom, "index", broken)
    async with opened(hand.home) as (app, pilot):
        await search(app, pilot, "")
        await until(pilot, lambda: "The disk is gone. Find it." in text(app))
        await pilot.press(*"theme")
        await until(pilot, lambda: "theme" in text(app).splitlines()[5])


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 50)])
async def test_every_row_has_its_place_at_every_width(hand, opened, size):
    """The place is never cut silently, and stands at the right edge."""
    async with opened(hand.home, size=size) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await search(app, pilot, "outlier")
        rows = [line for line in text(app).splitlines() if ", step " in line][:-1]
        assert len(rows) > 3
        for line in rows:
            assert line.rstrip(" ▁▂▃▄▅▆▇█").rpartition(", step ")[2].isdigit(), line
