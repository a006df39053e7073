"""The score card in words: figures with their intervals, points by band, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from engine.cascades.score import BANDS, MOST
from tutor import wording

if TYPE_CHECKING:
    from engine.runs.card import ScoreCard
    from lessons.kit.course import Unit
    from tutor.watch import Snapshot

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
    "student_em": "on the tutorial, f chooses other settings for the fine-tuning, and z more "
    "answers to learn from.",
    "cascade_em": "a higher threshold (h on the tutorial) asks the teacher more often; a better "
    "student helps at any threshold.",
    "cost_saving": "a lower threshold (h on the tutorial) keeps more of the student's answers; a "
    "better student is sure more often.",
}
"""What brings the missing points of each measure."""


def figures(card: ScoreCard) -> Content:
    """The table: each measure with its interval and its points."""
    about = f"  on {card.problems:,} test problems" if card.problems else ""
    lines = [
        Content.assemble((f"{card.points.total:g} of {MOST:g} points", "bold $primary"), about),
        Content(""),
        Content.styled(f"{'':<20}{'':<7}{'95% interval':<14}points      bands", "$foreground 60%"),
    ]
    for measure, words in MEASURES:
        if measure == "cost_saving":
            lines.append(Content(""))
        lines.append(_line(card, measure, words))
    if card.policy:
        policy = f"K {card.policy['k']:g}, threshold {card.policy['threshold']:g}"
        lines.append(Content.styled(f"{'Policy':<20}{policy}", "$foreground 60%"))
    return Content("\n").join(lines)


def _line(card: ScoreCard, measure: str, words: str) -> Content:
    value = getattr(card, measure)
    share = measure.endswith(("saving", "sent", "saved"))
    shown = "–" if value is None else f"{100 * value:.0f}%" if share else wording.em(value)
    spread = wording.interval(*card.intervals.get(measure, (None, None)))
    return Content.assemble(
        f"{words:<20}",
        (f"{shown:<7}", "bold"),
        (f"{spread:<14}", "$foreground 60%"),
        *_points(card, measure),
    )


def _points(card: ScoreCard, measure: str) -> list[tuple[str, str]]:
    """The points with their glyph, and what they are given for."""
    band = GRADED.get(measure)
    if band is None:
        return []
    got = getattr(card.points, measure)
    glyph, colour = "○", "$foreground 60%"
    if got:
        full = got >= band.most
        glyph, colour = ("●", "$text-success") if full else ("◐", "$text-warning")
    said = f"{glyph} {'–' if got is None else format(got, 'g')} of {band.most:g}"
    worth = " · ".join(f"{points:g} ≥ {least:.2f}" for least, points in band.steps)
    return [(f"{said:<12}", colour), (worth, "$foreground 60%")]


def advice(unit: Unit, seen: Snapshot) -> Content:
    """What to do next, and how long each stage took."""
    card = seen.card
    lines = [Content(""), Content.styled("Next", "bold"), *map(Content, _next(unit, seen))]
    if card.seconds:
        total = sum(card.seconds.values())
        parts = [f"{name} {wording.duration(spent)}" for name, spent in card.seconds.items()]
        lines += [Content(""), Content.styled("Time", "bold")]
        lines.append(Content(" · ".join([*parts, f"together {wording.duration(total)}"])))
    return Content("\n").join(lines)


def _next(unit: Unit, seen: Snapshot) -> list[str]:
    card = seen.card
    if not card.finished or len(card.states) < len(seen.specs):
        return ["Some stages are still to run: t opens the tutorial, a runs them all."]
    missing = [
        (measure, GRADED[measure].most - (getattr(card.points, measure) or 0))
        for measure, _ in MEASURES
        if measure in GRADED and (getattr(card.points, measure) or 0) < GRADED[measure].most
    ]
    if not missing:
        if seen.choice.preset == "full":
            return [f"All {unit.points} points, at full size."]
        return [f"All {unit.points} points. The full size (z) shows whether they hold."]
    words = dict(MEASURES)
    lines = [f"{words[name]}, {more:g} points more: {HINTS[name]}" for name, more in missing]
    return [*lines, *wording.better_threshold(card.better)]
