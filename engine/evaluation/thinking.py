"""What a model thinks before it answers, told from the answer.

Reasoning models write their thinking into the text, between tags: `<think>` (DeepSeek, Qwen),
`<thought>` (Gemini by OpenAI's protocol), `[THINK]` (Mistral), channels (Gemma, gpt-oss). A number
in there is one that the model tried, not one that it gives; nor is it taught as an answer.

Two things are taken for thinking beside a pair of tags: all before an end without a beginning, as
some chat templates write the first tag into the prompt; and all behind a beginning without an end,
up to an `<answer>` if there is one, as that model was cut off while it thought.
"""

from __future__ import annotations

import re

_NAME = "think(?:ing)?|thoughts?|reasoning|reflection|scratchpad"
_OPEN = rf"[<\[](?:{_NAME})[>\]] | <\|channel\|?>(?:thought|analysis)\b"
_CLOSE = rf"[<\[]/(?:{_NAME})[>\]] | <channel\|> | <\|channel\|>final<\|message\|>"
_EDGE = re.compile(rf"(?P<open>{_OPEN}) | (?P<close>{_CLOSE})", re.VERBOSE | re.IGNORECASE)
_ANSWER = re.compile(r"<answer>", re.IGNORECASE)


def thinking(text: str) -> list[tuple[int, int]]:
    """Where a text thinks: `text[start:end]` of each stretch, tags and all, in their order."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for edge in _EDGE.finditer(text):
        if edge["open"]:
            begun = edge.start() if begun is None else begun
        elif begun is not None or not found:
            found.append((begun or 0, edge.end()))
            begun = None
    if begun is not None:
        answer = _ANSWER.search(text, begun)
        found.append((begun, answer.start() if answer else len(text)))
    return found


def blanked(text: str) -> str:
    """The text with blanks, and a line break at the end, where it thinks; each place stays."""
    parts, at = [], 0
    for start, end in thinking(text):
        parts += [text[at:start], " " * (end - start - 1), "\n"]
        at = end
    return "".join([*parts, text[at:]])


def without_thinking(text: str) -> str:
    """What is left of a text without its thinking; a text that does not think is as it was."""
    stretches = thinking(text)
    if not stretches:
        return text
    parts, at = [], 0
    for start, end in stretches:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]]).strip()
