"""How far the tutorial is, and what comes next: read off a snapshot, nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.runs.chains import seconds_left
from lessons.kit.course.course import Stage, Unit
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.tutorial.snapshot import Snapshot
    from tutor.tutorial.tasks import Task

URGENCY = (
    "failed", "interrupted", "running", "paused", "queued", wording.HELD_UP, "cancelled",
)  # fmt: skip
"""Of a stage's runs, the state that the card shows; finished only if all are."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One stage, as its card shows it."""

    stage: Stage
    state: str
    """`new` where nothing was run, else how a run stands: a key of `wording.STATES`."""
    run: Run | None
    """The run to open: the one the state is about, else the one with the result."""
    result: str
    """`EM of the student 0.46 (0.36 to 0.56)`; empty while there is none."""
    seconds: float
    """Computed so far."""
    task: Task | None = None
    """Its points, and whose code it is computed with; None until they were read."""
    ahead: tuple[dict, ...] = ()
    """Forecasts of those of its runs that have not finished."""
    at: int = 1
    """Which of the stage's runs the state is about, from 1."""
    left: str = ""
    """`1:12 left` of all of its runs that have begun to be computed, or are queued."""


@dataclass(frozen=True, slots=True)
class Next:
    """What Enter does on Home."""

    words: str
    """What it says: `Watch run 3, fine-tune`."""
    about: str
    """One sentence about what will happen."""
    does: str
    """`wait`, `resume`, `run`, `start`, `tutorial` or `score`."""
    run: int | None = None
    """The run that it is about."""


def standing(stage: Stage, seen: Snapshot) -> Standing:
    """Where a stage stands."""
    runs = [seen.stages.get(name) for name in stage.runs]
    there = [run for run in runs if run is not None]
    seconds = sum(run.seconds for run in there)
    shown = seen.stages.get(stage.shows.run)
    result = _result(stage, shown)
    state, run = "new", there[0] if there else None
    if len(there) == len(runs) and all(run.state == "finished" for run in there):
        state, run = "finished", shown
    else:
        for urgent in reversed(URGENCY):
            for each in reversed(there):
                if wording.stands(each) == urgent:
                    state, run = urgent, each
    going_on = [each for each in there if each.state in wording.GOING_ON]
    each_left = [seconds_left(each, seen.foreseen.get(each.id)) for each in going_on]
    known = [seconds for seconds in each_left if seconds is not None]
    ahead = [
        seen.forecasts[name].as_dict()
        for name, each in zip(stage.runs, runs, strict=True)
        if name in seen.forecasts and (each is None or each.state != "finished")
    ]
    return Standing(
        stage, state, run, result, seconds, seen.task(stage.id), tuple(ahead),
        at=1 + runs.index(run) if run else 1,
        left=wording.left(sum(known), len(each_left) - len(known)) if going_on else "",
    )  # fmt: skip


def standings(unit: Unit, seen: Snapshot) -> list[Standing]:
    """All stages of a unit."""
    return [standing(stage, seen) for stage in unit.stages]


def going_on(seen: Snapshot) -> list[Run]:
    """Runs that are not over, the one that computes first, then those that need somebody."""
    order = ("running", "interrupted", "paused", "queued")
    runs = [run for run in seen.runs if run.state in order]
    return sorted(runs, key=lambda run: (order.index(run.state), run.id))


def what_next(unit: Unit, seen: Snapshot) -> Next:
    """What Enter on Home does, in words."""
    if not seen.ready:
        return Next("Reading what was done here", "", "wait")
    if seen.trouble:
        return Next("Something is in the way", seen.trouble, "wait")
    stopped = [run for run in going_on(seen) if run.state == "interrupted"]
    if stopped:
        run = stopped[0]
        return Next(
            f"Resume run {run.id}, which was interrupted",
            f"{run.title}. {wording.far(run) or 'It had just begun'}. {_resumed(run)}",
            "resume",
            run.id,
        )
    for run in going_on(seen):
        if run.state == "running":
            return Next(f"Watch run {run.id}: {run.title}", wording.far(run), "run", run.id)
    places = standings(unit, seen)
    for place in places:
        if place.state == "failed":
            error = place.run.error or {}
            why = f"{error.get('what', '')} {error.get('way_out', '')}".strip()
            return Next(f"See why “{place.stage.name}” failed", why, "run", place.run.id)
        if place.state == "paused":
            about = f"{place.run.title}. {wording.far(place.run)}"
            return Next(
                f"Resume run {place.run.id}, which is paused", about, "resume", place.run.id
            )
    return _by_stages(unit, places, seen)


def _resumed(run: Run) -> str:
    """How it goes on, and what is so of its result on the device that it computed on."""
    device = run.environment.get("device") or ""
    goes_on = "It goes on from its last checkpoint"
    if device == "cpu":
        return f"{goes_on} and gives the same result as if it had never stopped."
    if device.startswith(("cuda", "mps")):
        return f"{goes_on}; its result is the same but for how a card rounds its sums."
    return f"{goes_on}; nothing that it has is computed again."


def _by_stages(unit: Unit, places: Sequence[Standing], seen: Snapshot) -> Next:
    left = [place for place in places if place.state != "finished"]
    if not left:
        return Next("Your score card", points_line(unit, seen), "score")
    if any(place.state == "queued" for place in left):
        return Next(unit.name, "Its runs are queued and begin by themselves.", "tutorial")
    size = f"in the {seen.choice.preset} size"
    if len(left) == len(places):
        about = f"All {len(places)} tasks on this machine, one after another, {size}."
        return Next(f"Run {unit.name.lower()}", about, "start")
    names = ", ".join(place.stage.name for place in left)
    return Next(f"Go on with {unit.name.lower()}", f"Still to run, {size}: {names}.", "start")


def points_line(unit: Unit, seen: Snapshot) -> str:
    """`20 of 100 points`."""
    return f"{seen.points:g} of {unit.points} points"


def _result(stage: Stage, run: Run | None) -> str:
    value = (run.result or {}).get(stage.shows.key) if run else None
    if value is None:
        return ""
    if stage.shows.form == "count":
        return f"{wording.count(value)} {stage.shows.label}"
    return f"{stage.shows.label} {wording.em(value)}"
