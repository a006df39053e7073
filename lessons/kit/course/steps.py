"""Steps of a lesson: what `lesson.md`'s blocks become, each with a stable id and a digest.

Progress hangs on the two: the id says which step was done, and the digest whether it is still the
one that was done. Neither knows where in the lesson the step stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from lessons.kit.course import same, source
from lessons.kit.course.blocks import Block

POINTS = {"reading": 0, "predict": 0, "lab": 0, "question": 3, "exercise": 10, "task": 0}
"""What a step brings unless its block says `points = N`. A task's points come from its runs."""
SETTINGS = {
    "predict": {"lab", "value", "ask", "unit", "within", "set", "points"},
    "lab": {"set", "step"},
    "question": {"points", "step"},
    "exercise": {"points"},
    "task": set(),
}
"""What each kind of block may set."""
NEEDED = {"predict": {"lab", "value", "ask"}}
"""What a block must set."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to read, predict, see, answer, write or run."""

    id: str
    """`<lesson>/<kind>/<name>`: what progress hangs on."""
    kind: str
    """`reading`, `predict`, `lab`, `question`, `exercise` or `task`."""
    name: str
    """Of its question or lab where it has one; a task's is the unit's stage. `step = "name"` in a
    block names the step in the id if the same lab or question comes twice."""
    text: str
    """Markdown: all of a reading, what a prediction asks, else empty."""
    settings: Mapping[str, Any]
    """What its block says; `within` (0.15) and `set` ({}) are always there for a prediction."""
    points: int
    digest: str
    """Of its text and the code behind it."""
    hash: str
    """The digest under which this work was first out: changes with what the learner is given, not
    with how its code is written. What was done is written under it."""
    line: int
    """Where it begins in `lesson.md`."""


def steps_of(blocks: list[Block], id: str, folder: Path) -> tuple[Step, ...]:
    """The steps of the lesson `id`, whose questions, labs and checks lie in `folder`.

    A reading is called after the step that it leads to, since its text may be rewritten at will.

    Raises:
        EngineError: Two have the same id, or a block sets what it cannot.
    """
    steps: list[Step] = []
    digests = _digests(folder)
    taken: set[str] = set()
    for block, follows in zip(blocks, [*blocks[1:], None], strict=True):
        name = label = block.settings.get("step", block.name)
        if block.kind == "reading":
            name = label = (
                f"before-{follows.settings.get('step', follows.name)}" if follows else "end"
            )
            if f"{id}/reading/{label}" in taken:
                name = label = f"before-{follows.kind}-{follows.name}"
        else:
            name = block.name
            _check(block, f"{id}/lesson.md, line {block.line}")
        step_id = f"{id}/{block.kind}/{label}"
        if step_id in taken:
            raise EngineError(f"{id}/lesson.md has two of {block.kind} {label}.")
        taken.add(step_id)
        settings = dict(block.settings)
        if block.kind == "predict":
            settings = {"within": 0.15, "set": {}, "unit": ""} | settings
        text = settings.get("ask", "") if block.kind != "reading" else block.text
        points = settings.get("points", POINTS[block.kind])
        of = digests.get((block.kind, name), "")
        digest = source.digest(block.kind, name, " ".join(block.text.split()), of)
        hash = same.work(step_id, digest)
        steps.append(
            Step(step_id, block.kind, name, text, settings, points, digest, hash, block.line)
        )
    return tuple(steps)


def _digests(folder: Path) -> dict[tuple[str, str], str]:
    """What the code behind each step reads as, by kind and name."""
    sources = source.Sources(folder)
    found = {("exercise", "exercise"): sources.whole("checks")}
    for kind, file in (("question", "questions"), ("lab", "labs")):
        for name, digest in sources.marked(file, kind).items():
            found[kind, name] = digest
    return found


def _check(block: Block, where: str) -> None:
    unknown = set(block.settings) - SETTINGS[block.kind]
    missing = NEEDED.get(block.kind, set()) - set(block.settings)
    if unknown or missing:
        said = "cannot set" if unknown else "must set"
        names = ", ".join(sorted(unknown or missing))
        raise EngineError(f"{where}: {block.kind} {block.name} {said} {names}.")
    points = block.settings.get("points", 0)
    if not isinstance(points, int) or points < 0:
        raise EngineError(f"{where}: {points!r} are no points.")
