"""The line at the bottom of every screen: the keys that do something here, now.

Textual's own footer cuts what does not fit; this one ends with `? more`, which lists the rest.
A click on a key presses it.
"""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

from tutor.tui.keys import written

LAST = ("leave", "help", "command_palette")
"""Actions at the end of the line, on every screen, in this order."""


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
        """Follow the keys."""
        self._places: list[tuple[int, int, str]] = []
        self._keys: list[tuple[str, str]] | None = None
        self._looks = False
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen) -> None:
        """Look once, however often it is said, and not before what a key did is painted."""
        if screen is self.screen and not self._looks:
            self._looks = True
            self.call_after_refresh(self._look)

    def _look(self) -> None:
        """Draw again if the keys are others."""
        self._looks = False
        if not self.is_attached:  # the screen was left meanwhile
            return
        if (keys := self.shown()) != self._keys:
            self._keys = keys
            self.refresh()

    def shown(self) -> list[tuple[str, str]]:
        """(key, label) of what would do something: the screen's first ones, then as declared."""
        why_not = getattr(self.screen, "why_not", lambda action: "")
        label_of = getattr(self.screen, "label_of", lambda binding: binding.description)
        focused = self.screen.focused
        keys: dict[str, tuple[str, str]] = {}
        last: dict[str, tuple[str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if focused is not None and _typed(binding.key, focused):
                continue
            label = label_of(binding)
            if binding.action in LAST and binding.show:
                last.setdefault(binding.action, (binding.key, label))
            elif active.enabled and binding.show and not why_not(binding.action):
                keys.setdefault(label, (binding.key, binding.action))  # of two keys, the first
        first = getattr(self.screen, "FIRST", ())
        head = [
            (name, label)
            for label, (name, action) in sorted(
                keys.items(),
                key=lambda each: first.index(each[1][1]) if each[1][1] in first else len(first),
            )
        ]
        return head + [last[action] for action in LAST if action in last]

    def render(self) -> Content:
        """As many keys as fit; the way back and help are always among them."""
        if self._keys is None:  # the screen is up by now
            self._keys = self.shown()
        keys, width = self._keys, self.content_size.width
        tail = [pair for pair in keys if pair[0] in ("escape", "question_mark", "f1")]
        head = [pair for pair in keys if pair not in tail and pair[0] != "f2"]
        palette = [pair for pair in keys if pair[0] == "f2"]
        fits = _width(head + tail + palette) <= width
        tail = tail + palette if fits else [_says_more(*pair) for pair in tail]
        while head and _width(head + tail) > width:
            head.pop()
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


def _typed(key: str, focused: Widget) -> bool:
    """Whether a sign goes into the line that has the focus; Textual knows it of letters alone."""
    sign = written(key)
    return len(sign) == 1 and sign.isascii() and focused.check_consume_key(key, sign)


def _says_more(name: str, label: str) -> tuple[str, str]:
    """Help says that it knows more keys than these."""
    return name, "more" if name in ("question_mark", "f1") else label


def _width(keys: list[tuple[str, str]]) -> int:
    return sum(len(written(name)) + len(label) + 3 for name, label in keys) - 2
