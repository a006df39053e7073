"""The five tasks in words: a line for a card, a table for the score card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tutor.tui.words import spec as settings
from tutor.tutorial import run_words as wording
from tutor.tutorial.choice import REFERENCE as BY_REFERENCE
from tutor.tutorial.task_words import points, whose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.chain.tuning import Tuning
    from tutor.tutorial.snapshot import Snapshot
    from tutor.tutorial.stages import Standing
    from tutor.tutorial.tasks import Task

FAINT = "$foreground 60%"
WIDE = 75
"""Cells in which a line of the score card has room for all that is on it."""
INSET = 7
"""Cells by which what has no room on a line is set in below it."""


def card_line(task: Task, seen: Snapshot) -> Content:
    """Points, the run that earned them, and whose code or settings hold."""
    return Content.assemble(
        (points(task), "bold" if task.points else FAINT),
        (f" · {whose(task, seen)}", FAINT),
    )


def far(place: Standing, *, time_left: bool = True) -> str:
    """Which of a task's runs computes, how far it is, and the time left of them all.

    Such as ` 2 of 2: 34% 1:12 left`; empty where none computes.
    """
    run = place.run
    if run is None or place.state != "running":
        return ""
    runs = len(place.stage.runs)
    which = f" {place.at} of {runs}:" if runs > 1 else ""
    left = f" {place.left}" if place.left and time_left else ""
    return f"{which} {wording.share(run.done, run.total)}{left}"


def settings_of(place: Standing, seen: Snapshot, *, all_of_it: bool = False) -> Content:
    """What the runs of a task are, or would be, computed with: a block for each."""
    parts: list[Content] = []
    for name, kind in zip(place.stage.runs, place.stage.kinds, strict=True):
        run = seen.stages.get(name)
        title = f"run {run.id}, {wording.stands(run)}" if run else "not run yet"
        if run and (held := wording.held_against(run)):
            title = f"run {run.id}, {held}"
        about = f"  {title}" if name == kind else f"  {kind}, {title}"
        parts.append(Content.assemble((name, "bold"), (about, FAINT)))
        lines = settings.lines(kind, seen.specs.get(name, {}), all_of_it=all_of_it)
        parts += [Content("  ") + line for line in lines]
        parts.append(Content(""))
    return Content("\n").join(parts[:-1])


def policy_line(seen: Snapshot) -> str:
    """The policy, and how far it has been tried: nothing is tuned before validation was run."""
    tried = "not tried on validation yet"
    if seen.card and seen.card.cascade_em is not None:
        tried = "counted on test"
    elif seen.card and seen.card.grid:
        tried = "tried on validation only"
    if seen.choice.policy == BY_REFERENCE:
        return f"the reference's policy: {tried}"
    return f"policy {policy(seen.tuning)}: {tried}" if seen.tuning else ""


def policy(tuning: Tuning | None) -> str:
    """`K 5, T 0.7, top-p 0.9, threshold 0.5`."""
    if tuning is None:
        return ""
    words = {"k": "K", "temperature": "T", "top_p": "top-p", "threshold": "threshold"}
    return ", ".join(f"{word} {getattr(tuning, name):.3g}" for name, word in words.items())


def holds(best: Mapping[str, float], tuning: Tuning | None) -> bool:
    """Whether a policy of a grid is the learner's."""
    if tuning is None or best["k"] != tuning.k:
        return False
    return abs(best["threshold"] - tuning.threshold) < 1e-3


def no_best(seen: Snapshot) -> str:
    """Why no policy of validation's can be taken over; empty where one can."""
    best = seen.card.best if seen.card else None
    if best is None:
        return "Run “Measure confidence” first: policies are tried on validation problems."
    return "That is your policy already." if holds(best, seen.tuning) else ""


def table(tasks: Sequence[Task], width: int = WIDE) -> list[Content]:
    """A line a task: name, points, and what earned them; below, where it has no room."""
    lines = []
    for task in tasks:
        full = task.points >= task.of
        glyph, colour = ("●", "$text-success") if full else ("○", FAINT)
        if 0 < task.points < task.of:
            glyph, colour = "◐", "$text-warning"
        left = Content.assemble(
            f"{task.name:<22}",
            (f"{glyph} {task.points:>4g} of {task.of:<4g}", colour),
        )
        lines += beside(left, Content.styled(wording.earned_by(task), FAINT), width)
    return lines


def beside(left: Content, more: Content, width: int) -> list[Content]:
    """Two texts on a line; where that is too long, the second one below, set in."""
    if not more or left.cell_length + 2 + more.cell_length <= width:
        return [left + Content("  ") + more] if more else [left]
    inset = Content(" " * INSET)
    return [left, *(inset + line for line in more.wrap(max(1, width - INSET)))]
