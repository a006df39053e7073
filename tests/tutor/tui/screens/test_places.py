"""Every screen there is has a place that the tests come to."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from textual.screen import Screen

import tutor.tui.screens
import tutor.tui.widgets
from tests.tutor.tui.screens.places import PLACES, called
from tutor.tui.app import SCREENS


def screens() -> set[type]:
    """All that can be opened: what nothing else of the tutor's is a kind of."""
    for package in (tutor.tui.screens, tutor.tui.widgets):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    return {each for each in _kinds(Screen) if not each.__subclasses__()}


def _kinds(screen: type) -> set[type]:
    below = set().union(*(_kinds(each) for each in screen.__subclasses__()))
    return {each for each in {screen, *below} if each.__module__.startswith("tutor.")}


def test_every_screen_has_a_place():
    assert {place.screen for place in PLACES.values()} == {called(screen) for screen in screens()}


def test_no_screen_is_loaded_when_it_is_opened():
    """What is imported in a function has been loaded before, on a thread."""
    late = re.compile(r"^ +from tutor\.screens\.(\w+) import", re.MULTILINE)
    files = Path(tutor.__file__).parent.rglob("*.py")
    named = {name for file in files for name in late.findall(file.read_text(encoding="utf-8"))}
    assert named <= {*SCREENS, "home"}
