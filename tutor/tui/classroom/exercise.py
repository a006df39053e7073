"""An exercise as the study's thread keeps it: the learner's file, its checks, its solution."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from engine.runs.home import Home, unusable
from lessons.kit.checks import Declared, declared
from lessons.kit.course import exercise as files
from lessons.kit.course.exercise import Exercise
from tutor.learner.attempts import Place
from tutor.report.checks import by_outcome, said_once
from tutor.tui.words.prose import Part, Prose, prose

if TYPE_CHECKING:
    from lessons.kit.judging.report import Report, Result

SIGNS = {
    "passed": ("✓", "bold $success"), "failed": ("✗", "bold $error"),
    "not judged": ("?", "bold $warning"), "not run": ("·", "$foreground 60%"),
}  # fmt: skip
FEW = 3
"""Passed checks that are told without being counted."""
FAINT = "$foreground 60%"

Stamp = tuple[int, int]
"""When a file was written, in nanoseconds, and its size."""


@dataclass(frozen=True, slots=True)
class ExercisePage:
    """An exercise, ready for the screen."""

    exercise: Exercise
    file: Path
    text: str
    stamp: Stamp
    """Of the file as it was read."""
    checks: Prose
    place: Place | None
    changed: bool
    """Whether the file differs from the shipped one."""


def opened(home: Home, exercise: Exercise, place: Place | None) -> ExercisePage:
    """The learner's file; made if it is not there yet.

    Raises:
        EngineError: It cannot be read or written, or the checks cannot be read.
    """
    file = files.create(home, exercise)
    text, stamp = read(file)
    checks = listed(declared(exercise.checks))
    return ExercisePage(exercise, file, text, stamp, checks, place, files.changed(home, exercise))


def read(file: Path) -> tuple[str, Stamp]:
    """A file's text, and its stamp.

    Raises:
        EngineError: It cannot be read.
    """
    try:
        stamp = stamp_of(file)
        return file.read_text(encoding="utf-8-sig", errors="replace"), stamp
    except OSError as error:
        raise unusable(file, error) from error


def stamp_of(file: Path) -> Stamp:
    """The stamp of a file as it is; zeros where there is none."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def write(file: Path, text: str) -> Stamp:
    """Save the learner's file, whole or not at all; gives its stamp.

    Raises:
        EngineError: It cannot be written.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, file)
    except OSError as error:
        raise unusable(file, error) from error
    return stamp_of(file)


def listed(checks: Sequence[Declared]) -> Prose:
    """The checks before any of them was run."""
    parts: list[Part] = []
    for check in checks:
        parts += _said("not run", check.says)
    return tuple(parts)


def reported(report: Report) -> Prose:
    """What each check said: first what is to be mended, last what passed."""
    parts: list[Part] = []
    traced: set[str] = set()
    for outcome, found in by_outcome(report).items():
        if outcome == "passed" and parts and len(found) > FEW:
            parts.append(Part(Content.styled(f"{len(found)} passed:", FAINT)))
        for each, why in said_once(found):
            parts += _said(outcome, each.says)
            parts += _details(each, why, again=each.traceback in traced)
            traced.add(each.traceback)
    return tuple(parts)


def _said(outcome: str, says: str) -> list[Part]:
    sign, style = SIGNS.get(outcome, SIGNS["not judged"])
    words = prose(says)[0].content
    return [Part(words, Content.styled(f"{sign} ", style), "  ", close=True)]


def _details(result: Result, why: str, *, again: bool) -> list[Part]:
    """Why it did not pass; `again`: it was raised where an error above was."""
    told = [("", why)]
    if result.outcome == "failed":
        told += [("expected ", result.expected), ("got      ", result.got)]
    parts = [
        Part(Content.assemble((label, FAINT), text), "  ", "    ", close=True)
        for label, text in told
        if text
    ]
    if result.traceback and result.outcome in ("failed", "not judged"):
        lines = ["at the same place as above"] if again else result.traceback.rstrip().splitlines()
        parts += [Part(Content.styled(line, FAINT), "  ", "    ", close=True) for line in lines]
    return parts


def summed_up(report: Report) -> tuple[str, str]:
    """The outcome of the whole, and a line about it."""
    outcomes = [each.outcome for each in report.results]
    if report.passed:
        return "passed", f"All {len(outcomes)} checks passed."
    if "failed" not in outcomes and "not judged" in outcomes:
        return "not judged", "This could not be judged; that is not held against you."
    return "failed", f"{outcomes.count('passed')} of {len(outcomes)} checks passed."
