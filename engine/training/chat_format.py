"""Teacher data as a file: JSON lines in OpenAI's chat format for fine-tuning.

    {"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}

One conversation a line, with an optional system's turn before it. Many trainers and services read
it; nothing else is written into a line, as some of them refuse what they do not know. Read is also
what others write: `prompt` and `completion` in place of `messages`, contents in parts, and a
developer's turn, as the system's is called of late.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.models.registry import INSTRUCTION, messages
from engine.storable import storable

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


def read(path: Path, look: Callable[[], None] = lambda: None) -> list[Pair]:
    """The questions and answers of a file.

    Args:
        path: The file.
        look: Called between two lines; it may raise to leave.

    Raises:
        EngineError: It cannot be read, or a line of it is no conversation of one question.
    """
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                look()
                if line.strip():
                    where = f"Line {number} of {path.name}"
                    found.append(pair(_parsed(line, where), where))
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(
            f"{path} cannot be read: {error}.", "Give a file of JSON lines, in UTF-8."
        ) from None
    return found


def pair(row: object, where: str) -> Pair:
    """The question and the answer of one conversation.

    Args:
        row: `messages`; or `prompt` and `completion`, each a list of messages or a text.
        where: Where it stands, for the error.

    Raises:
        EngineError: It has other turns than a question and its answer.
    """
    said = [_turn(each) for each in _turns(row)]
    roles = [role for role, _ in said]
    if roles not in ROLES or not all(text.strip() for _, text in said):
        raise EngineError(f"{where} is no conversation of one question and one answer.", _SHAPE)
    question, answer = (text.strip() for _, text in said[-2:])
    return Pair(question.removesuffix(INSTRUCTION).rstrip(), answer)


_SHAPE = (
    'It needs {"messages": [{"role": "user", "content": "..."}, '
    '{"role": "assistant", "content": "..."}]}, or {"prompt": "...", "completion": "..."}.'
)


def _parsed(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise EngineError(f"{where} is no JSON: {error.msg}.", "Each line is one.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, nesting without end
        raise EngineError(f"{where} is no JSON that can be read.", "Each line is one.") from None


def _turns(row: object) -> list[object]:
    if not isinstance(row, Mapping):
        return []
    if row.get("messages") is not None:
        return _listed(row["messages"], "user")
    return _listed(row.get("prompt"), "user") + _listed(row.get("completion"), "assistant")


def _listed(turns: object, role: str) -> list[object]:
    if isinstance(turns, str):
        return [{"role": role, "content": turns}]
    return turns if isinstance(turns, list) else []


def _turn(turn: object) -> tuple[object, str]:
    """A turn's role and text; the text is empty where it says something else than text."""
    if not isinstance(turn, Mapping):
        return None, ""
    role, content = turn.get("role"), turn.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = [_text(each) for each in parts]
    whole = "" if None in texts else storable("".join(texts))
    return ("system" if role == "developer" else role), whole


def _text(part: object) -> str | None:
    if isinstance(part, Mapping):
        part = part.get("text") if part.get("type", "text") == "text" else None
    return part if isinstance(part, str) else None
