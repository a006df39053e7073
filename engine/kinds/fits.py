"""Whether a fine-tuning can be at all: the student has those layers, and the batch has room.

Asked before anything is loaded. What is not known of a model is left to the worker, which says it
in words too.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import SpecError
from engine.machine import Machine
from engine.models.dtypes import computes_in
from engine.models.outline import outline
from engine.numerics import budget
from engine.training.budget import training_budget

if TYPE_CHECKING:
    from engine.training.settings import SftSettings

ROW_TOKENS = {"word_problems": 256, "gsm8k": 512}
"""Tokens of the longest rows, prompt and answer, by the source of problems. In SmolLM2's tokens,
those of the hardest word problems reach 313 (level 2: 164), GSM8K's 598; `max_length` cuts them."""


def faults(
    spec: SftSettings, machine: Machine, source: str = "word_problems"
) -> dict[str, SpecError]:
    """What cannot be, by field.

    Args:
        spec: Its own fields are right.
        machine: Where it is to run.
        source: Of the problems whose answers are learnt.
    """
    found = {}
    student = outline(spec.student)
    if lacks := student.lacks(spec.target_modules):
        what = f"{spec.student} has no layer {', '.join(lacks)}."
        way_out = f"It has {', '.join(student.kinds)}; or write all-linear."
        found["target_modules"] = SpecError("target_modules", spec.target_modules, what, way_out)
    room, tokens = memory(machine, spec.device), ROW_TOKENS[source]

    def needed(batch_size: int) -> int | None:
        return training_bytes(spec, machine, tokens, batch_size)

    need = needed(spec.batch_size)
    if need is not None and need > room:
        most = bisect_right(range(1, spec.batch_size), room, key=needed)
        what = f"A batch of {spec.batch_size:,} needs {_gb(need)}; here is {_gb(room)}."
        way_out = f"{most:,} at most." if most else "Take a smaller student, or fewer bits."
        found["batch_size"] = SpecError("batch_size", spec.batch_size, what, way_out)
    return found


def check(spec: SftSettings, machine: Machine, source: str) -> None:
    """Raise the first of the faults."""
    for error in faults(spec, machine, source).values():
        raise error


def training_bytes(
    spec: SftSettings, machine: Machine, row_tokens: int, rows: int | None = None
) -> int | None:
    """Bytes that it takes; None where the student's shape is not known.

    Args:
        spec: The settings.
        machine: Where it is to run.
        row_tokens: Of the longest row.
        rows: Learnt together; None for the spec's.
    """
    where = "cuda" if on_card(machine, spec.device) else "cpu"
    dtype = computes_in(spec.precision, where)
    room = free(machine, spec.device)
    found = training_budget(spec, rows or spec.batch_size, row_tokens, dtype, where, room)
    return None if found is None else found.total


def answering_bytes(spec: Mapping[str, Any], machine: Machine, source: str) -> int | None:
    """Bytes that a model takes that answers problems; None where its shape is not known."""
    shape = outline(spec.get("model") or spec["teacher"]).architecture
    if shape is None:
        return None
    asked = spec["data"]["limit"] or math.inf  # 0 is all of GSM8K's
    problems = min(spec.get("batch_size", spec.get("in_flight", 1)), asked)
    rows = int(problems * spec.get("k", 1))
    prompt = ROW_TOKENS[source] // 2
    dtype = computes_in(spec["precision"], "cuda" if on_card(machine, spec["device"]) else "cpu")
    tokens = rows * (prompt + spec["max_new_tokens"])
    return budget.inference(shape, spec["precision"], tokens=tokens, rows=rows, dtype=dtype).total


def on_card(machine: Machine, device: str) -> bool:
    """Whether a run on that device computes on a card."""
    return machine.card(device) is not None


def memory(machine: Machine, device: str) -> int:
    """Bytes of the memory that a run on a device has, in all."""
    card = machine.card(device)
    return card.total or machine.memory if card else machine.memory


def free(machine: Machine, device: str) -> int:
    """Bytes of it that can be had now."""
    card = machine.card(device)
    return card.free if card and card.total else machine.available


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
