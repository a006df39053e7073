"""The last look at every line of the screen: nothing in it is a command to the terminal.

Screens show much that comes from outside: files' names, answers, a service's words. Textual passes
an escape sequence in a text on to the terminal as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from engine.printable import without_commands

if TYPE_CHECKING:
    from textual.color import Color


class Unobeyed(LineFilter):
    """Leaves out of a line what a terminal would obey; such characters take no cell of it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, with what they show made harmless."""
        return [
            each
            if each.control or (text := without_commands(each.text)) is each.text
            else Segment(text, each.style)
            for each in segments
        ]
