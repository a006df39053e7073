"""A text's words, as they are looked up: folded, without a plural's s, compounds in parts too.

words("Outliers, LLM.int8()")      outlier llm int8 llmint8
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from textual.content import Content

WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
"""`2.2` is one word, as `int8` is."""
_COMPOUND = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)+")
CLOSE = 0.72
"""How alike two words are, of 1, where one is taken for the other mistyped."""


def stem(word: str) -> str:
    """A word as it is looked up."""
    word = word.casefold()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def words(text: str) -> Iterator[str]:
    """All words of a text, and each compound as one: `zero-point` is zero, point and zeropoint."""
    for found in WORD.finditer(text):
        yield stem(found[0])
    for found in _COMPOUND.finditer(text):
        yield stem("".join(WORD.findall(found[0])))


def is_number(word: str) -> bool:
    """Whether a word is a number, and so only itself."""
    return word.replace(".", "").isdigit()


def asked(typed: str) -> list[str]:
    """The words that are looked for, each once."""
    return list(dict.fromkeys(stem(found) for found in WORD.findall(typed)))


def close_to(word: str, known: Collection[str]) -> str:
    """The known word that is meant by one that is unknown; empty where none is near."""
    alike = [
        each for each in known if each[:1] == word[:1] and abs(len(each) - len(word)) <= 2
    ]  # fmt: skip
    return next(iter(get_close_matches(word, alike, 1, CLOSE)), "")


def excerpt(text: str, looked_for: Collection[str], width: int) -> Content:
    """The part of a text around the first of these words, with all of them in bold."""
    marked = _pattern(looked_for)
    found = marked.search(text) if marked else None
    start = 0
    if found and found.end() > width * 2 // 3:
        start = text.find(" ", max(0, found.start() - width // 3)) + 1
    cut = ("… " if start else "") + text[start:]
    if len(cut) > width:
        cut = cut[: max(0, width - 2)].rsplit(" ", 1)[0] + " …"
    return emphasized(cut, looked_for)


def emphasized(text: str, looked_for: Collection[str]) -> Content:
    """A text with these words in bold, wherever one begins with them."""
    marked, content = _pattern(looked_for), Content(text)
    for found in marked.finditer(text) if marked else ():
        content = content.stylize("bold $primary", found.start(), found.end())
    return content


def _pattern(looked_for: Collection[str]) -> re.Pattern[str] | None:
    longest_first = sorted(looked_for, key=len, reverse=True)
    either = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{either})", re.IGNORECASE) if either else None
