"""Two runs compared, in plain text: scores, table of flips, verdict, and which problems flipped."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from engine.evaluation.paired import INTERVAL, TEST
from tutor.report.paragraphs import WIDTH
from tutor.report.table import table

if TYPE_CHECKING:
    from engine.evaluation.statistics import Score
    from engine.runs.comparison import Comparison, Side


def comparison_text(found: Comparison) -> str:
    """All of it; the flipped problems by their ids."""
    parts = [scores(found), flips(found), measures(found), found.verdict]
    parts += found.notes
    for word, gained in (("gained", True), ("lost", False)):
        ids = [flip.problem_id for flip in found.flips if flip.gained is gained]
        if ids:
            listed = textwrap.fill("  ".join(ids), WIDTH, break_long_words=False)
            parts.append(f"{word} ({len(ids):,})\n{textwrap.indent(listed, '  ')}")
    return "\n\n".join(parts)


def scores(found: Comparison) -> str:
    """A line for each run: its exact match with its interval, and which answers it is of."""
    sides = ((found.first, found.table.first), (found.second, found.table.second))
    rows = [_score(side, score) for side, score in sides]
    return table(rows, ("", "EM", "95% (Wilson)", "answers", "what"), right=(1,))


def flips(found: Comparison) -> str:
    """The 2x2 table, with the words for the two fields in which they differ."""
    first, second, of = found.first.run, found.second.run, found.table
    rows = [
        (f"run {first} right", f"{of.both:,} both", f"{of.lost:,} lost"),
        (f"run {first} wrong", f"{of.gained:,} gained", f"{of.neither:,} neither"),
    ]
    heads = (f"{of.n:,} problems", f"run {second} right", f"run {second} wrong")
    return table(rows, heads)


def measures(found: Comparison) -> str:
    """The difference with its interval, and p, each with the name of its method."""
    low, high = found.table.interval
    rows = [
        (
            "difference",
            f"{found.table.difference:+.3f}",
            f"95% {low:+.3f} to {high:+.3f}",
            INTERVAL,
        ),
        ("p", chance(found.table.p), "", TEST),
    ]
    return table(rows)


def chance(p: float) -> str:
    """A p as one writes it: three digits, or powers of ten where it is small."""
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1e}"


def _score(side: Side, score: Score) -> tuple[str, ...]:
    return (
        f"run {side.run}",
        f"{score.em:.3f}",
        f"{score.low:.3f} to {score.high:.3f}",
        side.by,
        side.title,
    )
