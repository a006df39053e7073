"""Markdown as lessons are written in it, taken apart into blocks; how they look is elsewhere.

`tutor.tui.words.prose` makes styled lines of them for the screens, `tutor.report.markdown` plain
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Inline = tuple["Token", ...]
"""The pieces of a line: texts, codes, breaks, and where emphasis and links begin and end."""

_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|\*(\S(?:[^*\n]*?\S)?)\*", re.DOTALL)
_MARKS = re.compile(r"`+|^#+ |^ *[-+] ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list, a table, a block of code, or a rule."""

    kind: str
    """`text`, `heading`, `table`, `code` or `rule`."""
    inline: Inline = ()
    """Of a text or a heading."""
    rows: tuple[tuple[Inline, ...], ...] = ()
    """Of a table: its cells, the heads first."""
    text: str = ""
    """Of code."""
    depth: int = 0
    """In how many lists it stands."""
    mark: str = ""
    """Of the first block of an item: `-` or its number with a point."""
    indent: int = 0
    """How wide that mark is with a blank after it, for the item's other lines."""
    quoted: bool = False
    close: bool = False
    """Whether it follows what is above without an empty line."""


def blocks(markdown: str) -> Iterator[Block]:
    """The blocks of a text, in their order."""
    lists: list[list] = []  # the next item's number, or None, of each list that is open
    begun = False  # an item whose mark is not written yet
    heading = quoted = in_cell = close = False
    row: list[Inline] = []
    table: list[tuple[Inline, ...]] = []
    for token in _parser().parse(markdown):
        match token.type:
            case "th_open" | "td_open":
                in_cell = True
            case "th_close" | "td_close":
                in_cell = False
            case "bullet_list_open" | "ordered_list_open":
                start = token.attrGet("start")
                close = bool(lists)
                lists.append([int(start or 1) if token.type[0] == "o" else None])
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                close = bool(lists)
            case "list_item_open":
                begun = True
            case "list_item_close":
                close = True
                if lists[-1][0] is not None:
                    lists[-1][0] += 1
            case "heading_open" | "heading_close":
                heading = token.type == "heading_open"
            case "blockquote_open" | "blockquote_close":
                quoted = token.type == "blockquote_open"
            case "tr_close":
                table.append(tuple(row))
                row = []
            case "table_close":
                yield Block("table", rows=tuple(table))
                table, close = [], False
            case "inline" if in_cell:
                row.append(tuple(token.children or ()))
            case "inline":
                number = lists[-1][0] if lists else None
                mark = "" if not lists else "-" if number is None else f"{number}."
                yield Block(
                    "heading" if heading else "text",
                    tuple(token.children or ()),
                    depth=len(lists),
                    mark=mark if begun else "",
                    indent=len(mark) + 1 if lists else 0,
                    quoted=quoted,
                    close=close and bool(lists),
                )
                begun = close = False
            case "fence" | "code_block":
                yield Block("code", text=token.content.rstrip("\n"))
                close = False
            case "hr":
                yield Block("rule")


def without_marks(markdown: str) -> str:
    """A text without the marks of its Markdown, in one line."""
    plain = _EMPHASIS.sub(lambda found: found[1] or found[2], _MARKS.sub("", markdown))
    return " ".join(plain.split())


def opening(markdown: str, most: int = 90) -> str:
    """What a text begins with: its first sentence, or as many of its words as fit."""
    text = without_marks(markdown)
    first = re.split(r"(?<=[.?!:]) ", text, maxsplit=1)[0].rstrip(":.")
    return first if len(first) <= most else f"{first[:most].rsplit(' ', 1)[0]} …"


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")
