"""The engine's worker: the queue's, given the kinds of run that the engine knows."""

from __future__ import annotations

from collections.abc import Sequence

from engine import kinds
from engine.runs import worker_process
from engine.runs.own import Provider, no_provider


def main(arguments: Sequence[str] | None = None, own: Provider = no_provider) -> int:
    """The command line of `python -m engine.runs.worker`; returns the exit status.

    Args:
        arguments: Those of the command; None for this process's own.
        own: Runs code of one's own; without it, a run that has some is refused.
    """
    return worker_process.main(arguments, kinds.compute, kinds.read, worker_process.IMPORTS, own)
