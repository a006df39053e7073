"""Audit and compare from anywhere: first which run, of those that answered problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.chain.answers import answers_problems
from tutor.tui.screens import against
from tutor.tui.screens.which import Which

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.tui.host import Host

NONE = "No run has answered problems yet. t opens the tutorial, where Run starts one."


def audit(app: Host) -> None:
    """Every answer of a run as three judges see it."""
    _choose(app, "Audit which run?", "audit", lambda run: open_audit(app, run.id))


def compare(app: Host) -> None:
    """Two runs on the same problems."""

    def first(run: Run) -> None:
        if why := against.why_not(run, app.seen.runs):
            app.notify(why, title="Not now", severity="warning", markup=False)
        else:
            against.compare(app, run)

    _choose(app, "Compare which run?", "then another", first)


def open_audit(app: Host, run_id: int) -> None:
    """The audit of one run."""
    from tutor.tui.screens.predictions import Predictions

    app.push_screen(Predictions(run_id))


def answered(runs: Sequence[Run]) -> list[Run]:
    """Those that answer problems and have something to show."""
    return [run for run in runs if answers_problems(run) and (run.done or run.state == "finished")]


def why_no_audit(run: Run | None) -> str:
    """Why a run cannot be audited, in a sentence; empty where it can."""
    if run is None:
        return "There is no run to audit yet."
    return "" if answered([run]) else f"Run {run.id} has judged no answers: nothing to audit."


def _choose(app: Host, title: str, does: str, then: Callable[[Run], None]) -> None:
    runs = answered(app.seen.runs)
    if not runs:
        app.notify(NONE, title="Not now", severity="warning", markup=False)
        return
    app.push_screen(Which(title, does, runs), lambda id: id and then(app.seen.run(id)))
