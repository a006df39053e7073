"""The model to offer where the one that was named is not there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

SUCCESSORS = {"gemma-3-27b-it": "gemma-4-31b-it"}
"""Models that a service has dropped, and what it named in their place."""


def nearest(wanted: str, offered: Sequence[str]) -> str | None:
    """The most similar model, one of the same family before any other; None where none is offered.

    Args:
        wanted: The name that was given.
        offered: Those that the service lists.
    """
    if (successor := SUCCESSORS.get(wanted)) in offered:
        return successor
    kin = [name for name in offered if family(name) == family(wanted)] or list(offered)
    return max(kin, key=lambda name: _likeness(wanted, name), default=None)


def family(name: str) -> str:
    """The first word of a model's name, without its owner: `gemma`, `qwen`, `llama`."""
    found = re.match(r"[A-Za-z]+", name.rsplit("/", 1)[-1])
    return found[0].lower() if found else ""


def parameters(name: str) -> int | None:
    """How many weights a model has, as far as its name tells: `gemma-4-31b-it` has 31 billion."""
    found = re.search(r"(?<![A-Za-z\d.])(\d+(?:\.\d+)?)[bB](?![A-Za-z\d])", name)
    return int(float(found[1]) * 1e9) if found else None


def _likeness(wanted: str, name: str) -> float:
    return difflib.SequenceMatcher(None, wanted.lower(), name.lower()).ratio()
