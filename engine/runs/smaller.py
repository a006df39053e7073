"""Fewer at once than a run was submitted with, where memory asks for it.

The spec stays what it is, and with it the order of all that is computed; what the run's record says
beside it is how large the pieces are from now on: problems drawn together, or rows between which a
training sums up gradients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import EngineError, SpecError
from engine.models import registry
from engine.runs.states import RUNNING

if TYPE_CHECKING:
    from engine.models.precision import Fallback
    from engine.runs.record import Recorder
    from engine.runs.snapshot import Run

NOTED = "at_most"
"""Where it stands in a run's environment."""
FIELDS = {"teach": "in_flight"}
"""The spec's field that says how many at once, where it is not `batch_size`."""
MODELS = {"evaluate": "model", "teach": "teacher", "cascade": "strong_model"}
"""The field with the model that is asked, where that may be a hosted one."""


def at_most(record: Recorder) -> int | None:
    """How many at once, if fewer than the spec says."""
    return record.other(record.run.id).environment.get(NOTED)


def note(record: Recorder, size: int, fallback: Fallback) -> None:
    """From now on so many at once: in this attempt, and in those that carry on."""
    record.environment(**{NOTED: size}, fallbacks=[fallback.as_dict()])
    record.log(f"{fallback.what}: {fallback.why}")


def checked(run: Run, size: int) -> int:
    """The size, if the run can go on with it.

    Raises:
        SpecError: It is more than the run began with, or no divisor of a training's.
        EngineError: The run computes just now, or asks somebody else's model.
    """
    if run.state == RUNNING:
        raise EngineError(f"Run {run.id} is running.", f"`tutor pause {run.id}` first.")
    model = run.spec.get(MODELS.get(run.kind, ""), "")
    if registry.hosted(model):
        what = f"Run {run.id} asks {model}, which is hosted elsewhere: it takes no memory here."
        raise EngineError(what, f"`tutor resume {run.id}` goes on without it.")
    whole = run.spec.get(FIELDS.get(run.kind, "batch_size"))
    if not whole:
        raise EngineError(f"Run {run.id} computes nothing in batches.")
    fits = divisors(whole) if run.kind == "sft" else range(1, whole + 1)
    if size not in fits:
        said = f"Run {run.id} began with {whole:,} at once; {size:,} cannot be taken instead."
        wanted = ", ".join(map(str, fits)) if run.kind == "sft" else f"1 to {whole:,}"
        raise SpecError("batch_size", size, said, f"Take {wanted}.")
    return size


def divisors(whole: int) -> list[int]:
    """Sizes into which a batch can be cut evenly, the smallest first."""
    return [size for size in range(1, whole + 1) if whole % size == 0]
