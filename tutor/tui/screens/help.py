"""Help on `?`: every key of the screen below, from the bindings' own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from tutor.tui.keys import written
from tutor.tui.screens.jump import targets
from tutor.tui.widgets.reading import Reading
from tutor.tui.words.prose import FAINT, Part

MOUSE = (
    "A click opens or presses what it is on, the wheel scrolls, and a click on a key presses it."
)


WIDTH = 14
"""Cells of a key's name."""


def help_on(screen: Screen) -> Reading:
    """The help for a screen as it stands: what each key does, and why where it does nothing now."""
    why_not = getattr(screen, "why_not", lambda action: "")
    apart = getattr(screen, "apart", tuple)()
    nodes = [widget for widget, _ in apart]
    active = [each for each in screen.active_bindings.values() if each.node not in nodes]
    parts: list[Part] = []
    for binding, rows in _told((each.node, each.binding) for each in active):
        if binding.action != "jump" or targets(screen):
            parts += rows + _not_now(why_not(binding.action))
    for widget, where in apart:
        parts.append(Part(Content.styled(where, "bold")))
        for _, rows in _told((widget, each) for each in type(widget).BINDINGS):
            parts += rows
    parts.append(Part(Content.styled(MOUSE, FAINT)))
    title = getattr(screen, "about", "") or "Keys"
    return Reading(f"Keys · {title}" if title != "Keys" else title, tuple(parts))


def _told(bound: Iterable[tuple[DOMNode, Binding]]) -> list[tuple[Binding, list[Part]]]:
    """By action, its first key and what is told of all of its keys."""
    rows: dict[tuple[int, str], list[Binding]] = {}
    for node, binding in bound:
        if binding.id and binding.tooltip:  # the others are Textual's own: scrolling, focus
            for each in binding.key.split(","):
                rows.setdefault((id(node), binding.action), []).append(replace(binding, key=each))
    return [(same[0], _row(same)) for same in rows.values()]


def _row(same: list[Binding]) -> list[Part]:
    """The keys, and beside them what they do; below them, where they are many."""
    told = [each.key for each in same if not each.key.startswith("super+")]  # few terminals send it
    names = ", ".join(dict.fromkeys(map(written, told)))
    keys = Content.styled(f"{names:<{WIDTH}}", "bold $primary")
    words = Content(same[0].tooltip or same[0].description)
    blank = " " * WIDTH
    if len(names) < WIDTH:
        return [Part(words, keys, blank, close=True)]
    return [Part(keys, close=True), Part(words, blank, blank, close=True)]


def _not_now(why: str) -> list[Part]:
    told = Content.styled(f"not now: {why}", FAINT)
    return [Part(told, " " * WIDTH, " " * WIDTH, close=True)] if why else []
