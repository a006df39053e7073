"""Which runs are the tutorial's: by what they computed, not by who started them.

A stage's run is the one whose spec is the spec that the chosen preset and settings would give it.
So a chain that the command line ran shows up on the cards, a single stage run by hand counts when
the whole chain is asked for, and nothing has to be remembered beside the runs themselves.

This module reaches the engine's pipeline, so it is imported on the watch's thread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from engine.chain import pipeline
from engine.chain.tuning import UNTOUCHED, Tuning
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds.specs import read
from engine.runs.states import CANCELLED
from tutor.tutorial.choice import REFERENCE, YOURS, Choice

if TYPE_CHECKING:
    from engine.cascades.prices import Prices, PriceTable
    from engine.chain.forecast import Foresight
    from engine.machine import Machine
    from engine.runs.own import Own
    from engine.runs.snapshot import Run

WHOSE = (
    (YOURS, YOURS, YOURS),
    (YOURS, REFERENCE, YOURS),
    (REFERENCE, YOURS, YOURS),
    (REFERENCE, REFERENCE, YOURS),
    (REFERENCE, REFERENCE, REFERENCE),
)
"""Whose settings, policy and code go together: the reference's code comes with all of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A choice, and the pipeline's stages that it stands for."""

    choice: Choice
    stages: tuple[pipeline.Stage, ...]


def plan(
    choice: Choice,
    tuning: Tuning = UNTOUCHED,
    own: Mapping[str, Own] | None = None,
    prices: Prices | None = None,
) -> Plan:
    """The stages of a choice.

    Args:
        choice: Size, models, and whose settings.
        tuning: The learner's settings and policy.
        own: The code that the chain computes with, as `pipeline.build` takes it.
        prices: The strong model's; None takes the default table's.

    Raises:
        SpecError: There is no such preset, or a setting cannot be right.
    """
    stages = pipeline.build(
        choice.preset,
        student=choice.student,
        teacher=choice.teacher,
        settings=tuning if choice.settings == YOURS else choice.settings,
        policy=tuning if choice.policy == YOURS else choice.policy,
        precision=choice.precision,
        device=choice.device,
        data=DataSpec(source=choice.source, path=choice.path),
        max_new_tokens=choice.max_new_tokens,
        own=own,
        prices=prices,
    )
    return Plan(choice, stages)


def match(plan: Plan, runs: Iterable[Run]) -> dict[str, Run]:
    """The run of each stage that has one: the newest that was not cancelled, else the newest.

    What the reference's settings computed is never taken for the learner's: it brings no points.
    """
    return _match(plan, _by_spec(runs))


def _by_spec(runs: Iterable[Run]) -> dict[tuple[str, str, bool], Run]:
    """The run of each kind, spec and mark: the newest that was not cancelled, else the newest."""
    found = {}
    for run in sorted(runs, key=lambda run: (run.state != CANCELLED, run.id)):
        by_reference = bool(run.environment.get(pipeline.REFERENCE))
        found[run.kind, _as_read_now(run.kind, _same(run.spec)), by_reference] = run
    return found


def _match(plan: Plan, by_spec: Mapping[tuple[str, str, bool], Run]) -> dict[str, Run]:
    found: dict[str, Run] = {}
    for stage in plan.stages:
        ids = {name: run.id for name, run in found.items()}
        try:
            spec = stage.spec(ids)
        except KeyError:  # it names a run that is not there yet
            continue
        if run := by_spec.get((stage.kind, _same(spec.to_dict()), stage.reference)):
            found[stage.name] = run
    return found


def specs(plan: Plan, there: Mapping[str, Run]) -> dict[str, dict]:
    """The spec of each stage; runs that are not there yet are named 0."""
    ids = {stage.name: 0 for stage in plan.stages}
    ids.update({name: run.id for name, run in there.items()})
    return {stage.name: stage.spec(ids).to_dict() for stage in plan.stages}


def foresight(
    plan: Plan, finished: Sequence[Run], prices: Prices, machine: Machine | None = None
) -> Foresight:
    """What is known when runs of this plan are submitted; the machine, once it was looked at."""
    from engine.chain.forecast import Foresight
    from engine.machine import without_cards

    questions = specs(plan, {})["teach"]["data"]["limit"]
    return Foresight(
        finished,
        {plan.choice.teacher: prices},
        questions,
        source=plan.choice.source,
        machine=machine or without_cards(),
    )


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


def steps(
    plan: Plan, there: Mapping[str, Run], wanted: Iterable[str], again: bool = False
) -> list[tuple[pipeline.Stage, Run | None]]:
    """These stages and what they need, each with the run that is used for it; None for a new one.

    Args:
        plan: The choice that gives the specs.
        there: The run of each stage that has one, as `match` finds them.
        wanted: Names of the stages to run.
        again: Run the wanted stages anew, even where they have finished.
    """
    wanted = set(wanted)
    names = needed(plan, wanted)
    taken: list[tuple[pipeline.Stage, Run | None]] = []
    anew: set[str] = set()
    for stage in plan.stages:
        if stage.name not in names:
            continue
        run = there.get(stage.name)
        again_it = again and stage.name in wanted
        stands_on_new = any(name in there and name in anew for name in stage.after)
        if run is None or run.state == CANCELLED or again_it or stands_on_new:
            run = None
            anew.add(stage.name)
        taken.append((stage, run))
    return taken


def last_choice(
    runs: Iterable[Run],
    device: str = "auto",
    tuning: Tuning = UNTOUCHED,
    own: Mapping[str, Mapping[str, Own]] | None = None,
    prices: PriceTable | None = None,
) -> Choice:
    """What the newest chain on a device was run with; the default choice if there is none.

    Args:
        runs: The runs that may be used.
        device: Where it is to have computed.
        tuning: The learner's settings and policy.
        own: The code that a chain computes with, by whose it is.
        prices: The learner's table; None takes the default one.
    """
    own, runs = own or {}, list(runs)
    best, chosen = (0, 0), Choice(device=device)
    found_by_spec = _by_spec(runs)
    for made_of in dict.fromkeys((chosen, *_made_of(runs, device))):
        paid = prices.of(made_of.teacher) if prices else None
        for preset, (settings, policy, code) in product(pipeline.PRESETS, WHOSE):
            choice = replace(made_of, preset=preset, settings=settings, policy=policy, code=code)
            found = _match(plan(choice, tuning, own.get(code), paid), found_by_spec)
            rank = (max((run.id for run in found.values()), default=0), len(found))
            if rank > best:
                best, chosen = rank, choice
    return chosen


def _made_of(runs: Sequence[Run], device: str) -> Iterator[Choice]:
    """The models, precision and problems of every student that was trained."""
    taught = {run.id: run.spec for run in runs if run.kind == "teach"}
    for run in runs:
        if run.kind != "sft" or run.spec["teach"] not in taught:
            continue
        teach = taught[run.spec["teach"]]
        for longest in (None, teach["max_new_tokens"]):
            yield Choice(
                student=run.spec["student"],
                teacher=teach["teacher"],
                device=device,
                precision=run.spec["precision"],
                source=teach["data"]["source"],
                path=teach["data"]["path"],
                max_new_tokens=longest,
            )


@lru_cache(maxsize=8192)  # asked of every run at every look, and a run's spec never changes
def _as_read_now(kind: str, spec: str) -> str:
    """A run's spec with today's settings: one that an older tutor did not know has its default."""
    try:
        return _same(read(kind, json.loads(spec)).to_dict())
    except SpecError:  # a lab's, or that of a newer tutor: no stage's
        return spec


def _same(spec: Mapping[str, object]) -> str:
    """A spec as one text, equal where the specs are equal: JSON turns tuples into lists."""
    return json.dumps(spec, sort_keys=True)
