"""Every command has its place on a screen, and the palette finds it by its words."""

import re

import click
from textual.command import CommandPalette

from tests.tutor.looking import text
from tutor.cli import main
from tutor.tui import doors
from tutor.tui.pictures import until
from tutor.tui.screens.handin.room import HandIn
from tutor.tui.screens.home import Home


def leaves(command, name=""):
    """The names of all commands that do something, those of groups after a blank."""
    if not isinstance(command, click.Group):
        return [name]
    context = click.Context(command)
    found = [name] if name and command.invoke_without_command else []
    for each in command.list_commands(context):
        found += leaves(command.get_command(context, each), f"{name} {each}".strip())
    return found


def test_every_command_stands_in_the_table_once():
    assert sorted(door.command for door in doors.DOORS) == sorted(leaves(main))


def test_a_command_without_a_place_says_why():
    assert [door.command for door in doors.DOORS if door.where.startswith("none")] == ["serve"]
    assert all(door.where for door in doors.DOORS)


ASKED = {
    "export": "export hand in notebook submit tutorial points",
    "verify": "verify check notebook handed edited scores",
    "audit": "audit judged answers judges differ run",
    "compare": "compare two runs same problems better noise",
    "run evaluate": "start run evaluate single kind settings",
    "progress export": "export progress record file backup save",
    "progress import": "import progress record merge file",
    "data export": "export data answers teacher trainers set",
    "data import": "import data answers teacher file",
    "lint": "lint lessons faults authors",
    "models": "models student memory list",
    "info": "info versions device memory paths",
}
"""What somebody may type who looks for it."""


async def test_the_palette_has_each_by_any_of_its_words(hand, opened):
    async with opened(hand.home) as (app, _):
        there = {each.title: each for each in app.get_system_commands(app.screen)}
    for door in doors.LISTED:
        command = there[door.title]
        told = set(re.findall(r"\w+", f"{command.title} {command.help}".lower()))
        assert {*ASKED[door.command].split(), *door.command.split()} <= told, door


async def test_what_is_typed_in_the_palette_finds_it(hand, opened):
    looked_for = {
        "hand in": "Hand in", "notebook": "Export the tutorial", "submit": "Export the tutorial",
        "export": "Export the tutorial", "verify": "Verify a notebook", "lint": "Lint the lessons",
    }  # fmt: skip
    async with opened(hand.home, size=(100, 40)) as (app, pilot):
        for words, found in looked_for.items():
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(app.screen, CommandPalette))
            await pilot.press(*("space" if each == " " else each for each in words))
            await until(pilot, lambda found=found: found in text(app))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Home))


async def test_the_room_is_a_key_away_and_left_by_esc(hand, opened):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        for way in (["h"], ["t", "h"], ["u", "h"], ["t", "p", "h"]):
            for key in way:
                before = app.screen
                await pilot.press(key)
                await until(pilot, lambda before=before: app.screen is not before)
            assert isinstance(app.screen, HandIn), way
            for _ in way:
                await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Home))


async def test_home_lists_the_room(hand, opened):
    async with opened(hand.home, size=(80, 40)) as (app, pilot):
        await until(pilot, lambda: "Hand in" in text(app))
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, HandIn))


async def test_each_place_opens_and_is_left_by_esc(hand, opened):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, HandIn))
        for place, door in enumerate(doors.LISTED):
            await pilot.press("home", *["down"] * place, "enter")
            await until(pilot, lambda: not isinstance(app.screen, HandIn))
            assert app.focused is not None, f"the keys go somewhere in {door.title}"
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, HandIn))


async def test_without_runs_it_says_what_to_do(hand, opened, told):
    async with opened(hand.home) as (app, _):
        for command in ("audit", "compare", "data export"):
            app.action_door(command)
    assert len(told) == 3 and all("tutorial" in words for _, words in told)
