"""How a step stands, and what is left of it: in a word, in short, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.tui.classroom.pages import Page
from tutor.tui.words.steps import STANDS


def stands(page: Page) -> str:
    """`done`, `skipped`, `seen`, `new`, or `changed` where its text is another since then."""
    if page.place is None:
        return "new"
    return "changed" if page.place.changed(page.step.hash) else page.place.state


def left(page: Page) -> float:
    """Points that can still be had for it."""
    return max(0.0, page.step.points - page.points)


def left_over(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Steps with something left: those not done, and those with points still to be had."""
    return tuple(page for page in pages if left(page) or not page.done)


def in_short(page: Page) -> str:
    """`skipped · 0 of 3`; only what is not plain to see of a step that brings nothing."""
    state = stands(page)
    said = [] if state in ("done", "new", "seen") else [STANDS[state]]
    if page.step.points:
        said.append(f"{page.points:.3g} of {page.step.points:g}")
    return " · ".join(said)


def how_it_stands(page: Page) -> str:
    """Both in a sentence or two: `Skipped. 0 of 3 points.`."""
    state = STANDS[stands(page)].capitalize()
    if not page.step.points:
        return f"{state}."
    return f"{state}. {page.points:.3g} of {page.step.points:g} points."
