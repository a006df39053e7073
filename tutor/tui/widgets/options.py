"""Answers to choose from: each has a letter, one is under the cursor, and some are marked.

A digit is read as plain mode reads one: it is a place, unless the options are called by numbers.
Where it could be either it marks nothing, and the letter that is meant is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from string import ascii_lowercase, digits
from typing import ClassVar

from textual.actions import SkipAction
from textual.content import Content
from textual.events import Click, Key, Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from lessons.kit.answers.reading import numbers_of
from tutor.tui.keys import key
from tutor.tui.widgets.in_order import at_once, goes_on
from tutor.tui.words.prose import Prose, lines

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

        def __init__(self, options: Options) -> None:
            """Which options."""
            super().__init__()
            self.options = options

    class Refused(Message):
        """What was typed marks nothing."""

        def __init__(self, why: str) -> None:
            """Why, in words."""
            super().__init__()
            self.why = why

    cursor: reactive[int] = reactive(0)
    marked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(
        self, texts: Sequence[Prose], *, several: bool, marked: Collection[int] = ()
    ) -> None:
        """Options as they stand.

        Args:
            texts: The options.
            several: Whether more than one may be marked.
            marked: Places of those that are marked already.
        """
        super().__init__()
        self._texts = texts
        self._plain = [" ".join(part.content.plain for part in text) for text in texts]
        self._several = several
        self.set_reactive(Options.marked, frozenset(marked))
        self._drawn: tuple[int, list[list[Content]]] | None = None

    @property
    def inner(self) -> Options:
        """What has the focus while it is worked in."""
        return self

    @property
    def typed(self) -> str:
        """The marked options as they would be typed: `a c`."""
        return " ".join(ascii_lowercase[at] for at in sorted(self.marked))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters of options are no keys of the step, and digits are none of any."""
        return self._letter(character) is not None or (character or "-") in digits

    def _letter(self, character: str | None) -> int | None:
        place = ascii_lowercase.find(character) if character else -1
        return place if 0 <= place < len(self._texts) else None

    async def on_key(self, event: Key) -> None:
        """An option's letter marks it, and so does a digit that can mean no other."""
        if goes_on(self, event) or await at_once(self, event):
            return
        if self.disabled or not self.check_consume_key(event.key, event.character):
            return
        event.stop()
        self._take(event.character)

    def on_paste(self, event: Paste) -> None:
        """Letters can be pasted, too."""
        if not self.disabled:
            event.stop()
            self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Mark what a text names: `a c`, `b`; words are no names of options."""
        names = re.findall(r"[^\s,;.()]+", text)
        if wrong := next((name for name in names if len(name) > 1), ""):
            self.post_message(self.Refused(f"{wrong[:20]!r} is no option: {self._names()}."))
            return
        for name in names:
            self._take(name.lower())

    def _take(self, character: str) -> None:
        place = self._letter(character)
        place = self._numbered(character) if place is None else place
        if place is not None:
            self._mark(place)
        else:
            self.post_message(self.Refused(self._no_option(character)))

    def _numbered(self, digit: str) -> int | None:
        """The option that a digit can only mean."""
        if digit not in digits:
            return None
        number, called = int(digit), numbers_of(self._plain)
        if called:
            return called.index(number) if called.count(number) == 1 else None
        others = [text for at, text in enumerate(self._plain, 1) if at != number]
        elsewhere = any(_has_number(text, digit) for text in others)
        return number - 1 if 0 < number <= len(self._texts) and not elsewhere else None

    def _no_option(self, character: str) -> str:
        """What to type for the options that a digit could mean."""
        called = numbers_of(self._plain)
        meant = [
            f"{text if len(text) < 24 else text[:23] + '…'} is {letter}"
            for at, (letter, text) in enumerate(zip(ascii_lowercase, self._plain, strict=False))
            if character in digits and (str(called[at]) if called else text).startswith(character)
        ]
        return f"{character!r} is no option: {', '.join(meant) or self._names()}."

    def _names(self) -> str:
        return f"they are a to {ascii_lowercase[len(self._texts) - 1]}"

    def _mark(self, place: int) -> None:
        self.cursor = place
        if self._several:
            self.marked = self.marked ^ {place}
        else:
            self.marked = frozenset({place})
        self.post_message(self.Changed(self))

    def action_mark(self) -> None:
        """Mark what the cursor is at, or take its mark off."""
        if self.marked == {self.cursor}:
            self.marked = frozenset()
            self.post_message(self.Changed(self))
        else:
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


def _has_number(text: str, digit: str) -> bool:
    """Whether a number in a text is this digit; 0.2 is not 2."""
    return digit in re.findall(r"[0-9]+(?:[.,][0-9]+)*", text)
