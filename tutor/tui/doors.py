"""Every command, and where a screen does the same: the one table of both.

What has no other place on a screen stands in the room "Hand in", and in the command palette by the
words of its title and of what it does. A test holds the table against the commands there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Door:
    """A command's place on the screens."""

    command: str
    """Its name; a command's own commands after a blank."""
    where: str
    """The place, in words: for who looks for it, and for the test."""
    title: str = ""
    """What the room and the palette call it; empty for what has a screen of its own already."""
    about: str = ""
    """What it does, in a sentence with the words that one looks for."""
    opens: str = ""
    """A screen or a function of `tutor.tui.screens`, as `module:name`."""
    group: str = ""
    """The heading that it stands under in the room."""


IN, RUNS, FILES, AUTHORS, MACHINE = (
    "Hand in",
    "Look at runs",
    "Data out and in",
    "For authors",
    "This machine",
)
DOORS = (
    Door(
        "export", "Hand in", "Export the tutorial",
        "Hand in the tutorial: write the notebook to submit, with code, runs and points.",
        "handin.notebook:Export", IN,
    ),
    Door(
        "verify", "Hand in", "Verify a notebook",
        "Check a notebook that was handed in: whether its scores follow, and what was edited.",
        "handin.notebook:Verify", IN,
    ),
    Door(
        "audit", "Runs, a run's e", "Audit a run",
        "Show how a run's answers were judged, by three judges, and only where they differ.",
        "handin.runs:audit", RUNS,
    ),
    Door(
        "compare", "Runs, a run's v", "Compare two runs",
        "Compare two runs on the same problems: which is better, and is it more than noise.",
        "handin.runs:compare", RUNS,
    ),
    Door(
        "run evaluate", "Hand in", "Start one run",
        "Start a single run of any kind with all its settings: evaluate, teach, sft, sample …",
        "handin.run:Start", RUNS,
    ),
    Door(
        "progress export", "Hand in", "Progress out: export your record",
        "Save your record of progress as a file: a backup, or to carry to another machine.",
        "handin.record:Out", FILES,
    ),
    Door(
        "progress import", "Hand in", "Progress in: import a record",
        "Merge a file with a record of progress into yours; it is shown first what would change.",
        "handin.record:In", FILES,
    ),
    Door(
        "data export", "Hand in", "Data out: export a teacher's answers",
        "Take the answers of a teach run out as a data set: JSON lines for other trainers.",
        "handin.data:out", FILES,
    ),
    Door(
        "data import", "Hand in", "Data in: import answers as a teacher",
        "Bring a file of answers in as a finished teach run, which a student can learn from.",
        "handin.data:In", FILES,
    ),
    Door(
        "lint", "Hand in", "Lint the lessons",
        "Look through the lessons for faults; for authors, who write them.",
        "handin.lint:Lint", AUTHORS,
    ),
    Door(
        "models", "Hand in", "Models",
        "List models to take as a student, and what memory each needs here.",
        "handin.machine:models", MACHINE,
    ),
    Door(
        "info", "Hand in", "Info",
        "Show what stands behind the runs: versions, device, memory, paths, fallbacks.",
        "handin.machine:info", MACHINE,
    ),
    Door("lessons", "Home"),
    Door("read", "a lesson"),
    Door("ask", "a question in its lesson; Review"),
    Door("lab", "a lab in its lesson"),
    Door("check", "an exercise, ^r"),
    Door("review", "Review"),
    Door("progress", "Progress"),
    Door("pipeline", "The tutorial"),
    Door("score", "Score card"),
    Door("runs", "Runs"),
    Door("show", "a run"),
    Door("follow", "a run"),
    Door("pause", "a run, space"),
    Door("resume", "a run, space; Home, R"),
    Door("cancel", "a run, c"),
    Door("run teach", "Hand in: Start one run"),
    Door("run sft", "Hand in: Start one run"),
    Door("run sample", "Hand in: Start one run"),
    Door("run cascade", "Hand in: Start one run"),
    Door("serve", "none: it opens the tutor itself, in a browser"),
)  # fmt: skip
LISTED = tuple(door for door in DOORS if door.title)
"""What the room "Hand in" and the palette offer."""


def behind(command: str) -> Callable:
    """What opens a listed command's place: a screen, or a function of the app."""
    door = next(door for door in LISTED if door.command == command)
    module, _, name = door.opens.partition(":")
    return getattr(import_module(f"tutor.tui.screens.{module}"), name)
