"""Which runs are the tutorial's: by what they computed, not by who started them.

A stage's run is the one whose spec is the spec that the chosen preset and settings would give it.
So a chain that the command line ran shows up on the cards, a single stage run by hand counts when
the whole chain is asked for, and nothing has to be remembered beside the runs themselves.

This module reaches the engine's pipeline, so it is imported on the watch's thread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.runs import pipeline
from engine.runs.states import CANCELLED, RESUMABLE
from tutor.choice import Choice

if TYPE_CHECKING:
    from engine.cascades.prices import Prices
    from engine.runs.client import Client
    from engine.runs.snapshot import Run


@dataclass(frozen=True, slots=True)
class Plan:
    """A choice, and the pipeline's stages that it stands for."""

    choice: Choice
    stages: tuple[pipeline.Stage, ...]


def plan(choice: Choice, prices: Prices | None = None) -> Plan:
    """The stages of a choice; `prices` are the strong model's, None takes the default table's.

    Raises:
        SpecError: There is no such preset or settings.
    """
    stages = pipeline.build(
        choice.preset,
        student=choice.student,
        teacher=choice.teacher,
        settings=choice.settings,
        threshold=choice.threshold,
        device=choice.device,
        prices=prices,
    )
    return Plan(choice, stages)


def match(plan: Plan, runs: Iterable[Run]) -> dict[str, Run]:
    """The run of each stage that has one: the newest that was not cancelled, else the newest."""
    by_spec: dict[tuple[str, str], Run] = {}
    for run in sorted(runs, key=lambda run: (run.state != CANCELLED, run.id)):
        by_spec[run.kind, _same(run.spec)] = run
    found: dict[str, Run] = {}
    for stage in plan.stages:
        ids = {name: run.id for name, run in found.items()}
        try:
            spec = stage.spec(ids)
        except KeyError:  # it names a run that is not there yet
            continue
        if run := by_spec.get((stage.kind, _same(spec.to_dict()))):
            found[stage.name] = run
    return found


def specs(plan: Plan, there: Mapping[str, Run]) -> dict[str, dict]:
    """The spec of each stage; runs that are not there yet are named 0."""
    ids = {stage.name: 0 for stage in plan.stages}
    ids.update({name: run.id for name, run in there.items()})
    return {stage.name: stage.spec(ids).to_dict() for stage in plan.stages}


def needed(plan: Plan, wanted: Iterable[str]) -> set[str]:
    """Those stages and all that they wait for."""
    after = {stage.name: stage.after for stage in plan.stages}
    names, todo = set(), list(wanted)
    while todo:
        name = todo.pop()
        if name not in names:
            names.add(name)
            todo += after[name]
    return names


def start(
    client: Client, plan: Plan, runs: Sequence[Run], wanted: Iterable[str], again: bool = False
) -> dict[str, int]:
    """Queue these stages and what they need; what is there already is used, and resumed if stopped.

    Args:
        client: The engine's client.
        plan: The choice that gives the specs.
        runs: The runs that may be used.
        wanted: Names of the stages to run.
        again: Run the wanted stages anew, even where they have finished.

    Returns:
        The run number of each stage that is needed.
    """
    wanted = set(wanted)
    names = needed(plan, wanted)
    there = match(plan, runs)
    ids: dict[str, int] = {}
    with client.together():
        for stage in plan.stages:
            if stage.name not in names:
                continue
            run = there.get(stage.name)
            anew = again and stage.name in wanted
            if run is None or run.state == CANCELLED or anew or _built_on_other(stage, ids, there):
                after = tuple(ids[name] for name in stage.after)
                ids[stage.name] = client.submit(stage.kind, stage.spec(ids), after=after)
            else:
                ids[stage.name] = run.id
                if run.state in RESUMABLE:
                    client.resume(run.id)
    return ids


def last_choice(runs: Sequence[Run], device: str = "auto") -> Choice:
    """What the newest chain on a device was run with; the default choice if there is none."""
    pairs = {
        (run.spec["student"], teach.spec["teacher"])
        for run in runs
        if run.kind == "sft"
        for teach in runs
        if teach.id == run.spec["teach"]
    }
    best, chosen = (0, 0), Choice(device=device)
    for student, teacher in sorted(pairs | {(Choice().student, Choice().teacher)}):
        for preset in pipeline.PRESETS:
            for settings in pipeline.SETTINGS:
                choice = Choice(preset, settings, student, teacher, device=device)
                found = match(plan(choice), runs)
                rank = (max((run.id for run in found.values()), default=0), len(found))
                if rank > best:
                    best, chosen = rank, _with_threshold(choice, found, runs)
    return chosen


def _with_threshold(choice: Choice, found: Mapping[str, Run], runs: Sequence[Run]) -> Choice:
    """The threshold of the newest cascade over the chain's samples."""
    for run in runs:
        if run.kind == "cascade" and "sample" in found and run.spec["sample"] == found["sample"].id:
            return replace(choice, threshold=run.spec["threshold"])
    return choice


def _built_on_other(
    stage: pipeline.Stage, ids: Mapping[str, int], there: Mapping[str, Run]
) -> bool:
    """Whether something before it is run anew, so that its own run is about the old one."""
    return any(name in there and there[name].id != ids[name] for name in stage.after)


def _same(spec: Mapping[str, object]) -> str:
    """A spec as one text, equal where the specs are equal: JSON turns tuples into lists."""
    return json.dumps(spec, sort_keys=True)
