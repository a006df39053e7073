"""What all kinds that ask a model have in common: have it at hand, ask batch by batch, judge.

The spec fixes the batches, and a batch's rows are written in one transaction: so a run that
carries on leaves out the batches that are there and draws the very samples of the others. Where
memory asks for it a batch, and each after it, is drawn in pieces; their size stands in the record,
and an attempt that carries on keeps to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.data.problems import Problem
from engine.evaluation.answers import judge
from engine.kinds.same import hold_to, hold_to_loaded
from engine.models.loaded import Loaded
from engine.models.loading import load
from engine.models.pieces import in_pieces
from engine.models.sampling import Batch, Sample, generate_batch, plan_batches
from engine.runs.looking import LOOK_SECONDS

if TYPE_CHECKING:
    from engine.models.precision import Fallback
    from engine.runs.record import Recorder

ADAPTER = "adapter"
"""The adapter's folder among the artifacts of an sft run."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How problems are asked."""

    batch_size: int
    max_new_tokens: int
    seed: int
    k: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    unit: str = "problems"
    """What the run's progress counts: `problems`, or `samples` (k for each problem)."""


def at_hand(
    record: Recorder, model: str, precision: str, adapter: int | None, device: str, data: str
) -> Loaded:
    """The model, loaded now or kept warm from a run before; the run's record says how.

    Args:
        record: The run's.
        model: A built-in name, a folder or a hub id.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        adapter: The finished sft run whose adapter is put on it.
        device: `auto`, `cpu`, `cuda`, `cuda:1` or `mps`.
        data: The problems' fingerprint.

    Raises:
        EngineError: It cannot be loaded, or is not what the run began with.
    """
    folder = None if adapter is None else record.folder_of(adapter) / ADAPTER

    def say(message: str) -> None:
        record.leave_if_asked()
        record.progress(record.run.done, record.run.total, message=message)

    def make() -> Loaded:
        return load(
            model, precision, device=device, adapter=folder, cache=record.home.models, progress=say
        )

    loaded = record.warm.get((model, precision, folder and str(folder), device), make)
    hold_to(record, data=data)
    hold_to_loaded(record, loaded)
    if folder:
        hold_to(record, adapter=loaded.record.adapter_fingerprint)
    return loaded


def take_fewer(record: Recorder, size: int, fallback: Fallback) -> None:
    """Note that so many are asked together from now on, and why."""
    record.take_fewer(size, fallback.what, fallback.why)


def ask(
    record: Recorder, loaded: Loaded, problems: Sequence[Problem], asking: Asking
) -> dict[str, Any]:
    """Ask what has not been asked yet, and judge and store the answers batch by batch.

    Returns:
        What this attempt took: `seconds`, and `samples_per_second` (None where nothing was left
        to ask).

    Raises:
        Paused: Within or between batches; a batch that was going on is asked again later.
        Cancelled: Likewise.
    """
    each = asking.k if asking.unit == "samples" else 1
    total = len(problems) * each
    stored = {(row["problem_id"], row["sample"]) for row in record.done_predictions()}
    batches = plan_batches(problems, loaded.tokenizer, loaded.source.instruction, asking.batch_size)
    done = drawn = 0
    began = time.monotonic()
    for batch in batches:
        here = len(batch.problems) * each
        if all(
            (problem.id, sample) in stored
            for problem in batch.problems
            for sample in range(asking.k)
        ):
            done += here
            continue
        record.leave_if_asked()
        tick = _Tick(record, f"batch {batch.index + 1} of {len(batches)}", done, total, asking)
        samples = _generate(record, loaded, batch, asking, tick)
        done += here
        drawn += len(samples)
        record.predictions(_rows(batch, samples), done, total)
    seconds = time.monotonic() - began
    record.progress(done, total, asking.unit)
    return {
        "seconds": round(seconds, 3),
        "samples_per_second": round(drawn / seconds, 3) if drawn else None,
    }


def _generate(
    record: Recorder, loaded: Loaded, batch: Batch, asking: Asking, tick: Callable[[int], None]
) -> list[Sample]:
    def generate(piece: Batch) -> list[Sample]:
        return generate_batch(
            loaded,
            piece,
            k=asking.k,
            temperature=asking.temperature,
            top_p=asking.top_p,
            max_new_tokens=asking.max_new_tokens,
            seed=asking.seed,
            tick=tick,
        )

    return in_pieces(
        generate,
        batch,
        record.at_most() or asking.batch_size,
        partial(take_fewer, record),
        lambda: record.warm.keep_only(loaded),
    )


class _Tick:
    """Now and then within a batch: says how far it is, and leaves where that is asked."""

    def __init__(self, record: Recorder, batch: str, done: int, total: int, asking: Asking) -> None:
        self._record, self._batch, self._asking = record, batch, asking
        self._done, self._total = done, total
        self._looked = time.monotonic()

    def __call__(self, step: int) -> None:
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        self._record.leave_if_asked()
        message = f"{self._batch}, token {step} of at most {self._asking.max_new_tokens}"
        self._record.progress(self._done, self._total, self._asking.unit, message)


def _rows(batch: Batch, samples: Sequence[Sample]) -> list[dict[str, Any]]:
    problems = {problem.id: problem for problem in batch.problems}
    rows = []
    for sample in samples:
        problem = problems[sample.problem_id]
        judged = judge(sample.text, problem.gold)
        rows.append(
            {
                **asdict(sample),
                **asdict(judged),
                "question": problem.question,
                "gold": problem.gold,
                "batch": batch.index,
            }
        )
    return rows
