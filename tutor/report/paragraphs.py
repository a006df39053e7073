"""Long lines of prose, broken between words; what is laid out by hand stays as it is."""

from __future__ import annotations

import re
import shutil
import textwrap

WIDTH = 78
"""Prose is no wider than this, whatever room there is."""
_LAID_OUT = re.compile(r"\s{4}|\s*\||.*\S {3,}\S")
"""Code, a table's row, or columns with blanks between them."""
_HANGING = re.compile(r"\s*(?:[-*] |\d+\. |[a-z]  )?")
"""What a list's item begins with; its other lines stand under its text."""


def room(margin: int = 0) -> int | None:
    """Columns beside a margin in the terminal that is printed to; None where it is no terminal."""
    columns = shutil.get_terminal_size((0, 0)).columns
    return max(1, columns - margin) if columns else None


def prose_width(most: int = WIDTH) -> int:
    """Columns of a line of prose: `most`, or the terminal's where that is narrower."""
    return min(most, room() or most)


def wrapped(text: str, width: int | None = None) -> str:
    """The text with no line of prose longer than `width`; None for what `prose_width` gives."""
    width = width or prose_width()
    return "\n".join(_line(line, width) for line in text.splitlines())


def _line(line: str, width: int) -> str:
    if len(line) <= width or _LAID_OUT.match(line):
        return line
    indent = " " * len(_HANGING.match(line)[0])
    return textwrap.fill(
        line,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
