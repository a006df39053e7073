"""The line at the bottom of every screen: the keys that do something here, now.

Textual's own footer cuts what does not fit; this one ends with `? more`, which lists the rest.
A click on a key presses it.
"""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

from tutor.keys import written

ALWAYS = ("help", "command_palette")
"""Actions at the end of the line, on every screen."""


class KeyLine(Widget):
    """The keys of this screen that would do something."""

    DEFAULT_CSS = """
    KeyLine {
        height: 2;
        padding: 0 1;
        border-top: solid $foreground 20%;
        text-wrap: nowrap;
        pointer: pointer;
    }
    """

    def on_mount(self) -> None:
        """Draw again whenever the keys change."""
        self._places: list[tuple[int, int, str]] = []
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen) -> None:
        if screen is self.screen:
            self.refresh()

    def keys(self) -> list[tuple[str, str]]:
        """(key, label) of what would do something, in the order of declaration."""
        shown: dict[str, tuple[str, str]] = {}
        last: dict[str, tuple[str, str]] = {}
        why_not = getattr(self.screen, "why_not", lambda action: "")
        label = getattr(self.screen, "label_of", lambda binding: binding.description)
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not active.enabled or binding.action in shown or binding.action in last:
                continue
            if binding.action in ALWAYS:
                last[binding.action] = (binding.key, label(binding).lower())
            elif binding.show and not why_not(binding.action):
                shown[binding.action] = (binding.key, label(binding))
        return [*shown.values(), *(last[action] for action in ALWAYS if action in last)]

    def render(self) -> Content:
        """As many keys as fit; help is always among them."""
        keys, width = self.keys(), self.content_size.width
        tail = [(name, label) for name, label in keys if name in ("question_mark", "ctrl+p")]
        head = [pair for pair in keys if pair not in tail]
        while head and _width(head + tail) > width:
            head.pop()
            tail = [("question_mark", "more")]
        self._places, at, parts = [], 0, []
        for name, label in head + tail:
            text = f"{written(name)} {label}"
            self._places.append((at, at + len(text), name))
            at += len(text) + 2
            parts += [(written(name), "bold $primary"), (f" {label}  ", "")]
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        """Press the key that was clicked."""
        at = event.get_content_offset_capture(self).x
        for start, end, name in self._places:
            if start <= at < end:
                self.app.simulate_key(name)


def _width(keys: list[tuple[str, str]]) -> int:
    return sum(len(written(name)) + len(label) + 3 for name, label in keys) - 2
