"""A notebook as Markdown, with its pictures as files beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def write(notebook: Any, file: Path) -> list[Path]:
    """Write a notebook's cells and outputs as one text.

    Args:
        notebook: As `tutor.handin.notebook` makes it.
        file: Where; pictures go into a folder beside it, called after it.

    Returns:
        All files that were written.

    Raises:
        OSError: One cannot be written.
    """
    pictures: dict[Path, bytes] = {}
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(_fenced(cell.source, "python"))
        for output in cell.outputs:
            parts += _output(output, cell.id, file, pictures)
    for path, content in pictures.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return [file, *pictures]


def _output(output: Any, cell: str, file: Path, pictures: dict[Path, bytes]) -> Iterator[str]:
    if output.output_type == "stream":
        yield _fenced(output.text.rstrip(), "text")
        return
    picture = output.data.get("image/png")
    if picture is None:
        yield _fenced(output.data["text/plain"], "text")
        return
    path = file.parent / f"{file.stem}-pictures" / f"{cell}.png"
    pictures[path] = base64.b64decode(picture)
    yield f"![{cell}]({path.parent.name}/{path.name})"


def _fenced(text: str, language: str) -> str:
    """A block of code, in a fence that is longer than any within."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"
