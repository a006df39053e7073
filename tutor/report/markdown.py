"""A lesson's Markdown as plain text: for pipes, dumb terminals and screen readers.

Emphasis is only its words, code keeps its backticks, a link is its words and its target in
brackets, and a table has columns as wide as they must be.
"""

from __future__ import annotations

import textwrap

from tutor.course.markup import Block, Inline, blocks
from tutor.report.paragraphs import prose_width
from tutor.report.table import table

RULE = "-" * 8


def text(markdown: str, width: int | None = None) -> str:
    """The text, with no line of prose longer than `width`; None for what `prose_width` gives."""
    width = width or prose_width()
    parts: list[str] = []
    for block in blocks(markdown):
        if parts and not block.close:
            parts.append("")
        parts.append(_block(block, width))
    return "\n".join(parts)


def _block(block: Block, width: int) -> str:
    match block.kind:
        case "code":
            return textwrap.indent(block.text, "    ")
        case "table":
            heads, *rows = ([line(cell) for cell in row] for row in block.rows)
            return textwrap.indent(table(rows, heads, width=width - 2), "  ")
        case "rule":
            return RULE
    before = "  " * block.depth + ("> " if block.quoted else "")
    rest = before + " " * block.indent
    first = f"{before}{block.mark} " if block.mark else rest
    return "\n".join(
        textwrap.fill(
            each,
            max(20, width),
            initial_indent=first if at == 0 else rest,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for at, each in enumerate(line(block.inline).split("\n"))
    )


def line(inline: Inline) -> str:
    """The words of a paragraph or a cell."""
    pieces: list[str] = []
    links: list[tuple[str, int]] = []  # target of each link that is open, and where its words begin
    for token in inline:
        match token.type:
            case "text" | "html_inline":
                pieces.append(token.content)
            case "code_inline":
                pieces.append(f"`{token.content}`")
            case "softbreak":
                pieces.append(" ")
            case "hardbreak":
                pieces.append("\n")
            case "image":
                pieces.append(f"{token.content} ({token.attrGet('src')})")
            case "link_open":
                links.append((str(token.attrGet("href")), len(pieces)))
            case "link_close":
                target, begins = links.pop()
                if "".join(pieces[begins:]) != target:
                    pieces.append(f" ({target})")
    return "".join(pieces)
