"""An attempt goes on with what the first one began with, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.runs.record import Recorder


def hold_to(record: Recorder, **fingerprints: str) -> None:
    """Write down the fingerprints of what a run is computed from; later attempts must have them.

    Raises:
        EngineError: Something is not what it was when the run began, so its result would be
            neither that of the one nor that of the other.
    """
    before = record.other(record.run.id).environment.get("fingerprints", {})
    for name, value in fingerprints.items():
        if before.get(name, value) != value:
            raise EngineError(
                f"The {name} is no longer what this run began with.",
                "Submit the run anew; this one keeps what it has.",
            )
    record.environment(fingerprints=fingerprints)
