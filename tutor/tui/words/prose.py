"""Markdown as a lesson's text is written in it, made into styled lines that wrap at any width.

    parts = prose("**Absmax** maps 0.0 to `0`.")       # once, on a thread: parsing takes a while
    lines(parts, 72)                                   # at each width: cheap

Textual's own Markdown makes a widget of each paragraph; a lesson has a hundred of them, and laying
those out would be felt in the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from tutor.course.markup import Block, Inline, blocks

CODE = "$primary"
FAINT = "$foreground 60%"
INDENT = 4
"""Cells before a code block, where there is room for them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, a heading, an item of a list, a row of a table, or a block of code."""

    content: Content
    first: str | Content = ""
    """What stands before its first line: `  • `; faint where it has no style."""
    rest: str = ""
    """What stands before its other lines."""
    wraps: bool = True
    """Whether its lines may be broken where they are too long."""
    close: bool = False
    """Whether it follows what is above without an empty line."""


Prose = tuple[Part, ...]


def prose(markdown: str) -> Prose:
    """The parts of a text."""
    return tuple(map(_part, blocks(markdown)))


def plain(text: str) -> Prose:
    """A text that is no Markdown, as one part."""
    return (Part(Content(text)),)


def lines(parts: Sequence[Part], width: int) -> list[Content]:
    """The lines of a text at a width, with an empty one between two parts."""
    drawn: list[Content] = []
    for part in parts:
        if drawn and not part.close:
            drawn.append(Content(""))
        drawn += _wrapped(part, width) if part.wraps else _kept(part, width)
    return drawn


def _wrapped(part: Part, width: int) -> Iterable[Content]:
    first = part.first
    for line in part.content.wrap(max(8, width - len(part.rest))):
        yield (Content.styled(first, FAINT) if isinstance(first, str) else first) + line
        first = part.rest


def _kept(part: Part, width: int) -> Iterable[Content]:
    """Code and tables keep their lines; the indent gives way first."""
    kept = part.content.split("\n", allow_blank=True)
    longest = max(line.cell_length for line in kept)
    indent = " " * max(0, min(INDENT, width - longest))
    for line in kept:
        for piece in line.fold(width - len(indent)) if line.cell_length > width else [line]:
            yield Content(indent) + piece


def _part(block: Block) -> Part:
    match block.kind:
        case "table":
            return Part(
                _table([[_inline(cell) for cell in row] for row in block.rows]), wraps=False
            )
        case "code":
            return Part(Content(block.text), wraps=False)
        case "rule":
            return Part(Content.styled("─" * 8, FAINT))
    content = _inline(block.inline)
    content = content.stylize("bold") if block.kind == "heading" else content
    if not block.depth:
        before = "│ " if block.quoted else ""
        return Part(content, before, before)
    before = "  " * block.depth
    rest = before + " " * block.indent
    first = f"{before}{'•' if block.mark == '-' else block.mark} " if block.mark else rest
    return Part(content, first, rest, close=block.close)


def _table(rows: list[list[Content]]) -> Content:
    """Columns as wide as their widest cell; the head is set apart by a line."""
    widths = [max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)]
    drawn = [
        Content("  ").join(
            cell.pad_right(width - cell.cell_length)
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]
    rule = Content.styled("  ".join("─" * width for width in widths), FAINT)
    return Content("\n").join([drawn[0], rule, *drawn[1:]])


_STYLES = {"strong_open": "bold", "em_open": "italic", "link_open": "underline"}


def _inline(inline: Inline) -> Content:
    """Text with its emphasis, code and links."""
    pieces: list[tuple[str, str]] = []
    styles: list[str] = []
    for child in inline:
        style = " ".join(styles)
        match child.type:
            case "text" | "html_inline":
                pieces.append((child.content, style))
            case "code_inline":
                pieces.append((child.content, f"{style} {CODE}".strip()))
            case "softbreak":
                pieces.append((" ", style))
            case "hardbreak":
                pieces.append(("\n", style))
            case "strong_open" | "em_open" | "link_open":
                styles.append(_STYLES[child.type])
            case "strong_close" | "em_close" | "link_close":
                styles.pop()
    return Content.assemble(*pieces)
