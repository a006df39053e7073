"""What `verify` found of a notebook, in plain text: each claim, each edit, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.report.paragraphs import wrapped
from tutor.report.table import table

if TYPE_CHECKING:
    from tutor.handin.verify import Verdict

HELD = {True: "✓ holds", False: "✗ differs", None: "· not counted"}
"""A claim's glyph and word."""
ORDER = (False, None, True)
"""What differs is read first."""
SCREEN = 20
"""Lines after which the first one has left a terminal."""


def verdict_text(verdict: Verdict, width: int | None = None, *, summed_up: bool = True) -> str:
    """What it comes to, then each claim and each edit.

    Args:
        verdict: What was found.
        width: Columns of a line; None for as many as it takes.
        summed_up: Whether what it comes to is said first, and again below what is longer than a
            screen.
    """
    heads = ("", "handed in", "found", "")
    claims = sorted(verdict.claims, key=lambda claim: ORDER.index(claim.holds))
    rows = [(each.what, each.said, each.found, HELD[each.holds]) for each in claims]
    edits = [wrapped(f"! {edit}", width) for edit in verdict.edits]
    parts = [*edits, table(rows, heads, width=width)]
    if summed_up:
        way_out = " --run-checks runs the learner's code, and counts them."
        comes_to = wrapped(sentence(verdict) + way_out * verdict.waits_for_code)
        long = "\n\n".join(parts).count("\n") > SCREEN
        parts = [comes_to, *parts, *[comes_to] * long]
    return "\n\n".join(parts)


def sentence(verdict: Verdict) -> str:
    """What it comes to: whether the scores follow, what could not be counted, what was edited."""
    number = len(verdict.edits)
    edited = f"{number} edit{'s' if number > 1 else ''} since" if number else "nothing was edited"
    if not verdict.follows:
        return f"The scores do NOT follow from the recorded predictions; {edited}."
    if verdict.counted:
        return f"The scores follow from the recorded predictions; {edited}."
    return (
        f"What was counted follows from the recorded predictions; {edited}. {not_counted(verdict)}"
    )


def not_counted(verdict: Verdict) -> str:
    """Which claims were not, and how many points hang on them."""
    left = [claim for claim in verdict.claims if claim.holds is None]
    points = sum(claim.points for claim in left)
    words = f"Not counted: {len(left)} claim{'s' if len(left) > 1 else ''}"
    of = sum(claim.points for claim in verdict.claims)
    return f"{words}, with {points:g} of the {of:g} points." if points else f"{words}."
