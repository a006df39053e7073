"""A Python editor: spaces for tabs, lines indented as the one above, colours where installed."""

from __future__ import annotations

from importlib.util import find_spec

from textual.events import Key
from textual.widgets import TextArea

STEP = 4
"""Spaces of one indent."""


class Editor(TextArea):
    """Edits one file's text. Escape leaves it, so that letters are keys again."""

    DEFAULT_CSS = """
    Editor { border: none; padding: 0; }
    """

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
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            compact=True,
        )
        self.cursor_blink = False
        self.indent_width = STEP
        if coloured:
            self.theme = "vscode_dark" if dark else "github_light"

    async def _on_key(self, event: Key) -> None:
        """Enter keeps the indent, backspace takes a whole one, escape is for the screen."""
        if event.key == "escape":
            event.prevent_default()
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            start, end = self.selection
            self.replace("\n" + self._indent(), start, end, maintain_selection_offset=False)
            self.scroll_cursor_visible()
        elif event.key == "backspace" and self._in_indent():
            event.stop()
            event.prevent_default()
            row, column = self.cursor_location
            back = (column - 1) % STEP + 1
            self.delete((row, column - back), (row, column))

    def _indent(self) -> str:
        """What the next line begins with."""
        row, column = min(self.selection)
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip(" "))]
        code = before.split("#")[0].rstrip()
        return indent + " " * STEP if code.endswith((":", "(", "[", "{")) else indent

    def _in_indent(self) -> bool:
        if self.read_only or not self.selection.is_empty:
            return False
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        return column > 0 and not before.strip(" ")
