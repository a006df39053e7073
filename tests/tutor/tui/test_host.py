"""What screens ask of the app is what `Host` says, and the app has all of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from textual.app import App

from tutor import tui
from tutor.tui.app import TutorApp
from tutor.tui.host import Host

FOLDER = Path(tui.__file__).parent
TEXTUALS = set(dir(App()))
SAYS = {*Host.__annotations__, *(name for name in vars(Host) if not name.startswith("_"))}
INSIDE = [
    file
    for folder in ("screens", "widgets", "outside", "searching")
    for file in sorted((FOLDER / folder).rglob("*.py"))
]


def asked(file: Path) -> set[str]:
    """Attributes of `app` that a file uses."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ("app" in (getattr(node.value, "attr", ""), getattr(node.value, "id", "")))
    }


@pytest.mark.parametrize("file", INSIDE, ids=lambda file: str(file.relative_to(FOLDER)))
def test_nothing_else_of_the_app_is_used(file):
    assert not asked(file) - SAYS - TEXTUALS


def test_the_app_has_all_of_it(hand):
    app = TutorApp(hand.home)
    assert not {name for name in SAYS if not hasattr(type(app), name) and name not in vars(app)}


def test_nothing_is_said_that_nobody_asks():
    assert not SAYS - set().union(*map(asked, INSIDE))
