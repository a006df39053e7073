"""What became of one check, and the plain words for what the learner's code raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lessons.kit.judging.limits import Limits

NEVER_ENDS = "Left out, since the one above did not come to an end."
PASSED, FAILED, NOT_JUDGED, NOT_RUN = "passed", "failed", "not judged", "not run"


LONGEST, LONGEST_CASE, LONGEST_TRACE = 1000, 300, 8000
"""Characters of a sentence and of a value, of the arguments of a call, and of a traceback."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one check, from the judge."""

    outcome: str
    why: str = ""
    """In plain words; empty where it passed."""
    expected: str = ""
    got: str = ""
    traceback: str = ""
    stop: str = ""
    """Why the checks below are not run, where they would come to the same end."""
    broke: bool = False
    """Whether the check could not go on; `why` is then what it raised."""

    def cut(self) -> Verdict:
        """The same, no text of it longer than one reads: the learner's code may have made it."""
        texts = {name: _cut(getattr(self, name), LONGEST) for name in ("why", "expected", "got")}
        return replace(self, **texts, traceback=_cut(self.traceback, LONGEST_TRACE))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def raised(told: dict, source: str, limits: Limits, *, loading: bool = False) -> Verdict:
    """For an error in the learner's code.

    Args:
        told: The error, as the learner's process describes it.
        source: The learner's file.
        limits: What the code might use.
        loading: Whether the file was only being loaded.
    """
    kind, text = str(told.get("type", "")), str(told.get("text", ""))
    frames = [(int(line), str(name)) for line, name in told.get("frames", ())]
    why = _why(kind, text, frames, limits, loading)
    if (given := str(told.get("given", ""))) and why.startswith("Your code"):
        why = f"{why.rstrip('.')}. It was given {_cut(given, LONGEST_CASE)}."
    said = f"{kind}: {text}".rstrip(": ")
    trace = _trace(frames, source, int(told.get("left_out", 0)), said) if frames else ""
    stop = "Needs a file that can be loaded." if loading else ""
    return Verdict(FAILED, why, traceback=trace, stop=stop)


def _why(
    kind: str, text: str, frames: Sequence[tuple[int, str]], limits: Limits, loading: bool
) -> str:
    who = "Your file, while it was loaded," if loading else "Your code"
    match kind:
        case "Missing" | "Unusable":
            return text
        case "NotImplementedError":
            return "This part is not written yet."
        case "SyntaxError" | "IndentationError" | "TabError" if loading:
            return f"Line {frames[-1][0] if frames else 1} cannot be read as Python: {text}."
        case "ModuleNotFoundError":
            return f"{who} asks for something that is not installed here: {text}."
        case "MemoryError":
            return f"{who} ran out of memory: it may use {limits.memory_mb:,} MB."
        case "RecursionError":
            return f"{who} calls itself too deep: {text}."
        case "SystemExit":
            return f"{who} asked the program to end (sys.exit)."
    if "allocate memory" in text:  # torch raises a RuntimeError for it
        return f"{who} ran out of memory: it may use {limits.memory_mb:,} MB."
    return f"{who} raised {kind}: {text}".rstrip(": ")


def _trace(frames: Sequence[tuple[int, str]], source: str, left_out: int, said: Any) -> str:
    """The learner's own lines, and what was raised in the last of them."""
    lines = source.splitlines()
    parts = []
    for place, (number, name) in enumerate(frames):
        if left_out and place == len(frames) // 3:
            parts.append(f"… {left_out:,} calls left out")
        inside = f", in {name}" if name not in ("", "<module>") else ""
        parts.append(f"line {number}{inside}")
        if 0 < number <= len(lines):
            parts.append(f"    {lines[number - 1].strip()[:200]}")
    return "\n".join([*parts, said])
