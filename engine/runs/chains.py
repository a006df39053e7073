"""Runs that hang together by what they need: what goes with a cancelled one, and whole chains.

    chains       runs that are not over, joined by what they wait for
    going_with   what is cancelled with a run: all that needs it, and what was only for those
    waits_for    what a queued run waits for now
    Chain.left   seconds that a chain still takes, and how many of its runs nobody can foresee

Plain functions of snapshots. The store asks them before it changes a row and a screen before it
says what would be changed, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.runs.snapshot import Run
from engine.runs.states import FAILED, FINISHED, INTERRUPTED, OPEN, PAUSED, QUEUED, RUNNING

FOR_OTHERS = "for_others"
"""In a run's environment: its result is of use to nobody but the runs that wait for it."""
BECAUSE = "because"
"""In the error of a run that has failed for another's sake: that other one."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Runs that are not over and hang together; one alone is a chain of its own."""

    runs: tuple[Run, ...]
    """Those that are not over, oldest first."""
    finished: tuple[Run, ...]
    """Those that they need, directly or not, and that have finished."""

    @property
    def size(self) -> int:
        """How many runs it has in all."""
        return len(self.runs) + len(self.finished)

    @property
    def moves(self) -> bool:
        """Whether something of it computes, or will by itself; one that is to pause does not."""
        still: set[int] = set()
        moving = False
        for run in self.runs:  # a need is older than what needs it
            if run.state == RUNNING:
                moving = moving or run.request is None
                still |= {run.id} if run.request else set()
            elif run.state == QUEUED and still.isdisjoint(run.after):
                moving = True
            else:
                still.add(run.id)
        return moving

    @property
    def state(self) -> str:
        """The state that says most about it: of what computes, else of what holds it up."""
        states = {run.state for run in self.runs}
        if RUNNING in states:
            return RUNNING
        order = (FAILED, INTERRUPTED, PAUSED, QUEUED)
        return QUEUED if self.moves else next(state for state in order if state in states)

    def left(self, foreseen: Mapping[int, float | None]) -> tuple[float, int]:
        """Seconds that its runs still take, and of how many runs that is not known.

        Args:
            foreseen: The forecast of a whole run, in seconds, by the run's number.
        """
        each = [seconds_left(run, foreseen.get(run.id)) for run in self.runs]
        known = [seconds for seconds in each if seconds is not None]
        return sum(known), len(each) - len(known)


def seconds_left(run: Run, foreseen: float | None) -> float | None:
    """What a run still takes: by its own pace where it has one, else by its forecast."""
    if run.state == RUNNING and run.eta_seconds is not None:
        return run.eta_seconds
    if foreseen is None:
        return None
    if run.fraction:
        return foreseen * (1 - run.fraction)
    return max(0.0, foreseen - run.seconds)


def chains(runs: Iterable[Run]) -> list[Chain]:
    """Every chain that is not over, the one with the newest run first.

    Args:
        runs: With the finished ones that they need, as far as these are to be counted.
    """
    by_id = {run.id: run for run in runs}
    found: list[set[int]] = []
    for run in by_id.values():
        if run.state in OPEN:
            linked = {run.id, *(each for each in run.after if _is_open(by_id.get(each)))}
            touched = [group for group in found if not group.isdisjoint(linked)]
            found = [group for group in found if group.isdisjoint(linked)]
            found.append(linked.union(*touched))
    made = [_chain(sorted(group), by_id) for group in found]
    return sorted(made, key=lambda chain: -chain.runs[-1].id)


def chains_with(numbers: Collection[int], runs: Iterable[Run]) -> list[Chain]:
    """Those of the chains that have one of these runs."""
    return [
        chain for chain in chains(runs) if not {run.id for run in chain.runs}.isdisjoint(numbers)
    ]


def going_with(numbers: Iterable[int], runs: Sequence[Run]) -> dict[int, int]:
    """What has become pointless once these runs are cancelled, each with the run that it goes with.

    All that needs one of them, directly or not. And of what those needed, what is of use to nobody
    else and has not begun; what has begun goes on, for another chain may use what it has.

    Args:
        numbers: Runs that are to be cancelled.
        runs: All that are not over.
    """
    asked = set(numbers)
    gone: dict[int, int] = {}
    while True:
        ended = asked | gone.keys()
        more = {
            run.id: cause
            for run in runs
            if run.id not in ended and (cause := _goes_with(run, ended, runs)) is not None
        }
        if not more:
            return dict(sorted(gone.items()))
        gone |= more


def may_cancel(run: Run) -> bool:
    """Whether there is something to cancel: what has failed by itself is over."""
    return run.state in OPEN and (run.state != FAILED or for_anothers_sake(run))


def for_anothers_sake(run: Run) -> bool:
    """Whether a failed run has never begun: what it needs had failed."""
    return run.state == FAILED and (run.error or {}).get(BECAUSE) is not None


def waits_for(run: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    """What a queued run waits for: needs that have not finished; else whoever computes before it.

    Args:
        run: It.
        runs: All that may come before it.
    """
    others = sorted(runs, key=lambda other: other.id)
    needs = tuple(other for other in others if other.id in run.after and other.state != FINISHED)
    if needs:
        return needs
    computing = tuple(other for other in others if other.state == RUNNING)
    by_id = {other.id: other for other in others}
    return computing or tuple(
        other
        for other in others
        if other.id < run.id
        and other.state == QUEUED
        and all(by_id[each].state == FINISHED for each in other.after if each in by_id)
    )


def why_failed(run: Run, needed: Run) -> dict[str, str]:
    """Why `run` cannot go on, and the way out."""
    return {
        "what": f"Run {run.id} needs run {needed.id} ({needed.title}), which failed.",
        "way_out": f"Resume run {needed.id} (tutor resume {needed.id}); run {run.id} follows it.",
    }


def why_cancelled(run: Run, other: Run) -> str:
    """Why a run was cancelled with another one."""
    named = f"run {other.id} ({other.title})"
    if other.id in run.after:
        return f"Cancelled with {named}, which it needs."
    return f"Cancelled with {named}, which alone it was for."


def _is_open(run: Run | None) -> bool:
    return run is not None and run.state in OPEN


def _chain(numbers: Iterable[int], by_id: Mapping[int, Run]) -> Chain:
    members = tuple(by_id[number] for number in numbers)
    todo, seen = [each for run in members for each in run.after], set()
    while todo:
        number = todo.pop()
        if number in by_id and number not in seen:
            seen.add(number)
            todo += by_id[number].after
    finished = (by_id[number] for number in sorted(seen) if by_id[number].state == FINISHED)
    return Chain(members, tuple(finished))


def _goes_with(run: Run, ended: Collection[int], runs: Sequence[Run]) -> int | None:
    """The run with which this one ends; None where it goes on."""
    if not may_cancel(run):
        return None
    for needed in run.after:
        if needed in ended:
            return needed
    if not run.environment.get(FOR_OTHERS) or run.attempts:
        return None
    users = [other.id for other in runs if run.id in other.after]
    return users[0] if users and all(user in ended for user in users) else None
