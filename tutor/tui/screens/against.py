"""Which run to compare another with, of those that answered problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.chain.answers import answers_problems
from tutor.tui.screens.which import Which

if TYPE_CHECKING:
    from engine.chain.comparison import Comparison
    from engine.runs.client import Client
    from engine.runs.snapshot import Run
    from tutor.tui.host import Host


def why_not(run: Run | None, runs: Sequence[Run]) -> str:
    """Why a run cannot be compared, in a sentence; empty where it can."""
    if run is None:
        return "There is no run to compare yet."
    if not answers_problems(run):
        return f"Run {run.id} answers no problems: there is nothing to compare."
    if not _others(run, runs):
        return "There is no other run that has answered problems."
    return ""


def compare(app: Host, run: Run) -> None:
    """Let the learner choose another run, and open the comparison, the older run first."""

    def chosen(other: int | None) -> None:
        if other is not None:
            pair = sorted((other, run.id))
            app.order(lambda desk: _compare(desk.client, *pair), _open)

    def _open(found: Comparison) -> None:
        from tutor.tui.screens.compare import Compare

        app.push_screen(Compare(found))

    others = _others(run, app.seen.runs)
    app.push_screen(Which(f"Compare run {run.id} with", "compare", others), chosen)


def _compare(client: Client, first: int, second: int) -> Comparison:
    from engine.chain import comparison

    return comparison.compare(client, first, second)


def _others(run: Run, runs: Sequence[Run]) -> list[Run]:
    return [
        each
        for each in runs
        if answers_problems(each) and each.id != run.id and (each.done or each.state == "finished")
    ]
