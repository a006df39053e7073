"""Fewer at once than a run was submitted with, where memory asks for it.

The spec stays what it is, and with it the order of all that is computed; what the run's record says
beside it is how large the pieces are from now on: problems drawn together, or rows between which a
training sums up gradients.
"""

from __future__ import annotations

from engine.errors import EngineError, SpecError
from engine.hosting import hosted
from engine.runs.snapshot import Run
from engine.runs.states import RUNNING

NOTED = "at_most"
"""Where it stands in a run's environment."""
TOGETHER = ("in_flight", "batch_size")
"""Fields of a spec that say how many at once; it has one, or computes nothing in batches."""
ASKED = ("model", "teacher", "strong_model")
"""Fields that name a model which may be hosted elsewhere."""
SUMMED = "gradient_accumulation"
"""A field of those whose rows are summed up, so that they are cut evenly."""


def checked(run: Run, size: int) -> int:
    """The size, if the run can go on with it.

    Raises:
        SpecError: It is more than the run began with, or no divisor of a training's.
        EngineError: The run computes just now, or asks somebody else's model.
    """
    if run.state == RUNNING:
        raise EngineError(f"Run {run.id} is running.", f"`tutor pause {run.id}` first.")
    if model := asks(run):
        what = f"Run {run.id} asks {model}, which is hosted elsewhere: it takes no memory here."
        raise EngineError(what, f"`tutor resume {run.id}` goes on without it.")
    if not (whole := together(run)):
        raise EngineError(f"Run {run.id} computes nothing in batches.")
    evenly = SUMMED in run.spec
    fits = divisors(whole) if evenly else range(1, whole + 1)
    if size not in fits:
        said = f"Run {run.id} began with {whole:,} at once; {size:,} cannot be taken instead."
        wanted = ", ".join(map(str, fits)) if evenly else f"1 to {whole:,}"
        raise SpecError("batch_size", size, said, f"Take {wanted}.")
    return size


def together(run: Run) -> int:
    """How many at once it was submitted with; 0 where it computes nothing in batches."""
    return next((run.spec[name] for name in TOGETHER if run.spec.get(name)), 0)


def asks(run: Run) -> str:
    """The hosted model that it asks; empty where it computes here."""
    named = (run.spec.get(name) for name in ASKED)
    return next((name for name in named if isinstance(name, str) and hosted(name)), "")


def divisors(whole: int) -> list[int]:
    """Sizes into which a batch can be cut evenly, the smallest first."""
    return [size for size in range(1, whole + 1) if whole % size == 0]
