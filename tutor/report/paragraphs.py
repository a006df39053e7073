"""Long lines of prose, broken between words; what is laid out by hand stays as it is."""

from __future__ import annotations

import re
import textwrap

WIDTH = 78
_LAID_OUT = re.compile(r"\s{4}|\s*\||.*\S {3,}\S")
"""Code, a table's row, or columns with blanks between them."""
_HANGING = re.compile(r"\s*(?:[-*] |\d+\. |[a-z]  )?")
"""What a list's item begins with; its other lines stand under its text."""


def wrapped(text: str, width: int = WIDTH) -> str:
    """The text with no line of prose longer than `width`."""
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
