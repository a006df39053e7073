"""Text that is set again and again as a run goes on, and is drawn only when it has changed.

Textual lays the whole screen out anew for every `Static.update`; four times a second that would
be felt in the keys.
"""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """A Static for words that are not markup."""

    def __init__(self, words: str = "", *, id: str | None = None, classes: str = "") -> None:
        """Nothing is markup: what a model wrote may hold brackets."""
        super().__init__(words, id=id, classes=classes, markup=False)
        self._said: Content | None = None

    def height_at(self, width: int) -> int:
        """Rows that the words take at a width."""
        return len(self._said.wrap(max(1, width))) if self._said is not None else 0

    def say(self, words: Content | str) -> None:
        """Show these words; the screen is laid out anew only if their height is another."""
        words = Content(words) if isinstance(words, str) else words
        if self._said is not None and self._said.is_same(words):
            return
        before, self._said = self._said, words
        width = max(1, self.content_size.width)
        grows = self.styles.height is None or self.styles.height.is_auto
        same = before is not None and len(before.wrap(width)) == len(words.wrap(width))
        self.update(words, layout=grows and not same)


class Cropped(Words):
    """Words in a place that is as high as it is: where they go on below, its last line says so."""

    def __init__(self, more: str, *, id: str, indent: int = 4) -> None:
        """`more` says where the rest can be read; it begins after so many blanks."""
        super().__init__(id=id)
        self._more = Content.styled(f"{' ' * indent}… {more}", "$foreground 60%")

    def render(self) -> Content:
        """As many lines as there are rows; a line that is too wide takes several where it folds."""
        said, (width, rows) = self._said or Content(""), self.content_size
        folds = self.styles.text_wrap == "wrap"
        lines = said.wrap(max(1, width)) if folds else said.split("\n")
        if len(lines) > rows > 0:
            lines = [*lines[: rows - 1], self._more]
        return Content("\n").join(lines)
