"""Every screen has its keys from the start, also where the terminal says it is not in front.

A page in a browser begins by saying so, and a terminal says it when another window is looked at.
"""

import inspect

import pytest
from textual.events import AppBlur
from textual.screen import Screen

from engine.figures import Table
from tests.tutor.lessons import ID, miss
from tests.tutor.looking import strips, text
from tests.tutor.tui.screens.test_help import MODULES
from tutor.report.saving.shown import Shown
from tutor.tui.pictures import until
from tutor.tui.screens.ask import Ask
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.figure import FigureRoom
from tutor.tui.screens.home import Home
from tutor.tui.widgets.reading import Reading

BUILT_ON = {"Room", "StepsRoom", "Fields", "ErrandRoom", "FileRoom", "Window"}
"""What others are built on, and nobody sees."""
FIGURE = Table(columns=("n",), rows=tuple((n,) for n in range(99)), caption="Numbers", values={})
LONG = "\n\n".join(map(str, range(200)))


def door(command):
    """The place of a command in "Hand in"."""
    return (lambda app: app.action_door(command),)


WAYS = {
    "Home": ((), "down"),
    "Tutorial": (("t",), "down"),
    "Runs": (("u",), "down"),
    "RunRoom": ((lambda app: app.open_run(9),), "home"),
    "Predictions": ((lambda app: app.open_run(9), "e"), "down"),
    "Which": ((lambda app: app.open_run(9), "v"), "down"),
    "Jump": (("f3",), "escape"),
    "HandIn": ((lambda app: app.action_handin(),), "down"),
    "Compare": ((lambda app: app.open_run(9), "v", "end", "enter"), "down"),
    "Both": ((lambda app: app.open_run(9), "v", "end", "enter", "enter"), "n"),
    "Settings": (("comma",), "down"),
    "Mastery": (("p",), "enter"),
    "Practice": (("p", "enter"), "1"),
    "Score": ((lambda app: app.action_score(),), "pagedown"),
    "Form": ((lambda app: app.open_form("fine-tune"),), "7"),
    "Chain": ((lambda app: app.open_chain(),), "x"),
    "LessonRoom": ((lambda app: app.open_lesson(ID),), "enter"),
    "Outline": ((lambda app: app.open_outline(ID),), "end"),
    "Review": (("r",), "1"),
    "Welcome": ((lambda app: app.action_welcome(),), "enter"),
    "Search": (("slash",), "h"),
    "ExerciseRoom": ((lambda app: app.open_exercise(ID),), "x"),
    "FigureRoom": ((lambda app: app.push_screen(FigureRoom("Lab", Shown(FIGURE))),), "pagedown"),
    "Confirm": ((lambda app: app.push_screen(Confirm("Sure?", "Is it?", "Yes")),), "right"),
    "Ask": ((lambda app: app.push_screen(Ask("Editor", "Which?", "")),), "v"),
    "Reading": ((lambda app: app.push_screen(Reading("Long", LONG)),), "down"),
    "Start": (door("run evaluate"), "tab"),
    "Export": (door("export"), "tab"),
    "Verify": (door("verify"), "tab"),
    "Lint": (door("lint"), "tab"),
    "record.Out": (door("progress export"), "tab"),
    "record.In": (door("progress import"), "tab"),
    "data.Out": ((*door("data export"), "enter"), "tab"),
    "data.In": (door("data import"), "tab"),
}
"""By screen: the ways and keys from Home to it, and a key that changes what it shows."""


def called(screen):
    """Its class's name, with its module's where two are called so."""
    module = screen.__module__.rpartition(".")[2]
    return f"{module}.{screen.__name__}" if screen.__name__ in ("In", "Out") else screen.__name__


def test_no_screen_is_forgotten():
    there = {
        called(each)
        for module in MODULES
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Screen) and each.__module__ == module.__name__
    }
    assert there - BUILT_ON == WAYS.keys()


def painted(app):
    """What is on the screen, with its styles."""
    return [list(strip) for strip in strips(app)]


def settled(app, name):
    """Whether a screen is there, with all that it reads."""
    screen = app.screen
    there = called(type(screen)) == name and screen.is_mounted
    return there and getattr(screen, "complete", True)


async def opened_at(app, pilot, ways, name):
    """Go there, the window never being in front."""
    for way in ways:
        before = app.screen
        app.post_message(AppBlur())
        await pilot.pause()
        if callable(way):
            way(app)
        else:
            await pilot.press(way)
        if way != "end":
            await until(pilot, lambda before=before: app.screen is not before)
            screen = app.screen
            await until(pilot, lambda screen=screen: getattr(screen, "complete", True))
    await until(pilot, lambda: settled(app, name))
    await pilot.pause()


@pytest.fixture
async def unlooked(hand, opened, lesson):
    """The tutor on a home with runs, in a window that is not in front."""
    hand.chain()
    miss(hand, lesson, "half")
    async with opened(hand.home, size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        yield app, pilot


async def heard(app, pilot, press):
    """Press a key, and wait until it shows."""
    before = painted(app)
    await pilot.press(press)
    await until(pilot, lambda: painted(app) != before)


async def test_every_screen_has_its_keys_in_a_window_that_is_not_in_front(unlooked):
    app, pilot = unlooked
    for name, (ways, press) in WAYS.items():
        await opened_at(app, pilot, ways, name)
        needs = any(widget.focusable for widget in app.screen.query("*"))
        assert app.focused is not None or not needs, f"{name}: the keys go nowhere"
        try:
            await heard(app, pilot, press)
        except TimeoutError:
            pytest.fail(f"{name}: {press} changes nothing")
        while not isinstance(app.screen, Home):
            app.pop_screen()
        await pilot.pause()


async def test_a_screen_that_was_covered_has_its_keys_where_they_were(unlooked):
    """The window is left, another screen is opened without a key, and the learner comes back."""
    app, pilot = unlooked
    await opened_at(app, pilot, ("t",), "Tutorial")
    await pilot.press("down")
    marked = app.focused
    app.post_message(AppBlur())
    await pilot.pause()
    app.open_run(9)
    await until(pilot, lambda: settled(app, "RunRoom"))
    await pilot.press("escape")
    await until(pilot, lambda: settled(app, "Tutorial"))
    assert app.focused is marked


async def test_the_palette_is_typed_in_at_once(unlooked):
    app, pilot = unlooked
    app.post_message(AppBlur())
    await pilot.pause()
    app.action_command_palette()
    await until(pilot, lambda: app.screen.is_modal)
    await pilot.press(*"score")
    await until(pilot, lambda: "What was measured" in text(app))
