"""A service's reply, of which nothing is believed: not its shape, nor its numbers, nor its text.

What the libraries make of a reply has the types that the protocol promises, filled with whatever
came. So they hand it over as it came, and it is read here: each reader gives a value of its own
type, or says that there is none.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.hosted.retrying import Trouble
from engine.storable import storable

MOST_TOKENS = 10_000_000
"""Of one prompt or one answer; a count beyond it is none. No model reads so many."""
BOM = "\ufeff"
"""The mark that some put before UTF-8, which is no JSON."""
SPOKEN = ("text", "output_text")
"""The parts of an answer that are said; others are thoughts, pictures or calls of tools."""


def parsed(body: str | bytes) -> Any:
    """What a body says as JSON.

    Raises:
        Trouble: It is none, or one that no program has to bear: nested without end, or with a
            number of thousands of digits.
    """
    text = body.decode(errors="replace") if isinstance(body, bytes) else body
    try:
        return json.loads(text.removeprefix(BOM))
    except (ValueError, RecursionError):  # of ValueError: JSON's own, and int's
        raise unreadable() from None


def unreadable() -> Trouble:
    """A reply that is not what the protocol says."""
    return Trouble("an answer that cannot be read")


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys and places; None where the path ends before."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def items(value: Any) -> list[Any]:
    """A list's items; none where it is no list."""
    return value if isinstance(value, list) else []


def word(value: Any) -> str:
    """A word of the service's own, such as why it stopped; empty where it is no text."""
    return value.strip().lower() if isinstance(value, str) else ""


def count(value: Any) -> int:
    """A count of tokens; 0, as where nothing is said, for what cannot be one.

    Whole numbers are also read where they are written as text, as JSON may write large ones, or
    with a fraction of zero.
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value <= MOST_TOKENS and value == int(value) else 0


def spoken(content: Any) -> str:
    """The text of an answer: itself, or its parts one after the other.

    Raises:
        Trouble: It is neither.
    """
    if content is None:
        return ""
    if isinstance(content, str):
        return storable(content)
    if not isinstance(content, list):
        raise unreadable()
    return "".join(_part(each) for each in content)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return storable(part)
    if not isinstance(part, dict):
        raise unreadable()
    if part.get("type", SPOKEN[0]) not in SPOKEN or part.get("thought") is True:
        return ""
    text = part.get("text")
    if text is not None and not isinstance(text, str):
        raise unreadable()
    return storable(text or "")
