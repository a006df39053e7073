"""The exercise screen, with the real grader on the learner's real file."""

from contextlib import asynccontextmanager

import pytest

from tests.tutor.lessons import ID, record
from tests.tutor.looking import keys, text
from tutor.config import Config
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.exercise import ExerciseRoom
from tutor.tui.widgets.editor import Editor

SOLVED = '''"""Halves."""


def half(number):
    return number / 2
'''


@pytest.fixture
def exercising(hand, opened, lesson):
    @asynccontextmanager
    async def open_it(size=(80, 24)):
        async with opened(hand.home, size=size) as (app, pilot):
            app.push_screen(ExerciseRoom(lesson, lesson.step("exercise/exercise")))
            await until(pilot, lambda: getattr(app.screen, "complete", False))
            yield app, pilot

    return open_it


def said(app):
    """What stands over the checks."""
    return str(app.screen.query_one("#outcome").render())


def results(app):
    return app.screen.query_one("#results").render().plain


def file_of(hand):
    return hand.home.path.joinpath("exercises", *ID.split("/"), "exercise.py")


async def test_it_opens_the_learners_file_beside_its_checks(exercising, hand):
    async with exercising() as (app, _):
        assert "raise NotImplementedError" in text(app)
        assert "half halves an odd number too." in results(app)
        assert file_of(hand).exists()


async def test_what_is_typed_is_saved_and_checked(exercising, hand):
    async with exercising() as (app, pilot):
        editor = app.screen.query_one(Editor)
        editor.load_text(SOLVED)
        await until(pilot, lambda: file_of(hand).read_text() == SOLVED)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "All 2 checks passed." in said(app))
        assert results(app).startswith("✓")
        with record(hand.home) as learner:
            place = learner.step(f"{ID}/exercise/exercise")
        assert (place.state, place.points) == ("done", 10)


async def test_every_key_is_on_the_disk_before_the_next_second(exercising, hand):
    """A kill -9 right after the last key finds it there: no timer stands between."""
    async with exercising() as (app, pilot):
        app.screen.query_one(Editor).move_cursor((0, 0))
        await pilot.press("#", "a")
        kept = app.screen.kept
        assert not kept.saved or file_of(hand).read_text().startswith("#a")
        await until(pilot, lambda: file_of(hand).read_text().startswith("#a"))
        await until(pilot, lambda: "saved" in text(app))


async def test_a_window_that_was_too_small_gives_the_focus_back(exercising):
    """Else what is typed next would be keys: R begins the file anew."""
    async with exercising() as (app, pilot):
        editor = app.screen.query_one(Editor)
        assert app.focused is editor
        await pilot.resize_terminal(59, 24)
        await until(pilot, lambda: "needs 60 columns" in text(app))
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: "40 and 12" in " ".join(text(app).split()))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.focused is editor)


async def test_what_could_not_be_saved_is_not_left_without_a_word(exercising, hand, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    async with exercising() as (app, pilot):
        room = app.screen
        with monkeypatch.context() as patch:
            patch.setattr("tutor.tui.classroom.exercise.os.replace", full)
            await pilot.press("#")
            await until(pilot, lambda: "is full" in said(app))
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "could not be saved" in text(app)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is room)
        await pilot.press("ctrl+r")  # there is room again
        await until(pilot, lambda: file_of(hand).read_text().startswith("#"))
        await until(pilot, lambda: room.kept.saved)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not room)


async def test_a_failed_check_shows_expected_and_got(exercising, hand):
    async with exercising() as (app, pilot):
        app.screen.query_one(Editor).load_text(SOLVED.replace("/ 2", "// 2"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "1 of 2 checks passed." in said(app))
        assert "expected 3.5" in results(app)
        with record(hand.home) as learner:
            assert learner.points(ID) == 0


async def test_what_is_to_be_mended_is_in_sight_without_a_key(exercising):
    """The passed ones come last, and the first failure stands above the fold."""
    async with exercising() as (app, pilot):
        app.screen.query_one(Editor).load_text(SOLVED.replace("/ 2", "// 2"))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "1 of 2 checks passed." in said(app))
        told = results(app)
        assert told.index("✗") < told.index("✓")
        await until(pilot, lambda: "got      3" in text(app))
        assert "expected 3.5" in text(app)


async def test_the_top_line_says_where_the_cursor_is(exercising):
    async with exercising() as (app, pilot):
        await pilot.press("ctrl+l", *"3", "enter")
        await until(pilot, lambda: "exercise.py · line 3, column 1 · saved" in text(app))
        await pilot.press("x")
        await until(pilot, lambda: "exercise.py · line 3, column 2 · saved" in text(app))


async def test_shift_tab_does_not_leave_the_file(exercising):
    """What is typed next would be commands: q closes the tutor."""
    async with exercising() as (app, pilot):
        editor = app.screen.query_one(Editor)
        await pilot.press("ctrl+end", "enter", "shift+tab", *"q=1")
        assert app.focused is editor
        assert editor.text.endswith("\nq=1")


async def test_help_lists_the_keys_of_the_file_wherever_the_focus_is(exercising):
    async with exercising((120, 60)) as (app, pilot):
        for leave in ((), ("escape",)):
            await pilot.press(*leave, "f1")
            await until(pilot, lambda: "Keys · An exercise" in text(app))
            words = " ".join(app.screen.query_one("#words").render().plain.split())
            for row in ("^f Find a text", "^l Go to a line", "shift+tab One step to the left",
                        "^/, f9 Make the line", "^z Take back", "^y Do again"):  # fmt: skip
                assert row in words
            assert words.count("Take back") == 1
            await pilot.press("escape")
            await until(pilot, lambda: not app.screen.is_modal)


async def test_another_editors_save_is_seen_and_checked(exercising, hand):
    async with exercising() as (app, pilot):
        file_of(hand).write_text(SOLVED)
        await until(pilot, lambda: app.screen.query_one(Editor).text == SOLVED)
        await until(pilot, lambda: "All 2 checks passed." in said(app))


async def test_what_it_printed_is_shown_apart(exercising):
    async with exercising() as (app, pilot):
        printing = SOLVED.replace("    return", "    print('halving')\n    return")
        app.screen.query_one(Editor).load_text(printing)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "passed" in said(app))
        await pilot.press("escape", "o")
        await until(pilot, lambda: "halving" in text(app))


async def test_letters_are_typed_in_the_file_and_keys_outside(exercising):
    async with exercising() as (app, pilot):
        editor = app.screen.query_one(Editor)
        editor.load_text("")
        await pilot.press("d", "e", "f", "colon", "enter", "x")
        assert editor.text == "def:\n    x", "a block is indented by spaces"
        await pilot.press("backspace", "backspace", "o")
        assert editor.text == "def:\no", "and out again by one key"
        assert not {"output", "search"} & keys(app).keys()
        await pilot.press("escape")
        assert "reset" in keys(app)


async def test_reset_asks_and_keeps_what_was_written(exercising, hand):
    async with exercising() as (app, pilot):
        app.screen.query_one(Editor).load_text(SOLVED)
        await until(pilot, lambda: file_of(hand).read_text() == SOLVED)
        await pilot.press("escape", "R")
        await until(pilot, lambda: "Begin the file anew?" in text(app))
        assert file_of(hand).read_text() == SOLVED
        await pilot.press("y")
        await until(pilot, lambda: "NotImplementedError" in file_of(hand).read_text())
        kept = file_of(hand).with_name("exercise.kept-1.py")
        assert kept.read_text() == SOLVED


async def test_the_solution_says_its_price_first(exercising, hand):
    async with exercising() as (app, pilot):
        await pilot.press("escape", "w")
        assert "worth 5 points instead of 10" in said(app)
        with record(hand.home) as learner:
            assert learner.step(f"{ID}/exercise/exercise") is None
        await pilot.press("w")
        await until(pilot, lambda: "One way to write it" in text(app))
        with record(hand.home) as learner:
            assert learner.step(f"{ID}/exercise/exercise").opened


async def test_no_editor_named_is_told(exercising, told, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with exercising() as (app, pilot):
        app.config = Config()
        await pilot.press("escape", "e")
        assert told[-1][0] == "No editor is named"


@pytest.mark.parametrize(("size", "beside"), [((99, 30), False), ((100, 30), True)])
async def test_the_checks_are_beside_the_file_where_there_is_room(exercising, size, beside):
    async with exercising(size) as (app, pilot):
        await pilot.pause()
        file, checks = (app.screen.query_one(id).region for id in ("#file", "#checks"))
        assert (checks.x >= file.right) is beside
        assert (checks.y >= file.bottom) is not beside
