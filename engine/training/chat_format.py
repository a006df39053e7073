"""Teacher data as a file: JSON lines in OpenAI's chat format for fine-tuning.

    {"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}

One conversation a line, with an optional system's turn before it. Many trainers and services read
it; nothing else stands in a line, as some of them refuse what they do not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.models.registry import INSTRUCTION, messages

ROLES = (["user", "assistant"], ["system", "user", "assistant"])


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and what was answered."""

    question: str
    answer: str


def write(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """One line for each row with a `question` and a `text`; the file is there whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as stream:
        for row in rows:
            turns = [*messages(row["question"]), {"role": "assistant", "content": row["text"]}]
            stream.write(json.dumps({"messages": turns}, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def read(path: Path) -> list[Pair]:
    """The questions and answers of a file.

    Raises:
        EngineError: It cannot be read, or a line of it is no conversation of one question.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(
            f"{path} cannot be read: {error}.", "Give a file of JSON lines."
        ) from None
    return list(_pairs(text, path))


def pair(turns: object, where: str) -> Pair:
    """The question and the answer of one conversation.

    Args:
        turns: Its messages.
        where: Where it stands, for the error.

    Raises:
        EngineError: It has other turns than a question and its answer.
    """
    rows = turns if isinstance(turns, list) else []
    said = [each for each in rows if isinstance(each, Mapping)]
    if [each.get("role") for each in said] not in ROLES or not all(
        isinstance(each.get("content"), str) and each["content"].strip() for each in said
    ):
        raise EngineError(
            f"{where} is no conversation of one question and one answer.",
            'It needs {"messages": [{"role": "user", "content": "..."}, '
            '{"role": "assistant", "content": "..."}]}.',
        )
    question, answer = (each["content"].strip() for each in said[-2:])
    return Pair(question.removesuffix(INSTRUCTION).rstrip(), answer)


def _pairs(text: str, path: Path) -> Iterator[Pair]:
    for number, line in enumerate(text.split("\n"), 1):  # other line breaks may stand in a text
        if not line.strip():
            continue
        where = f"Line {number} of {path.name}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise EngineError(f"{where} is no JSON: {error.msg}.", "Each line is one.") from None
        yield pair(row.get("messages") if isinstance(row, dict) else None, where)
