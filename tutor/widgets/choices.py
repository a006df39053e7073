"""What the tutorial is run with, on one line, and below it what the size means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.choice import THRESHOLDS, Choice

if TYPE_CHECKING:
    from tutor.watch import Snapshot

WORDS = (("size", "z", "preset"), ("tuning", "f", "settings"))
"""The choices: word, key, and the field of Choice."""


class Choices(Widget):
    """Names to choose among; the chosen one has a full circle."""

    DEFAULT_CSS = """
    Choices { height: auto; padding: 0 2; pointer: pointer; }
    """

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, field: str, value: str | float) -> None:
            """The field of Choice, and the value it is to have."""
            super().__init__()
            self.field = field
            self.value = value

    choice: reactive[Choice] = reactive(Choice())
    """What is chosen."""
    about: reactive[str] = reactive("")
    """What the chosen size means."""

    def __init__(self) -> None:
        """The names come with the first snapshot."""
        super().__init__()
        self._names: dict[str, tuple[str, ...]] = {}
        self._places: list[tuple[int, int, str, str]] = []

    def show(self, seen: Snapshot) -> None:
        """Take the names and the choice."""
        self._names = {"preset": seen.presets, "settings": seen.tunings}
        self.choice = seen.choice
        self.about = _about(seen)

    def after(self, field: str) -> str | float:
        """What comes after the chosen one."""
        names = THRESHOLDS if field == "threshold" else self._names.get(field, ())
        held = getattr(self.choice, field)
        return names[(names.index(held) + 1) % len(names)] if held in names else names[0]

    def render(self) -> Content:
        """The names, and below them what they mean."""
        parts: list[tuple[str, str] | str] = []
        at, self._places = 0, []
        for word, letter, field in WORDS:
            shown = [(f"{word} ", "$foreground 60%"), (f"{letter} ", "bold $primary")]
            names = self._names.get(field, ())
            for name in names:
                chosen = name == getattr(self.choice, field)
                text = f"{'●' if chosen else '○'} {name}"
                start = at + sum(len(each) for each, _ in shown)
                self._places.append((start, start + len(text), field, name))
                shown += [
                    (text, "bold" if chosen else ""),
                    (" " if name != names[-1] else "   ", ""),
                ]
            at += sum(len(each) for each, _ in shown)
            parts += shown
        held = f"{self.choice.threshold:g}"
        self._places.append((at, at + len("threshold h ") + len(held), "threshold", ""))
        parts += [("threshold ", "$foreground 60%"), ("h ", "bold $primary"), (held, "bold")]
        return Content.assemble(*parts, "\n", (self.about, "$foreground 60%"))

    def on_click(self, event: Click) -> None:
        """Choose the name that was clicked."""
        offset = event.get_content_offset_capture(self)
        for start, end, field, name in self._places:
            if offset.y == 0 and start <= offset.x < end:
                self.post_message(self.Chosen(field, name or self.after(field)))


def _about(seen: Snapshot) -> str:
    test, taught = seen.specs.get("baseline"), seen.specs.get("teach")
    if not test or not taught:
        return ""
    return (
        f"{seen.choice.student} learns from {seen.choice.teacher}: "
        f"{test['data']['limit']:,} test problems, {taught['data']['limit']:,} questions to the "
        f"teacher"
    )
