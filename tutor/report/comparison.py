"""Two runs compared, in plain text: scores, table of flips, verdict, and which problems flipped."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from engine.evaluation.paired import INTERVAL, TEST
from tutor.report.paragraphs import prose_width, room, wrapped
from tutor.report.table import table

if TYPE_CHECKING:
    from engine.chain.comparison import Comparison, Side
    from engine.evaluation.statistics import Score


def comparison_text(found: Comparison) -> str:
    """All of it; the flipped problems by their ids."""
    wide = room()
    parts = [scores(found, wide), flips(found, wide), measures(found, wide)]
    parts += map(wrapped, (found.verdict, *found.notes))
    for word, gained in (("gained", True), ("lost", False)):
        ids = [flip.problem_id for flip in found.flips if flip.gained is gained]
        if ids:
            listed = textwrap.fill(
                "  ".join(ids), prose_width() - 2, break_long_words=False, break_on_hyphens=False
            )
            parts.append(f"{word} ({len(ids):,})\n{textwrap.indent(listed, '  ')}")
    return "\n\n".join(parts)


def scores(found: Comparison, width: int | None = None) -> str:
    """A line for each run: its exact match with its interval, and which answers it is of."""
    sides = ((found.first, found.table.first), (found.second, found.table.second))
    rows = [_score(side, score) for side, score in sides]
    heads = ("", "EM", "95% (Wilson)", "answers", "what")
    return table(rows, heads, right=(1,), width=width)


def flips(found: Comparison, width: int | None = None) -> str:
    """The 2x2 table, with the words for the two fields in which they differ."""
    first, second, of = found.first.run, found.second.run, found.table
    rows = [
        (f"run {first} right", f"{of.both:,} both", f"{of.lost:,} lost"),
        (f"run {first} wrong", f"{of.gained:,} gained", f"{of.neither:,} neither"),
    ]
    heads = (f"{of.n:,} problems", f"run {second} right", f"run {second} wrong")
    return table(rows, heads, width=width)


def measures(found: Comparison, width: int | None = None) -> str:
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
    return table(rows, width=width)


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
