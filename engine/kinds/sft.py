"""Sft: a student learns a teacher's answers, as a LoRA adapter over its quantized weights.

Where a batch has no room its gradients are summed up over smaller ones, from the last checkpoint
on: the same rows a step, the same mean over their tokens; sums and dropout are otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.device_errors import first_line, out_of_memory
from engine.errors import EngineError, NotEnoughMemory
from engine.kinds.same import hold_to, hold_to_loaded
from engine.kinds.teach import DATASET
from engine.models.loading import load
from engine.runs import smaller
from engine.training.dataset import ask_as, fingerprint, hold_out, read
from engine.training.room import NoRoom
from engine.training.sft import finetune

if TYPE_CHECKING:
    from engine.kinds.specs import SftSpec
    from engine.runs.record import Recorder


def compute(spec: SftSpec, record: Recorder) -> dict[str, Any]:
    """Train from nothing or from the last checkpoint, and save the adapter.

    Raises:
        EngineError: There is no data set, or it cannot be learnt from.
        NotEnoughMemory: There is none for the model, or for one row.
        Paused: After a checkpoint.
        Cancelled: After a step.
    """
    while True:
        rows = record.at_most() or spec.batch_size
        record.warm.clear()  # it needs the room, and the very layers of its student
        try:
            return _attempt(cut(spec, rows), record)
        except Exception as error:
            foreseen = isinstance(error, NoRoom)
            if not foreseen and (isinstance(error, EngineError) or not out_of_memory(error)):
                raise
            why = error.what if foreseen else first_line(error)
            if rows == 1 and foreseen:
                raise
            if rows == 1:
                raise NotEnoughMemory(
                    f"There was not enough memory to learn from a single row: {why}",
                    "Close other programs, or lower max_length, or take fewer bits.",
                ) from error
        # Out here, as the error holds on to the frames, and they to what has filled the memory.
        fewer = max(size for size in smaller.divisors(spec.batch_size) if size <= -(-rows // 2))
        record.take_fewer(fewer, f"{fewer} rows together in place of {rows}", why)


def cut(spec: SftSpec, rows: int) -> SftSpec:
    """The same steps, with so many rows at once."""
    times = spec.gradient_accumulation * (spec.batch_size // rows)
    return replace(spec, batch_size=rows, gradient_accumulation=times)


def _attempt(spec: SftSpec, record: Recorder) -> dict[str, Any]:
    record.progress(record.run.done, record.run.total, "steps", "loading the student")
    loaded = load(spec.student, spec.precision, device=spec.device, cache=record.home.models)
    given = read(record.folder_of(spec.teach) / DATASET)
    answers = ask_as(given, loaded.tokenizer, loaded.source.instruction)
    hold_to(record, data=fingerprint(answers))
    hold_to_loaded(record, loaded)
    train, validation = hold_out(answers, spec.validation, spec.seed)
    record.progress(record.run.done, record.run.total, "steps", "preparing the rows")
    return finetune(loaded, spec, train, validation, record)
