"""The score card in words: the five tasks, figures with their intervals, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from engine.cascades.score import BANDS
from tutor.tui.words import tasks as task_words
from tutor.tutorial import run_words as wording
from tutor.tutorial import size_words
from tutor.tutorial.choice import REFERENCE

if TYPE_CHECKING:
    from engine.chain.card import ScoreCard
    from lessons.kit.course.course import Unit
    from tutor.tutorial.snapshot import Snapshot

MEASURES = (
    ("baseline_em", "Student as shipped"),
    ("teacher_em", "Teacher"),
    ("student_em", "Student, fine-tuned"),
    ("cascade_em", "Cascade"),
    ("cost_saving", "Money saved"),
    ("compute_saving", "Compute saved"),
    ("share_sent", "Sent to the teacher"),
)
"""Rows of the card: measure and words."""

GRADED = {band.measure: band for band in BANDS}

HINTS = {
    "student_em": "other settings (e on its card), and more answers to learn from (z).",
    "cascade_em": "a higher threshold asks the teacher more often; a better student helps at any "
    "threshold.",
    "cost_saving": "a lower threshold keeps more of the student's answers; at a lower temperature "
    "samples agree more often; a better student is sure more often.",
}
"""What brings the missing points of each measure."""


def tasks(unit: Unit, seen: Snapshot, width: int = task_words.WIDE) -> Content:
    """The five tasks: points, of how many, and the run that earned them."""
    head = Content.styled(f"{seen.points:g} of {unit.points} points", "bold $primary")
    kept = "the best of each task; a worse run takes nothing away"
    lines = task_words.beside(head, Content.styled(kept, "$foreground 60%"), width)
    return Content("\n").join([*lines, Content(""), *task_words.table(seen.tasks, width)])


def figures(card: ScoreCard, width: int = task_words.WIDE) -> Content:
    """What the chain as it is chosen now has measured, with intervals and bands.

    Args:
        card: What was measured.
        width: In cells; what a measure's points are given for stands below it where it must.
    """
    about = f"on {card.problems:,} test problems" if card.problems else "so far"
    lines = [
        Content(""),
        Content.assemble(("As chosen now", "bold"), f"  {about}"),
        *Content.styled(size_words.in_short(card.size), "$text-warning").wrap(width),
        *_titles(width),
    ]
    for measure, words in MEASURES:
        lines += task_words.beside(*_line(card, measure, words), width)
    if card.policy:
        named = {"k": "K", "threshold": "threshold", "temperature": "temperature"}
        policy = [f"{word} {card.policy[n]:.3g}" for n, word in named.items() if n in card.policy]
        lines.append(Content.styled(f"{'Policy':<20}{', '.join(policy)}", "$foreground 60%"))
    small = size_words.of_card(card, "On the tutorial, z chooses the full size.")
    for said in filter(None, (small, wording.cut(card), wording.hollow(card))):
        lines += Content.styled(said, "$text-warning").wrap(width)
    return Content("\n").join(lines)


def _titles(width: int) -> list[Content]:
    """Above the columns."""
    bands = "bands" if width >= task_words.WIDE else ""
    head = f"{'':<20}{'':<7}{'95% interval':<13}{'points':<13}{bands}"
    return [Content.styled(head.rstrip(), "$foreground 60%")]


def _line(card: ScoreCard, measure: str, words: str) -> tuple[Content, Content]:
    """A measure with its points, and what these are given for."""
    value = getattr(card, measure)
    share = measure.endswith(("saving", "sent", "saved"))
    shown = "–" if value is None else f"{100 * value:.0f}%" if share else wording.em(value)
    spread = wording.interval(*card.intervals.get(measure, (None, None)))
    points, worth = _points(card, measure)
    parts = [f"{words:<20}", (f"{shown:<7}", "bold"), (f"{spread:<13}", "$foreground 60%")]
    return Content.assemble(*parts, points), Content.styled(worth, "$foreground 60%")


def _points(card: ScoreCard, measure: str) -> tuple[tuple[str, str], str]:
    """The points with their glyph, and what they are given for."""
    band = GRADED.get(measure)
    if band is None:
        return ("", ""), ""
    got = getattr(card.points, measure)
    glyph, colour = "○", "$foreground 60%"
    if got:
        full = got >= band.most
        glyph, colour = ("●", "$text-success") if full else ("◐", "$text-warning")
    said = f"{glyph} {'–' if got is None else format(got, 'g')} of {band.most:g}"
    worth = " · ".join(f"{points:g} ≥ {least:.2f}" for least, points in band.steps)
    return (f"{said:<11}", colour), worth


def advice(unit: Unit, seen: Snapshot) -> Content:
    """What to do next, and how long each stage took."""
    card = seen.card
    lines = [Content(""), Content.styled("Next", "bold"), *map(Content, _next(unit, seen))]
    if card.seconds:
        total = sum(card.seconds.values())
        parts = [
            f"{name.replace('_', ' ')} {wording.duration(spent)}"
            for name, spent in card.seconds.items()
        ]
        lines += [Content(""), Content.styled("Time", "bold")]
        lines.append(Content(" · ".join([*parts, f"together {wording.duration(total)}"])))
    return Content("\n").join(lines)


def _next(unit: Unit, seen: Snapshot) -> list[str]:
    card = seen.card
    if seen.points >= unit.points:
        if seen.choice.preset == "full":
            return [f"All {unit.points} points, at full size."]
        return [f"All {unit.points} points. The full size (z) shows whether they hold."]
    if not card.finished or len(card.states) < len(seen.specs):
        return ["Some tasks are still to run: t opens the tutorial, a runs them all."]
    lines = [
        f"{task.name}, {task.of - task.points:g} points more: write its code, with e on its card."
        for task in seen.tasks
        if task.code and task.points < task.of and task.lesson
    ]
    if REFERENCE in (seen.choice.settings, seen.choice.policy):
        lines.append("The reference's settings bring no points: f on the tutorial takes yours.")
    words, short = dict(MEASURES), [task for task in seen.tasks if task.points < task.of]
    open_measures = {name for task in short for name in _graded(unit, task.stage)}
    for name in HINTS:
        more = GRADED[name].most - (getattr(card.points, name) or 0)
        if name in open_measures and more:
            lines.append(f"{words[name]}, {more:g} points more: {HINTS[name]}")
    if open_measures & {"cascade_em", "cost_saving"} and (weak := wording.single_samples(card)):
        lines.append(weak)
    return [*lines, *wording.better_policy(card.better)]


def _graded(unit: Unit, stage: str) -> tuple[str, ...]:
    return unit.stage(stage).graded
