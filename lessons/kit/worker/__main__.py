"""The worker of the tutor: `python -m lessons.kit.worker --home DIR`.

It is the engine's worker with one more kind of run, labs, and with the learner's own code in runs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from engine import kinds
from engine.kinds import specs
from engine.runs import worker_process
from engine.runs.record import Compute
from lessons.kit.worker import lab as lab_run
from lessons.kit.worker import own


def read(kind: str, values: Mapping[str, Any]) -> Any:
    """The spec that the function of a kind takes; a lab takes what the run's row holds."""
    return values if kind == lab_run.KIND else specs.read(kind, values)


def compute(kind: str) -> Compute:
    """The function that computes runs of a kind. Raises SpecError where there is none."""
    if kind != lab_run.KIND:
        return kinds.compute(kind)
    import_module("torch")  # so that its threads are set before a lab begins
    return lab_run.compute


if __name__ == "__main__":
    sys.exit(worker_process.main(sys.argv[1:], compute, read, worker_process.IMPORTS, own.perform))
