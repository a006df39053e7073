"""What an editor does to whole lines of Python, and where a text stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

STEP = 4
"""Spaces of one indent."""
MARK = "# "
"""What makes a line a comment."""
CODE = re.compile(r"""(?:[^#'"]|'[^']*'|"[^"]*")*""")
"""A line up to its comment: a # between quotes begins none."""


def indented(lines: Sequence[str]) -> list[str]:
    """One step to the right; empty lines stay empty."""
    return [" " * STEP + line if line.strip() else line for line in lines]


def dedented(lines: Sequence[str]) -> list[str]:
    """One step to the left, or as far as there is room."""
    return [re.sub(rf"^(?:\t| {{1,{STEP}}})", "", line) for line in lines]


def commented(lines: Sequence[str]) -> list[str]:
    """Made comments; where all of them are comments, made code again."""
    code = [line for line in lines if line.strip()]
    if code and all(line.lstrip().startswith("#") for line in code):
        return [re.sub(r"^(\s*)# ?", r"\1", line) for line in lines]
    at = min((indent(line) for line in code), default=0)
    return [f"{line[:at]}{MARK}{line[at:]}" if line.strip() else line for line in lines]


def indent(line: str) -> int:
    """How many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def indent_below(before: str) -> str:
    """What the next line begins with, after what stands before the cursor in this one."""
    inside = before[: indent(before)]
    code = CODE.match(before)[0].rstrip()
    return inside + " " * STEP if code.endswith((":", "(", "[", "{")) else inside


def places(lines: Sequence[str], wanted: str) -> list[tuple[int, int]]:
    """(row, column) of each place where a text stands; a capital in it asks for capitals.

    Places do not overlap.
    """
    if not wanted:
        return []
    case = re.IGNORECASE if wanted.islower() else re.NOFLAG
    pattern = re.compile(re.escape(wanted), case)
    return [
        (row, found.start()) for row, line in enumerate(lines) for found in pattern.finditer(line)
    ]
