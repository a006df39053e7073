"""What a run came to, in words: each result that is a number, a score or counts by reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run

WORDS = {
    "em": "EM",
    "vote": "majority EM",
    "any": "solved by one at least",
    "strict": "strict EM",
    "flexible": "flexible EM",
    "asked": "asked",
    "correct": "right",
    "kept": "kept",
    "dropped": "left out",
    "failures": "failed",
    "loss": "loss",
    "validation_loss": "validation loss",
    "cost_saving": "money saved",
    "compute_saving": "compute saved",
    "share_sent": "sent on",
}
"""Results that stand beside the curve, and their words."""


def every(run: Run) -> Iterator[tuple[str, str]]:
    """(word, text) of all of them: `("EM", "61.2% (52 to 70)")`."""
    for name, text in _told(run):
        yield WORDS.get(name, name.replace("_", " ")), text


def main(run: Run) -> Iterator[tuple[str, str]]:
    """Those that matter most."""
    for name, text in _told(run):
        if name in WORDS:
            yield WORDS[name], text


def _told(run: Run) -> Iterator[tuple[str, str]]:
    found = run.result or {}
    for name, held in found.items():
        if name in ("low", "high"):
            continue
        if name == "em":
            text = _score(found)
        elif isinstance(held, Mapping):
            text = _score(held) if "em" in held else _counts(held)
        elif isinstance(held, bool) or not isinstance(held, int | float):
            continue
        else:
            text = f"{held:,}" if isinstance(held, int) else f"{held:.3g}"
        if text:
            yield name, text


def _score(held: Mapping[str, object]) -> str:
    """An exact match with its interval."""
    spread = wording.interval(held.get("low"), held.get("high"))
    return f"{wording.em(held['em'])} ({spread})" if spread else wording.em(held["em"])


def _counts(held: Mapping[str, object]) -> str:
    """`29 wrong result, 2 no number`; empty where the values are no counts."""
    if not all(isinstance(each, int) for each in held.values()):
        return ""
    return ", ".join(f"{each:,} {name}" for name, each in held.items())
