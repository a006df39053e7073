"""Teach: a teacher answers training questions; what is right becomes a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from engine.models.loading import load
from engine.models.registry import resolve
from engine.teachers.distill import teach
from engine.teachers.local import LocalTeacher
from engine.training.dataset import conversations, fingerprint, select, write
from engine.training.sft import quiet

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.specs import TeachSpec

DATASET = "dataset"
"""The folder of the data set, among a run's artifacts."""


def compute(spec: TeachSpec, record: Recorder) -> dict[str, Any]:
    """Ask what has not been answered yet, then write the data set.

    Raises:
        EngineError: Not one answer can be learnt from.
        Paused: Between two handfuls of questions.
        Cancelled: Likewise.
    """
    ...
