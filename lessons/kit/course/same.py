"""Digests of a step that stand for the same work: what was done under one of them is done.

A step's digest changes whenever its code does, also where that is only written in another way. So
`same.txt` has, for each step, the digests under which the same work was out. The first of them is
what a record writes, and what any of them is read as: records are never rewritten, and an older
tutor on the same home finds the digest that it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FILE = "same.txt"


@cache
def known() -> Mapping[str, tuple[str, ...]]:
    """Digests by step, the one that records say first."""
    return read(files("lessons").joinpath(FILE).read_text(encoding="utf-8"))


def read(text: str) -> dict[str, tuple[str, ...]]:
    """The file: a step and its digests on each line, but for those that begin with `#`."""
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {words[0]: tuple(words[1:]) for words in lines if words}


def work(step: str, digest: str) -> str:
    """The digest under which the work was first out that a step had under a digest."""
    digests = known().get(step, ())
    return digests[0] if digest in digests else digest
