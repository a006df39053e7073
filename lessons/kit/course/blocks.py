"""`lesson.md` as text: its front matter, and the fenced blocks that break it into steps.

    +++
    title = "Absmax"
    +++
    Some text.

    ```predict alpha
    lab = "absmax"
    ```

A fenced block is a step if its info string begins with the name of a kind; any other (`python`,
or none) is part of the text around it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError

KINDS = ("predict", "lab", "question", "exercise", "task")
"""The steps that are fenced blocks."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, or a fenced block that is a step."""

    kind: str
    """`reading`, or one of KINDS."""
    name: str
    """What stands behind the kind; empty for a reading."""
    text: str
    """A reading's Markdown; a step's block as it is written."""
    settings: dict[str, Any]
    """A step's block, read as TOML."""
    line: int
    """Where it begins in the file, from 1."""


def split(text: str, where: str) -> tuple[dict[str, Any], list[Block]]:
    """Front matter and blocks, in their order; a reading that is blank is left out.

    Args:
        text: All of `lesson.md`.
        where: What an error calls the file.

    Raises:
        EngineError: There is no front matter, or it or a block is no TOML or does not end.
    """
    lines = text.splitlines()
    if not lines or lines[0].strip() != "+++":
        raise EngineError(f"{where} does not begin with a line of three plus signs.")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "+++"), None)
    if end is None:
        raise EngineError(f"{where}: its front matter is not closed by three plus signs.")
    front = _toml(lines[1:end], f"{where}: its front matter")
    blocks = [block for block in _blocks(lines, end + 1, where) if block.text or block.name]
    return front, blocks


def _blocks(lines: list[str], start: int, where: str) -> Iterator[Block]:
    begun = at = start
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at])
        if not fence:
            at += 1
            continue
        end = _close(lines, at, fence[1], where)
        kind, _, name = fence[2].partition(" ")
        if kind in KINDS:
            yield _reading(lines, begun, at)
            body = lines[at + 1 : end]
            place = f"{where}, line {at + 1}: {fence[2]}"
            name = name.strip() or kind
            yield Block(kind, name, "\n".join(body).strip(), _toml(body, place), at + 1)
            begun = end + 1
        at = end + 1
    yield _reading(lines, begun, len(lines))


def _close(lines: list[str], opened: int, fence: str, where: str) -> int:
    for at in range(opened + 1, len(lines)):
        line = lines[at].strip()
        if len(line) >= len(fence) and set(line) == {fence[0]}:
            return at
    raise EngineError(f"{where}: the block that begins in line {opened + 1} does not end.")


def _reading(lines: list[str], start: int, end: int) -> Block:
    while start < end and not lines[start].strip():
        start += 1
    return Block("reading", "", "\n".join(lines[start:end]).rstrip(), {}, start + 1)


def _toml(lines: list[str], where: str) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        raise EngineError(f"{where} is no TOML: {error}.") from error
