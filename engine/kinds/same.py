"""An attempt goes on with what the first one began with, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.models.loaded import Loaded
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


def hold_to_loaded(record: Recorder, loaded: Loaded) -> None:
    """The same for a model and where it is; its load, its fallbacks and its card are written down.

    Another card of the same number may round otherwise: that is told, as another version is.
    """
    from engine.machine_probe import card

    how = loaded.record
    hold_to(record, model=how.fingerprint, device=f"{how.device} {how.dtype}")
    here = card(loaded.device)
    before = record.other(record.run.id).environment.get("card")
    changed = [
        f"the card's {name} was {before[name]} at first and is {value} now"
        for name, value in (here or {}).items()
        if before and before.get(name, value) != value
    ]
    for each in changed:
        record.log(each)
    record.environment(
        device=how.device,
        fallbacks=[each.as_dict() for each in how.fallbacks],
        load=how.as_dict(),
        **({"card": here} if here else {}),
        **({"changed": changed} if changed else {}),
    )
