"""The score card as tables: what a chain has measured, and the five tasks with their points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cascades.score import BANDS
from tutor.report.paragraphs import room
from tutor.report.table import table
from tutor.tutorial import size_words
from tutor.tutorial.run_words import (
    best_policy,
    better_policy,
    cut,
    duration,
    earned_by,
    hollow,
    single_samples,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.chain.card import ScoreCard
    from tutor.tutorial.tasks import Task

NAMES = {
    "baseline_em": "student as shipped",
    "student_em": "student, fine-tuned",
    "teacher_em": "teacher",
    "cascade_em": "cascade",
}


def card_text(card: ScoreCard, bigger: str = "`--preset full` is the full size.") -> str:
    """The card, with what is not known yet as a dash.

    Args:
        card: What was measured.
        bigger: Where it was at a small size, how the full one is chosen.
    """
    most = {band.measure: band.most for band in BANDS}
    rows = []
    for measure, name in NAMES.items():
        if measure == "cascade_em" and card.policy:
            name += f", K={card.policy['k']:g}, keep from {card.policy['threshold']:g}"
        low_high = card.intervals.get(measure)
        interval = f"{low_high[0]:.2f} to {low_high[1]:.2f}" if low_high else ""
        rows.append((name, _number(getattr(card, measure)), interval, _points(card, measure, most)))
    rows.append(("money saved", _number(card.cost_saving), "", _points(card, "cost_saving", most)))
    rows.append(("compute saved", _number(card.compute_saving), "", ""))
    rows.append(("sent to the teacher", _number(card.share_sent), "", ""))
    head = "What this chain has measured"
    if card.problems:
        head += f", on {card.problems:,} test problems"
    heads = ("", "EM or share", "95% interval", "points")
    parts = [head, table(rows, heads, right=(1, 3), width=room())]
    small = size_words.of_card(card, bigger)
    parts += [said for said in (small, cut(card), hollow(card), single_samples(card)) if said]
    parts += better_policy(card.better)
    if card.best and card.cascade_em is None:
        parts.append(f"Best of the policies tried: {best_policy(card.best)}.")
    if card.seconds:
        spent = [*card.seconds.items(), ("together", sum(card.seconds.values()))]
        took = [(name, duration(each)) for name, each in spent]
        parts.append(table(took, right=(1,), width=room()))
    return "\n\n".join(parts)


def tasks_text(tasks: Sequence[Task], reference: bool = False) -> str:
    """The five tasks.

    Args:
        tasks: As they stand.
        reference: Whether they are what the reference would earn, and nobody's points.
    """
    points, of = sum(task.points for task in tasks), sum(task.of for task in tasks)
    head = f"Score card: {points:g} of {of:g} points"
    if reference:
        head += " that the reference would earn; nobody's record has them"
    rows = [
        (
            task.name,
            f"{task.points:g} of {task.of:g}",
            "the reference's code" if reference and task.code else earned_by(task),
        )
        for task in tasks
    ]
    heads = ("task", "points", "earned by")
    return f"{head}\n\n{table(rows, heads, right=(1,), width=room())}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _points(card: ScoreCard, measure: str, most: dict[str, float]) -> str:
    if measure not in most:
        return ""
    got = getattr(card.points, measure)
    return f"– of {most[measure]:g}" if got is None else f"{got:g} of {most[measure]:g}"
