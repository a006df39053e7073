"""A task in words: its points, and whose code or settings its runs compute with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.tutorial.choice import REFERENCE

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import Snapshot
    from tutor.tutorial.tasks import Task

FINE_TUNE, CASCADE = "fine-tune", "cascade"
"""The stages whose settings are the learner's."""


def points(task: Task) -> str:
    """`12 of 20 points by run 7`."""
    by = f" by run {task.run}" if task.run else ""
    return f"{task.points:g} of {task.of:g} points{by}"


def whose(task: Task, seen: Snapshot) -> str:
    """Whose code or settings a run of this task computes with now."""
    if task.stage in (FINE_TUNE, CASCADE):
        chosen = seen.choice.settings if task.stage == FINE_TUNE else seen.choice.policy
        what = "settings" if task.stage == FINE_TUNE else "policy"
        if chosen == REFERENCE:
            return f"reference {what}, no points (f: yours)"
        return f"your {what} (e: edit)"
    if seen.choice.code == REFERENCE:
        return "the course's code (f: yours)"
    return {
        "your code": "your code",
        "changed": "the course's code, as yours has changed (e: check it again)",
        "reference": "the course's code, for no points" + (" (e: write yours)" * bool(task.lesson)),
    }[task.code]
