"""What a run is going to take, from what runs like it have taken here: time, memory, money.

    seconds = (all - computing) + computing / work * work now          of the run most like it
    work      problems, problems x K, questions, rows x epochs
    bytes     weights, keys and values, or what training takes, by `engine.numerics.budget`
    dollars   mean tokens of the model's answers so far x its prices

A run is like it if it is of the same kind, model, precision and device, with or without an adapter
as this one, and was computed on this machine without a break, in a time that can be. Where there is
none, there is no forecast of time, and that is said. What was forecast stands in the run's record
from the start.
"""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from engine.data.problems import DataSpec
from engine.kinds import KINDS, TEACH
from engine.machine import Machine, machine
from engine.models.registry import hosted

if TYPE_CHECKING:
    from engine.cascades.prices import Prices
    from engine.runs.snapshot import Run

HOSTED = "hosted"
"""The device of a run whose model somebody else computes."""
NOTED = "forecast"
"""Where it stands in a run's environment."""
LONGEST_LOADING = 1800.0
"""Seconds of a run beside those of its computing, at most: beyond, it fetched a model or slept, and
says nothing of the next one."""
ROUNDED = 0.01
"""Seconds by which the two may differ: a result's are rounded."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run is going to take; None for what nothing is known of."""

    seconds: float | None = None
    like: int | None = None
    """The run that the time is scaled from."""
    bytes: int | None = None
    """Of the model and its work, beside what the libraries take."""
    dollars: float | None = None
    """For the tokens of a model that is paid for."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON, and for the run's record."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is known when runs are submitted."""

    finished: Sequence[Run]
    """All runs of this home that have finished."""
    prices: Mapping[str, Prices] = field(default_factory=dict)
    """Of the models that are paid for."""
    questions: int = 0
    """Put to the teacher in the chain that is planned."""
    source: str = DataSpec().source
    """Of the problems in the chain that is planned."""
    machine: Machine = field(default_factory=machine)
    """Where runs would be."""
    here: tuple[str, int | None] = field(default_factory=lambda: machine_of_now())

    def of(self, kind: str, spec: Mapping[str, Any]) -> Forecast:
        """The forecast for one run.

        Args:
            kind: Of the run.
            spec: As JSON holds it; a run that is not there yet is named 0.
        """
        seconds, like = self._time(kind, spec)
        return Forecast(
            seconds=seconds,
            like=like,
            bytes=KINDS[kind].bytes(spec, self.machine, self._source(spec)),
            dollars=self._dollars(kind, spec),
        )

    def seconds(self, run: Run) -> float | None:
        """What a run that has not finished takes from its beginning to its end.

        What was foreseen when it was submitted, where nothing better has been learnt since.
        """
        if run.kind not in KINDS:
            return None
        seconds, _ = self._time(run.kind, run.spec)
        return seconds if seconds is not None else run.environment.get(NOTED, {}).get("seconds")

    def _time(self, kind: str, spec: Mapping[str, Any]) -> tuple[float | None, int | None]:
        """Seconds, and the run that they are scaled from."""
        work = self._work(kind, spec)
        near = self._nearest(kind, spec, work) if work is not None else None
        if near is None:
            return None, None
        return _scaled(near, self._work(kind, near.spec, near), work), near.id

    def noted(self, kind: str, spec: Mapping[str, Any]) -> dict[str, Any]:
        """The same as it stands in the run's record."""
        return {NOTED: self.of(kind, spec).as_dict()}

    def _nearest(self, kind: str, spec: Mapping[str, Any], work: float) -> Run | None:
        """Of the runs like it the one whose work is nearest, and of these the newest."""
        source, device = self._source(spec), self._device(kind, spec)
        alike = [
            run
            for run in self.finished
            if run.kind == kind
            and run.attempts == 1
            and _believable(run)
            and self._work(kind, run.spec, run) is not None
            and machine_of(run) == self.here
            and _key(kind, run.spec) == _key(kind, spec)
            and self._source(run.spec) == source
            and device_of(run) in (None, device)
        ]

        def rank(run: Run) -> tuple[bool, float, int]:
            same = _shape(kind, run.spec) == _shape(kind, spec)
            ratio = self._work(kind, run.spec, run) / work if work else 1.0
            return not same, abs(math.log(max(ratio, 1e-9))), -run.id

        return min(alike, key=rank, default=None)

    def _source(self, spec: Mapping[str, Any]) -> str:
        """Where a run's problems come from: its own, or those of the run that it builds on."""
        if "data" in spec:
            return spec["data"]["source"]
        built_on = spec.get("teach", spec.get("sample"))
        there = (self._source(run.spec) for run in self.finished if run.id == built_on)
        return next(there, self.source)

    def _device(self, kind: str, spec: Mapping[str, Any]) -> str:
        """What a run is going to be computed on, as `device_of` says it of one that was."""
        if hosted(spec.get(_model_field(kind), "")):
            return HOSTED
        device = spec.get("device", "cpu")
        if device in ("cpu", "mps"):
            return device
        card = self.machine.card(device)
        return card.name if card else "cpu" if device == "auto" else device

    def _work(self, kind: str, spec: Mapping[str, Any], run: Run | None = None) -> float | None:
        """How much there is to compute, in the kind's own unit; None where that is not known."""
        return KINDS[kind].work(spec, run.result if run else None, self)

    def rows(self, spec: Mapping[str, Any]) -> float:
        """Answers to learn from: those kept, or the share that was kept before."""
        taught = [run for run in self.finished if run.kind == TEACH.name]
        for run in taught:
            if run.id == spec["teach"]:
                return max(1, run.result["kept"] - spec["validation"])
        share = taught[-1].result["kept"] / taught[-1].result["asked"] if taught else 1.0
        return max(1.0, share * self.questions - spec["validation"])

    def _dollars(self, kind: str, spec: Mapping[str, Any]) -> float | None:
        model = spec.get(KINDS[kind].model)
        if model not in self.prices or not KINDS[kind].billed or _adapted(spec):
            return None
        asked = [
            run.result
            for run in self.finished
            if run.kind in KINDS
            and KINDS[run.kind].billed
            and run.spec[KINDS[run.kind].model] == model
            and not _adapted(run.spec)
            and "tokens_in" in run.result
        ]
        answers = sum(_answers(result) for result in asked)
        if not answers:
            return None
        sides = [sum(result[side] for result in asked) for side in ("tokens_in", "tokens_out")]
        share = spec["data"]["limit"] / answers
        return self.prices[model].cost(*(share * tokens for tokens in sides))


def machine_of(run: Run) -> tuple[str | None, int | None]:
    """What a run was computed on, as far as its record says."""
    return run.environment.get("platform"), run.environment.get("cpus")


def device_of(run: Run) -> str | None:
    """What a run was computed on: a card by its name, else `cpu`, `mps` or `hosted`.

    None where nothing had to be computed, as in a cascade all of whose answers are there.
    """
    card = run.environment.get("card")
    return card["name"] if card else run.environment.get("device")


def machine_of_now() -> tuple[str, int | None]:
    """What this process is on."""
    return platform.platform(), os.cpu_count()


def _key(kind: str, spec: Mapping[str, Any]) -> tuple:
    """What must be the same for two runs to take about as long for the same work."""
    names = (_model_field(kind), "precision")
    return (*(spec.get(name) for name in names), _adapted(spec), bool(spec.get("own")))


def _model_field(kind: str) -> str:
    return KINDS[kind].model


def _adapted(spec: Mapping[str, Any]) -> bool:
    """Whether a model has an adapter; 0 names one that is not there yet."""
    return spec.get("adapter") is not None


def _shape(kind: str, spec: Mapping[str, Any]) -> tuple:
    """What had better be the same too."""
    return spec.get("batch_size"), tuple(spec.get("target_modules", ()))


def _believable(run: Run) -> bool:
    """Whether a run's time can be that of its computing and its loading.

    Releases before file version 4 took it from the clock on the wall, which is set, and which goes
    on while a laptop sleeps.
    """
    computed = (run.result or {}).get("seconds") or 0.0
    return 0 <= run.seconds - computed + ROUNDED <= LONGEST_LOADING


def _scaled(run: Run, work_then: float, work: float) -> float:
    """Loading takes as long as it took; computing grows with the work."""
    computed = min(run.seconds, (run.result or {}).get("seconds") or 0.0)
    return run.seconds - computed + computed * work / max(work_then, 1e-9)


def _answers(result: Mapping[str, Any]) -> int:
    return result.get("answered") or result.get("n") or 0
