"""Answers to choose from: each has a letter, one is under the cursor, and some are marked."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import ClassVar

from textual.actions import SkipAction
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.keys import key
from tutor.prose import Prose, lines

HANG = 6
"""Cells before an option's text: `› ● a  `."""


class Options(Widget, can_focus=True):
    """Options, marked by letter, by space, or by a click. Enter is the step's key."""

    DEFAULT_CSS = """
    Options { height: auto; text-wrap: nowrap; pointer: pointer; }
    """
    BINDINGS: ClassVar = [
        key("space", "mark", "mark", "Mark the option that › points at, or take the mark off."),
        key("up,k", "step(-1)", "up", "One option up.", show=False),
        key("down,j", "step(1)", "down", "One option down.", show=False),
    ]

    class Changed(Message):
        """Other options are marked."""

    cursor: reactive[int] = reactive(0)
    marked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(self, texts: Sequence[Prose], *, several: bool) -> None:
        """Nothing is marked yet.

        Args:
            texts: The options.
            several: Whether more than one may be marked.
        """
        super().__init__()
        self._texts = texts
        self._several = several
        self._drawn: tuple[int, list[list[Content]]] | None = None

    @property
    def typed(self) -> str:
        """The marked options as they would be typed: `a c`."""
        return " ".join(ascii_lowercase[at] for at in sorted(self.marked))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters of options are no keys of the step."""
        return self._letter(character) is not None

    def _letter(self, character: str | None) -> int | None:
        place = ascii_lowercase.find(character) if character else -1
        return place if 0 <= place < len(self._texts) else None

    def on_key(self, event: Key) -> None:
        """An option's letter marks it."""
        place = self._letter(event.character)
        if place is not None and not self.disabled:
            event.stop()
            self._mark(place)

    def _mark(self, place: int) -> None:
        self.cursor = place
        if self._several:
            self.marked = self.marked ^ {place}
        else:
            self.marked = frozenset({place})
        self.post_message(self.Changed())

    def action_mark(self) -> None:
        """Mark what the cursor is at."""
        self._mark(self.cursor)

    def action_step(self, by: int) -> None:
        """Move the cursor; where there is no further option, the screen scrolls."""
        if not 0 <= self.cursor + by < len(self._texts):
            raise SkipAction()
        self.cursor += by

    def on_click(self, event: Click) -> None:
        """A click marks."""
        y = event.get_content_offset_capture(self).y
        for place, drawn in enumerate(self._blocks(self.content_size.width)):
            if 0 <= y < len(drawn):
                self._mark(place)
            y -= len(drawn)

    def _blocks(self, width: int) -> list[list[Content]]:
        if self._drawn is None or self._drawn[0] != width:
            self._drawn = width, [lines(text, max(8, width - HANG)) for text in self._texts]
        return self._drawn[1]

    def render(self) -> Content:
        """One option after another."""
        signs = ("☐", "☑") if self._several else ("○", "●")
        rows = []
        for place, drawn in enumerate(self._blocks(self.content_size.width)):
            here = place == self.cursor and self.has_focus
            chosen = place in self.marked
            before = Content.assemble(
                ("› " if here else "  ", "$primary"),
                (signs[chosen], "bold $primary" if chosen else ""),
                (f" {ascii_lowercase[place]} ", "bold $primary"),
            )
            for line in drawn:
                rows.append(before + Content(" ") + (line.stylize("bold") if chosen else line))
                before = Content(" " * (HANG - 1))
        return Content("\n").join(rows)

    def get_content_height(self, container, viewport, width: int) -> int:
        """As many lines as the options take."""
        return sum(map(len, self._blocks(width)))

    def on_focus(self) -> None:
        """The cursor is seen."""
        self.refresh()

    def on_blur(self) -> None:
        """And is not."""
        self.refresh()
