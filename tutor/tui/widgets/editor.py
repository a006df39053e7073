"""A Python editor: spaces for tabs, long lines go on below, blocks are indented and commented.

It takes every key that types something, so none of them is a command of the screen around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import ClassVar

from rich.segment import Segment
from textual.document._document import Location, Selection
from textual.events import Key
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import TextArea

from tutor.tui.widgets import code_lines
from tutor.tui.widgets.code_lines import STEP
from tutor.tui.widgets.editor_keys import KEYS

GOES_ON = "↪"
"""Stands for the number of a line that began above."""


class Editor(TextArea, inherit_bindings=False):
    """Edits one file's text. Escape is for the screen, so that letters are keys again."""

    DEFAULT_CSS = """
    Editor { border: none; padding: 0; }
    """
    BINDINGS: ClassVar = KEYS

    def __init__(self, *, dark: bool = True, id: str = "") -> None:
        """An empty file.

        Args:
            dark: Whether what is around it is dark.
            id: The widget's id.
        """
        coloured = find_spec("tree_sitter_python") is not None
        super().__init__(
            id=id or None,
            language="python" if coloured else None,
            theme="css",
            soft_wrap=True,
            show_line_numbers=True,
            compact=True,
        )
        self.cursor_blink = False
        self.indent_width = STEP
        if coloured:
            self.theme = "vscode_dark" if dark else "github_light"

    async def _on_key(self, event: Key) -> None:
        """Enter keeps the indent."""
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            row, column = min(self.selection)
            below = code_lines.indent_below(self.document.get_line(row)[:column])
            start, end = self.selection
            self.replace(f"\n{below}", start, end, maintain_selection_offset=False)
            self.scroll_cursor_visible()
        elif event.is_printable and self.read_only:
            event.stop()  # typed too soon, and yet no command

    # What is drawn

    def render_line(self, y: int) -> Strip:
        """A row of the window; where the cursor is not, it is as it was when the cursor moves.

        Textual draws all rows anew for it as soon as lines wrap: 5 ms of 40 rows, and now 1.
        """
        at = y + self.scroll_offset.y
        if at >= self.wrapped_document.height:
            return super().render_line(y)
        row, column = self.wrapped_document.offset_to_location(Offset(0, at))
        partner = self.matching_bracket_location
        (first, _), (last, _) = sorted(self.selection)
        if first <= row <= last or (partner and partner[0] == row):
            return self._marked(super().render_line(y), column)
        known = (at, self.size, self.theme, self.read_only)
        if (strip := self._line_cache.get(known)) is None:  # emptied with every edit
            strip = self._line_cache[known] = self._marked(super().render_line(y), column)
        return strip

    def _marked(self, strip: Strip, column: int) -> Strip:
        """With a mark in place of a number where a line goes on."""
        if not column:
            return strip
        width = self.gutter_width
        style = next(iter(strip.crop(0, width)), Segment("")).style
        mark = Segment(f"{GOES_ON:>{width - 2}}  ", style)
        return Strip.join([Strip([mark], width), strip.crop(width)])

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The partner of the bracket at the cursor, else of the one that was just typed."""
        found = super().find_matching_bracket(bracket, search_from)
        row, column = search_from
        if found is not None or not column:
            return found
        return super().find_matching_bracket(self.document[row][column - 1], (row, column - 1))

    def get_cursor_line_start_location(self, smart_home: bool = False) -> Location:
        """The row's beginning; first that of its code, which Textual does for no wrapped line."""
        row, column = start = super().get_cursor_line_start_location()
        first = code_lines.indent(self.document.get_line(row))
        smart = smart_home and not column and self.cursor_location[1] != first
        return (row, first) if smart else start

    # What is done to lines

    def action_indent(self) -> None:
        """The selected lines one step to the right; nothing selected: blanks to the next step."""
        if self.read_only:
            return
        if self.selection.is_empty:
            row, column = self.cursor_location
            self.insert(" " * (STEP - self.get_column_width(row, column) % STEP))
        else:
            self._change(code_lines.indented)

    def action_dedent(self) -> None:
        """The line, or the selected ones, one step to the left."""
        self._change(code_lines.dedented)

    def action_comment(self) -> None:
        """The line, or the selected ones, made a comment, or code again."""
        self._change(code_lines.commented)

    def _change(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        """Change whole lines, in one step of undo; what was selected stays so."""
        if self.read_only:
            return
        (first, _), (last, end) = sorted(self.selection)
        last -= end == 0 and last > first  # a line that is selected up to its beginning is not
        before = [self.document.get_line(row) for row in range(first, last + 1)]
        after = change(before)
        if after == before:
            return

        def moved(place: Location) -> Location:
            row, column = place
            if not first <= row <= last or not column:
                return place
            line, was = after[row - first], before[row - first]
            return row, min(max(0, column + len(line) - len(was)), len(line))

        selected = Selection(*map(moved, self.selection))
        self.history.checkpoint()
        self.replace("\n".join(after), (first, 0), (last, len(before[-1])))
        self.selection = selected

    def action_delete_left(self) -> None:
        """Of an indent, a whole step."""
        row, column = self.cursor_location
        blank = not self.document.get_line(row)[:column].strip(" ")
        if self.read_only or not self.selection.is_empty or not column or not blank:
            super().action_delete_left()
        else:
            self.delete((row, column - (column - 1) % STEP - 1), (row, column))

    # Where things are

    def action_top(self) -> None:
        """To the top of the file."""
        self.move_cursor((0, 0))

    def action_bottom(self) -> None:
        """To the bottom of the file."""
        self.move_cursor(self.document.end)

    def places(self, wanted: str) -> list[Location]:
        """Where a text stands, from the top."""
        return code_lines.places(self.document.lines, wanted)

    def show_found(self, place: Location, length: int) -> None:
        """Select what was found, in the middle of the window."""
        row, column = place
        self.selection = Selection(place, (row, column + length))
        self.scroll_cursor_visible(center=True)

    def go_to(self, line: int) -> None:
        """To the beginning of a line, counted from 1; beyond the end, to the last one."""
        row = min(max(1, line), self.document.line_count) - 1
        self.move_cursor((row, code_lines.indent(self.document.get_line(row))), center=True)
