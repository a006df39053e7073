"""Sft: a student learns a teacher's answers, as a LoRA adapter over its quantized weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import NotEnoughMemory
from engine.models.loading import load
from engine.runs.kinds.same import hold_to
from engine.runs.kinds.teach import DATASET
from engine.training.dataset import ask_as, fingerprint, hold_out, read
from engine.training.sft import finetune

if TYPE_CHECKING:
    from engine.models.loaded import Loaded
    from engine.runs.record import Recorder
    from engine.runs.specs import SftSpec


def compute(spec: SftSpec, record: Recorder) -> dict[str, Any]:
    """Train from nothing or from the last checkpoint, and save the adapter.

    Raises:
        EngineError: There is no data set, or it cannot be learnt from.
        Paused: After a checkpoint.
        Cancelled: After a step.
    """
    record.progress(record.run.done, record.run.total, "steps", "loading the student")
    loaded = _load(spec, record)
    given = read(record.folder_of(spec.teach) / DATASET)
    answers = ask_as(given, loaded.tokenizer, loaded.source.instruction)
    how = loaded.record
    hold_to(record, data=fingerprint(answers), model=how.fingerprint)
    hold_to(record, device=f"{how.device} {how.dtype}")
    record.environment(
        device=how.device,
        fallbacks=[each.as_dict() for each in how.fallbacks],
        load=how.as_dict(),
    )
    train, validation = hold_out(answers, spec.validation, spec.seed)
    record.progress(record.run.done, record.run.total, "steps", "preparing the rows")
    return finetune(loaded, spec, train, validation, record)


def _load(spec: SftSpec, record: Recorder) -> Loaded:
    """The student, for this training alone: the adapter is put into its very layers."""

    def fresh() -> Loaded:
        return load(spec.student, spec.precision, device=spec.device, cache=record.home.models)

    try:
        return fresh()
    except NotEnoughMemory:
        record.warm.clear()
        return fresh()
