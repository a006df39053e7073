"""The one way to the tutorial's chain: what a choice stands for in a home, and how it is begun.

    Chains(home's client, learner)  --choice-->  ChosenChain  --.start(stages)-->  runs

The command line, the prompts and the screen all go through it, so what one of them has begun the
others take. It reaches the engine's pipeline, so it is imported on the watch's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cascades import prices
from engine.chain import pipeline
from engine.chain.earned import earned
from engine.errors import EngineError
from engine.runs.states import FINISHED, RESUMABLE
from lessons.kit.course.course import Unit
from tutor.tutorial import plan, tasks
from tutor.tutorial import settings as tuning
from tutor.tutorial.choice import REFERENCE, YOURS, Choice
from tutor.tutorial.snapshot import RUNS

if TYPE_CHECKING:
    from engine.chain.forecast import Forecast, Foresight
    from engine.machine import Machine
    from engine.runs.client import Client
    from engine.runs.snapshot import Run
    from tutor.learner.record import Learner


@dataclass(frozen=True, slots=True)
class ChosenChain:
    """A choice as it stands in a home at one moment."""

    client: Client
    plan: plan.Plan
    there: Mapping[str, Run]
    """The run of each stage that had one when it was planned."""
    foresight: Foresight
    """What is known of what its runs take."""
    fault: str = ""
    """What is wrong with the learner's settings, where the choice asks for them."""

    @property
    def choice(self) -> Choice:
        """What it was planned for."""
        return self.plan.choice

    @property
    def specs(self) -> dict[str, dict]:
        """The spec of each stage, as it has run or would be run now."""
        return plan.specs(self.plan, self.there)

    @property
    def forecasts(self) -> dict[str, Forecast]:
        """What each stage would take, run now."""
        specs = self.specs
        return {
            stage.name: self.foresight.of(stage.kind, specs[stage.name])
            for stage in self.plan.stages
        }

    def ahead(self, wanted: Iterable[str], again: bool = False) -> list[Forecast]:
        """What each run would take that `start` would queue or resume; raises what it does."""
        self._check()
        steps = plan.steps(self.plan, self.there, wanted, again)
        specs = plan.specs(self.plan, {stage.name: run for stage, run in steps if run})
        return [
            self.foresight.of(stage.kind, specs[stage.name])
            for stage, run in steps
            if run is None or run.state in RESUMABLE
        ]

    def found(self) -> dict[str, Run]:
        """The run of each stage that has one now."""
        runs, finished = self.client.runs(limit=RUNS), self.client.finished()
        return plan.match(self.plan, usable(runs, finished))

    def start(self, wanted: Iterable[str], again: bool = False) -> dict[str, int]:
        """Queue stages and what they need; what is there is used, and resumed if it stands still.

        Whether it is there is looked up with the home held, so that two who begin the same chain
        at once share its runs.

        Args:
            wanted: Names of the stages to run.
            again: Run the wanted stages anew, even where they have finished.

        Returns:
            The run number of each stage that is needed.

        Raises:
            EngineError: The learner's settings cannot be.
        """
        self._check()
        ids: dict[str, int] = {}
        with self.client.together():
            for stage, run in plan.steps(self.plan, self.found(), wanted, again):
                if run is None:
                    pipeline.queue(self.client, stage, ids, self.foresight)
                else:
                    ids[stage.name] = run.id
                    if run.state in RESUMABLE:
                        self.client.resume(run.id)
        return ids

    def _check(self) -> None:
        if self.fault:
            raise EngineError(self.fault, "Mend it in the form, or in the file.")


class Chains:
    """What the chains of one home are planned with; read again only where it has changed."""

    def __init__(self, client: Client, learner: Learner, unit: Unit) -> None:
        """Nothing is read yet.

        Args:
            client: Of the home.
            learner: The record of whoever learns in it.
            unit: With the stages that are the tasks.
        """
        self.client = client
        self.machine: Machine | None = None
        """Where runs would be, once it was looked at, which takes long."""
        self._learner = learner
        self._unit = unit
        self._finished: tuple[frozenset[int], list[Run]] = (frozenset(), [])
        self._kept: tuple[tuple[int, int], tuning.Kept] = ((-1, -1), tuning.Kept())

    def settings(self) -> tuning.Kept:
        """The learner's settings; the file is read again when it has changed."""
        stamp = tuning.stamp(self.client.home)
        if stamp != self._kept[0]:
            self._kept = (stamp, tuning.read(self.client.home))
        return self._kept[1]

    def standing(self, runs: Sequence[Run]) -> tasks.Standing:
        """The five tasks, given the newest runs."""
        return tasks.standing(
            self._unit, self.client.home, self._learner, earned(self._all_finished(runs))
        )

    def last_choice(self, runs: Sequence[Run], device: str) -> Choice:
        """What the newest chain on a device was run with; the default choice if there is none."""
        own = {YOURS: self.standing(runs).own, REFERENCE: tasks.solutions(self._unit)}
        finished = self._all_finished(runs)
        return plan.last_choice(
            usable(runs, finished),
            device,
            self.settings().tuning,
            own,
            prices.read(self.client.home.path),
        )

    def chain(self, choice: Choice, runs: Sequence[Run] | None = None) -> ChosenChain:
        """The chain of a choice, as the home is now.

        Args:
            choice: Size, models, and whose settings, policy and code.
            runs: The newest runs, where they were read already.

        Raises:
            EngineError: There is no such preset or settings, or the prices cannot be read.
        """
        runs = self.client.runs(limit=RUNS) if runs is None else runs
        kept, finished = self.settings(), self._all_finished(runs)
        paid = prices.read(self.client.home.path).of(choice.teacher)
        by_reference = choice.code == REFERENCE
        own = tasks.solutions(self._unit) if by_reference else self.standing(runs).own
        planned = plan.plan(choice, kept.tuning, own, paid)
        asks = YOURS in (choice.settings, choice.policy)
        return ChosenChain(
            self.client,
            planned,
            plan.match(planned, usable(runs, finished)),
            plan.foresight(planned, finished, paid, self.machine),
            fault=kept.faults[0] if asks and kept.faults else "",
        )

    def _all_finished(self, runs: Sequence[Run]) -> list[Run]:
        """All runs that have finished; they are read again when there is one more."""
        finished = frozenset(run.id for run in runs if run.state == FINISHED)
        if finished != self._finished[0]:
            self._finished = (finished, self.client.finished())
        return self._finished[1]


def usable(runs: Iterable[Run], finished: Iterable[Run]) -> list[Run]:
    """The newest runs, and all that have finished however old they are; each once."""
    return list({run.id: run for run in (*finished, *runs)}.values())
