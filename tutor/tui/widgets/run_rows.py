"""What goes on, as rows of a list: runs, and chains of them in a row of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.tui.widgets.rows import Row, sides
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.chains import Chain
    from engine.runs.snapshot import Run
    from tutor.tutorial.snapshot import Snapshot

STOPPED = ("interrupted", "paused")
"""Runs in these states wait for the learner."""


def going_on(seen: Snapshot) -> tuple[list[Row], list[Row]]:
    """Rows of what waits for the learner, and of what goes on by itself.

    Of a chain those of its runs that have begun, and a row for the whole of it.
    """
    stopped: list[Row] = []
    moving: list[Row] = []
    for state, row in _rows(seen):
        (stopped if state in STOPPED else moving).append(row)
    return stopped, moving


def _rows(seen: Snapshot) -> Iterator[tuple[str, Row]]:
    for chain in seen.chains:
        runs = [run for run in chain.runs if run.state in wording.GOING_ON]
        for run in runs:
            if chain.size == 1 or run.attempts:
                yield run.state, _run(run)
        if chain.size > 1 and runs:
            yield chain.state, heading(chain, seen.foreseen)


def heading(chain: Chain, foreseen: Mapping[int, float | None]) -> Row:
    """A chain in a row: how it stands, how far it is, and the time left of the whole."""

    def draw(width: int) -> Content:
        state = Content.styled(chain_words.state(chain), wording.STATES[chain.state][2])
        words = Content.styled(f"  chain: {chain_words.far(chain)}", "bold")
        return sides(state + words, chain_words.left([chain], foreseen), width)

    return Row(draw, ("chain", chain.runs[-1].id))


def _run(run: Run) -> Row:
    def draw(width: int) -> Content:
        right = wording.share(run.done, run.total) if run.total else ""
        if run.state == "running" and run.eta_seconds:
            right += f"  {wording.duration(run.eta_seconds)} left"
        state = Content.styled(f"{wording.state(run)}  ", wording.colour(run))
        return sides(state + Content(f"{run.id}  {run.title}"), right, width)

    return Row(draw, run.id)
