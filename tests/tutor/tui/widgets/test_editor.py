"""The editor and the line to find with, in a screen whose every letter is a command."""

import string
from contextlib import asynccontextmanager
from random import Random
from typing import ClassVar

import pytest
from textual.app import App
from textual.document._document import Selection

from tests.tutor.looking import lines
from tutor.tui.keys import SHOWN, key
from tutor.tui.widgets.editor import GOES_ON, Editor
from tutor.tui.widgets.editor_keys import KEYS
from tutor.tui.widgets.find_line import FindLine

CODE = "def f(x):\n    if x:\n        return [1, (2)]\n\n    return None"


class Around(App):
    """Every key that the editor leaves is a command here."""

    BINDINGS: ClassVar = [
        key(each, f"command('{each}')", each, f"{each}.")
        for each in (*string.printable[:62], "tab", "shift+tab")
    ]
    done = ()

    def compose(self):
        self.editor = Editor()
        yield self.editor
        yield FindLine(self.editor)

    def action_command(self, name):
        self.done += (name,)


@asynccontextmanager
async def editing(text=CODE, size=(60, 16)):
    app = Around()
    async with app.run_test(size=size) as pilot:
        app.editor.load_text(text)
        app.editor.focus()
        await pilot.pause()
        yield app, app.editor, pilot


async def test_a_block_is_indented_and_dedented_and_nothing_leaves_the_file():
    async with editing() as (app, editor, pilot):
        editor.selection = Selection((1, 2), (3, 0))
        await pilot.press("tab")
        assert editor.text == CODE.replace("    if", "        if").replace(
            "        return [", "            return ["
        )
        assert editor.selection == Selection((1, 6), (3, 0)), "the next Tab means the same lines"
        await pilot.press("shift+tab")
        assert editor.text == CODE
        await pilot.press("shift+tab", "q")
        assert app.focused is editor
        assert not app.done, "what is typed next is no command"


async def test_a_block_is_changed_and_undone_in_one_step():
    async with editing() as (_, editor, pilot):
        for change in ("tab", "shift+tab", "ctrl+underscore"):
            editor.select_all()
            await pilot.press(change)
            assert editor.text != CODE
            await pilot.press("ctrl+z")
            assert editor.text == CODE
            await pilot.press("ctrl+y")
            assert editor.text != CODE
            await pilot.press("ctrl+z")


async def test_a_line_is_dedented_wherever_the_cursor_is_in_it():
    async with editing() as (_, editor, pilot):
        editor.move_cursor((2, 17))
        await pilot.press("shift+tab")
        assert editor.document.get_line(2) == "    return [1, (2)]"
        assert editor.cursor_location == (2, 13), "at the same letter"
        await pilot.press("tab")
        assert editor.document.get_line(2) == "    return [1    , (2)]".replace("    ,", "   ,")


async def test_every_character_is_typed_and_is_no_command():
    async with editing("") as (app, editor, pilot):
        await pilot.press(*"qRweoi19")
        assert editor.text == "qRweoi19"
        editor.read_only = True  # the file is still being read
        await pilot.press("q", "R")
        assert not app.done
        assert editor.text == "qRweoi19"


@pytest.mark.parametrize("width", [45, 80, 160])
async def test_no_line_is_cut_at_any_width_and_a_mark_says_where_one_goes_on(width):
    long = "    words = " + " + ".join(f"word_{number}" for number in range(40))
    async with editing(f"{long}\nshort\n{'x' * 300}", size=(width, 40)) as (_, _, pilot):
        await pilot.pause()
        shown = [line.rstrip().rstrip("▁▂▃▄▅▆▇█") for line in lines(pilot.app)[:39]]
        rows = [line for line in shown if line.strip()]
        assert "".join("".join(row.split()[1:]) for row in rows) == "".join(
            f"{long}short{'x' * 300}".split()
        )
        firsts = [row.split()[0] for row in rows]
        assert [first for first in firsts if first != GOES_ON] == ["1", "2", "3"]
        assert firsts.count(GOES_ON) == len(rows) - 3


async def test_the_bracket_just_typed_shows_its_partner():
    async with editing("f(a[1") as (_, editor, pilot):
        editor.move_cursor((0, 5))
        await pilot.press("]")
        assert editor.matching_bracket_location == (0, 3)
        await pilot.press(")")
        assert editor.matching_bracket_location == (0, 1)
        editor.move_cursor((0, 1))
        assert editor.matching_bracket_location == (0, 6)


async def test_home_goes_to_the_code_and_then_to_the_beginning():
    async with editing() as (_, editor, pilot):
        editor.move_cursor((2, 12))
        await pilot.press("home")
        assert editor.cursor_location == (2, 8)
        await pilot.press("home")
        assert editor.cursor_location == (2, 0)
        await pilot.press("ctrl+end")
        assert editor.cursor_location == (4, 15)
        await pilot.press("ctrl+home")
        assert editor.cursor_location == (0, 0)


async def test_what_is_sought_is_found_while_it_is_typed():
    async with editing() as (app, editor, pilot):
        line = app.query_one(FindLine)
        line.ask()
        await pilot.press(*"return")
        assert editor.selection == Selection((2, 8), (2, 14))
        assert "1 of 2" in lines(app)[-1]
        for press, place in (("enter", (4, 4)), ("down", (2, 8)), ("up", (4, 4)), ("up", (2, 8))):
            await pilot.press(press)
            assert editor.selection.start == place
        await pilot.press(*" x")
        assert "not in this file" in lines(app)[-1]
        await pilot.press("escape")
        assert app.focused is editor
        assert not line.display
        line.ask()
        await pilot.pause()
        assert "Find" in lines(app)[-1]
        await pilot.press("q")
        assert not app.done


async def test_what_is_selected_is_what_is_sought_first():
    async with editing() as (app, editor, _):
        editor.selection = Selection((2, 8), (2, 14))
        app.query_one(FindLine).ask()
        assert app.query_one("#wanted").value == "return"


async def test_a_line_is_gone_to_by_its_number():
    async with editing() as (app, editor, pilot):
        app.query_one(FindLine).ask(to_line=True)
        await pilot.press(*"3x")
        assert "3x is no line: 1 to 5" in lines(app)[-1]
        await pilot.press("enter")
        assert editor.cursor_location == (0, 0)
        await pilot.press("backspace", "enter")
        assert (app.focused, editor.cursor_location) == (editor, (2, 8))
        app.query_one(FindLine).ask(to_line=True)
        await pilot.press(*"999", "enter")
        assert editor.cursor_location == (4, 4)


WALKED = ("tab", "shift+tab", "ctrl+underscore", "enter", "backspace", "x", "(", "shift+down")
WALKED += ("up", "down", "end", "home", "ctrl+z", "delete", "ctrl+k", "f7", "shift+left")


@pytest.mark.parametrize("steps", [50, pytest.param(400, marks=pytest.mark.slow)])
async def test_whatever_is_pressed_the_selection_is_in_the_text(steps):
    rng = Random(5)
    async with editing() as (app, editor, pilot):
        for _ in range(steps):
            await pilot.press(rng.choice(WALKED))
            for row, column in editor.selection:
                assert 0 <= column <= len(editor.document.get_line(row))
        assert not app.done
        assert app.focused is editor
        for _ in range(50):  # as many steps as are kept
            editor.undo()
        assert steps > 50 or editor.text == CODE


def test_every_key_has_a_name_that_fits_the_help():
    for binding in KEYS:
        for each in binding.key.split(","):
            assert len(SHOWN.get(each, each)) < 40
