"""The score card as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cascades.score import BANDS, MOST
from tutor.report.table import table
from tutor.wording import better_threshold, duration

if TYPE_CHECKING:
    from engine.runs.card import ScoreCard

NAMES = {
    "baseline_em": "student as shipped",
    "student_em": "student, fine-tuned",
    "teacher_em": "teacher",
    "cascade_em": "cascade",
}


def card_text(card: ScoreCard) -> str:
    """The card, with what is not known yet as a dash."""
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
    head = f"Score card: {card.points.total:g} of {MOST:g} points"
    if card.problems:
        head += f", {card.problems:,} test problems"
    parts = [head, table(rows, ("", "EM or share", "95% interval", "points"), right=(1, 3))]
    parts += better_threshold(card.better)
    if card.seconds:
        spent = [*card.seconds.items(), ("together", sum(card.seconds.values()))]
        parts.append(table([(name, duration(each)) for name, each in spent], right=(1,)))
    return "\n\n".join(parts)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _points(card: ScoreCard, measure: str, most: dict[str, float]) -> str:
    if measure not in most:
        return ""
    got = getattr(card.points, measure)
    return f"– of {most[measure]:g}" if got is None else f"{got:g} of {most[measure]:g}"
