"""Pause, resume and cancel: one run, or chains of them, from any screen that shows them.

Each function says why it would do nothing, or does it; what is lost for good is asked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.runs.chains import may_cancel
from engine.runs.states import OPEN
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.chains import Chain
    from engine.runs.snapshot import Run
    from tutor.tui.host import Host

PAUSE, RESUME = "pause", "resume"


def word(of: Run | Sequence[Chain]) -> str:
    """What space does now: PAUSE or RESUME."""
    return PAUSE if _moves(of) else RESUME


def why_not(action: str, of: Run | Sequence[Chain] | None) -> str:
    """Why `pause_or_resume` or `cancel` would do nothing, in a sentence."""
    if of is None:
        return "There is no run here yet."
    if isinstance(of, Sequence):
        if not of:
            return "Nothing of it is going on."
        runs = [run for chain in of for run in chain.runs if run.request != "cancel"]
        if not runs:
            return "It is being cancelled already."
        if action == "cancel" and not any(map(may_cancel, runs)):
            return (
                f"{wording.runs(run.id for run in runs).capitalize()} failed. Nothing else is left."
            )
        return ""
    if of.request == "cancel":
        return f"Run {of.id} is being cancelled already."
    over = f"Run {of.id} is {wording.STATES[wording.stands(of)][1]}."
    if action == "cancel" and not may_cancel(of):
        return f"{over} There is nothing to cancel."
    if of.state not in OPEN:
        return f"{over} There is nothing to pause or resume."
    return ""


def pause_or_resume(app: Host, of: Run | Sequence[Chain]) -> None:
    """Have what goes on stand still, or what stands still go on."""
    if isinstance(of, Sequence):
        numbers = [run.id for chain in of for run in chain.runs]
        app.pause_all(numbers) if _moves(of) else app.resume_all(numbers)
    else:
        app.pause(of.id) if _moves(of) else app.resume(of.id)


def cancel(app: Host, of: Run | Sequence[Chain]) -> None:
    """End it for good, if the learner says so twice."""
    from tutor.tui.screens.confirm import Confirm

    if isinstance(of, Sequence):
        numbers = [run.id for chain in of for run in chain.runs]
        named = " and ".join(map(chain_words.name, of))
        asked = Confirm(
            f"Cancel {named}?", chain_words.cancelling_all(of), "Cancel all of it", "Leave it"
        )
        app.push_screen(asked, lambda yes: yes and app.cancel_all(numbers))
    else:
        number = of.id
        question = chain_words.cancelling(of, app.seen.runs)
        asked = Confirm(f"Cancel run {number}?", question, "Cancel the run", "Leave it")
        app.push_screen(asked, lambda yes: yes and app.cancel(number))


def _moves(of: Run | Sequence[Chain]) -> bool:
    if isinstance(of, Sequence):
        return any(chain.moves for chain in of)
    return of.active and of.request != "pause"
