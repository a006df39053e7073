"""A text that was made ready by `tutor.tui.words.prose`, drawn at the width there is."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content
from textual.widget import Widget

from tutor.tui.words.prose import Part, Prose, lines


class ProseView(Widget):
    """Draws a text; where it changes, the screen is laid out anew only if its height does."""

    DEFAULT_CSS = """
    ProseView { height: auto; text-wrap: nowrap; }
    """

    def __init__(
        self, text: Prose = (), *, before: Content | None = None, id: str = "", classes: str = ""
    ) -> None:
        """Show a text.

        Args:
            text: The text.
            before: What stands at the start of its first line; its other lines are not indented.
            id: The widget's id.
            classes: The widget's classes.
        """
        super().__init__(id=id or None, classes=classes)
        self._text, self._before = text, before
        self._drawn: tuple[int, list[Content]] | None = None
        self.display = bool(text or before)

    def say(self, text: Prose, before: Content | None = None) -> None:
        """Another text; an empty one takes no room."""
        if (text, before) == (self._text, self._before):
            return
        self._text, self._before, self._drawn = text, before, None
        self.display = bool(text or before)
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if self._drawn is None or self._drawn[0] != width:
            text = self._text
            if self._before and text and text[0].wraps:
                first = replace(text[0], content=self._before + Content(" ") + text[0].content)
                text = (first, *text[1:])
            elif self._before:
                text = (Part(self._before), *text)
            self._drawn = width, lines(text, max(8, width))
        return self._drawn[1]

    def render(self) -> Content:
        """Its lines."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container, viewport, width: int) -> int:
        """As many as they are."""
        return len(self._lines(width))
