import inspect
import pkgutil
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.screen import Screen

from tests.tutor.looking import text
from tutor.tui import screens, widgets
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.screens import handin
from tutor.tui.widgets import steps
from tutor.tui.widgets.reading import Reading

MODULES = [
    import_module(found.name)
    for package in (screens, handin, widgets, steps)
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]
BOUND = [TutorApp] + [
    each
    for module in MODULES
    for _, each in inspect.getmembers(module, inspect.isclass)
    if each.__module__ == module.__name__ and "BINDINGS" in vars(each)
]
MULTIPLEXERS = {f"ctrl+{letter}" for letter in "abgptnhsoq"}
"""What tmux (b), screen (a) and zellij (g p t n h s o q) begin their own commands with."""


@pytest.mark.parametrize("bound", BOUND, ids=lambda bound: bound.__name__)
def test_every_key_has_an_id_a_label_and_a_sentence(bound):
    assert bound.BINDINGS
    for binding in bound.BINDINGS:
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.description
        assert binding.tooltip.endswith(".")


@pytest.mark.parametrize("bound", BOUND, ids=lambda bound: bound.__name__)
def test_no_key_is_one_that_a_multiplexer_takes_for_itself(bound):
    keys = {key for binding in bound.BINDINGS for key in binding.key.split(",")}
    assert not keys & MULTIPLEXERS
    assert TutorApp.COMMAND_PALETTE_BINDING not in MULTIPLEXERS


@pytest.mark.parametrize(
    "bound", [each for each in BOUND if issubclass(each, Screen)], ids=lambda b: b.__name__
)
def test_no_key_means_two_things_on_a_screen(bound):
    keys = [key for binding in bound.BINDINGS for key in binding.key.split(",")]
    assert len(keys) == len(set(keys))


async def test_help_lists_the_keys_of_the_screen_and_why_some_do_nothing_now(hand, opened):
    async with opened(hand.home, size=(80, 40)) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Reading))
        words = " ".join(text(app).replace("│", " ").split())
        assert "u All runs, the newest first." in words
        assert "not now: No run is interrupted or paused." in words
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Reading))


async def test_the_palette_finds_what_the_screen_can_do(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: app.screen.is_modal)
        await pilot.press(*"score")
        await until(pilot, lambda: "What was measured" in text(app))


@pytest.mark.parametrize("size", [(59, 24), (80, 15), (40, 10)])
async def test_a_window_that_is_too_small_says_what_is_needed(hand, opened, size):
    async with opened(hand.home, size=size) as (app, pilot):
        words = " ".join(text(app).split())
        assert "needs 60 columns and 16 rows" in words
        assert f"has {size[0]} and {size[1]}" in words
        assert "Continue" not in words
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Continue" in text(app))
        assert "needs 60 columns" not in text(app)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_the_key_line_always_fits_and_always_offers_help(hand, opened, size):
    ids = hand.chain(upto="student")
    async with opened(hand.home, size=size) as (app, pilot):
        for go in (None, "t", "u", "p"):
            if go:
                await pilot.press(go)
                await pilot.pause()
            last = text(app).splitlines()[-1]
            assert "? " in last
            assert len(last.rstrip()) < size[0]
        app.open_run(ids["sft"])
        await until(pilot, lambda: app.screen.__class__.__name__ == "RunRoom")
        await until(pilot, lambda: "? " in text(app).splitlines()[-1])
