"""Whether a fine-tuning can be at all: the student has those layers, and the batch has room.

Asked before anything is loaded. What is not known of a model is left to the worker, which says it
in words too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import SpecError
from engine.machine import Machine
from engine.models.outline import outline
from engine.numerics import budget

if TYPE_CHECKING:
    from engine.runs.specs import SftSpec

ROW_TOKENS = 256
"""Tokens of a row, prompt and answer, where no run has told: the tutorial's rows are shorter."""


def faults(spec: SftSpec, machine: Machine) -> dict[str, SpecError]:
    """What cannot be, by field.

    Args:
        spec: Its own fields are right.
        machine: Where it is to run.
    """
    found = {}
    student = outline(spec.student)
    if lacks := student.lacks(spec.target_modules):
        what = f"{spec.student} has no layer {', '.join(lacks)}."
        way_out = f"It has {', '.join(student.kinds)}; or write all-linear."
        found["target_modules"] = SpecError("target_modules", spec.target_modules, what, way_out)
    need, room = training_bytes(spec), memory(machine, spec.device)
    if need is not None and need > room:
        most = max((n for n in range(1, spec.batch_size) if fits(spec, n, room)), default=0)
        what = f"A batch of {spec.batch_size:,} needs {_gb(need)}; here is {_gb(room)}."
        way_out = f"{most:,} at most." if most else "Take a smaller student, or fewer bits."
        found["batch_size"] = SpecError("batch_size", spec.batch_size, what, way_out)
    return found


def check(spec: SftSpec, machine: Machine) -> None:
    """Raise the first of the faults."""
    for error in faults(spec, machine).values():
        raise error


def training_bytes(
    spec: SftSpec, batch_size: int | None = None, row_tokens: int = ROW_TOKENS
) -> int | None:
    """Bytes that it takes; None where the student's shape is not known."""
    shape = outline(spec.student).architecture
    if shape is None:
        return None
    tokens = (batch_size or spec.batch_size) * min(row_tokens, spec.max_length)
    return budget.lora(shape, spec.precision, rank=spec.lora_r, tokens=tokens).total


def fits(spec: SftSpec, batch_size: int, room: int) -> bool:
    """Whether a batch of that size has room."""
    need = training_bytes(spec, batch_size)
    return need is None or need <= room


def memory(machine: Machine, device: str) -> int:
    """Bytes of the memory that a run on a device has, in all."""
    if device in ("cpu", "mps") or not machine.cards:
        return machine.memory
    place = int(device.removeprefix("cuda:")) if device.startswith("cuda:") else 0
    return machine.cards[min(place, len(machine.cards) - 1)].total or machine.memory


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
