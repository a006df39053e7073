"""What can go wrong, in plain words, each with the way out.

Every error a learner may meet is an :class:`EngineError`: ``what`` says what happened, with the
value that caused it, and ``way_out`` says what to do about it. Screens and commands show both.
"""

from __future__ import annotations


class EngineError(Exception):
    """Something the engine could not do, said plainly, with the way out."""

    def __init__(self, what: str, way_out: str = "") -> None:
        """Keeps the two sentences apart; ``str()`` joins them."""
        super().__init__(what, way_out)
        self.what = f"{what}." if way_out and what[-1:].isalnum() else what
        """What happened, with the value that caused it; a sentence of its own, for what another
        library said of it may end without a full stop."""
        self.way_out = way_out
        """What to do about it; empty where nothing can be advised."""

    def __str__(self) -> str:
        """Both sentences, one after the other."""
        return f"{self.what} {self.way_out}".strip()


class ModelNotFound(EngineError):
    """No such built-in, folder or hub model, or a folder that is not a model."""


class NoNetwork(EngineError):
    """The network is needed and could not be reached."""


class GatedModel(EngineError):
    """The hub asks for its licence to be accepted, or for a login, first."""


class DiskFull(EngineError):
    """No room left where something had to be written."""


class NotEnoughMemory(EngineError):
    """The model would not fit; said before it is loaded, with the figures."""


class RunNotFound(EngineError):
    """No run of that number."""


class SpecError(EngineError):
    """A field of a spec that cannot be right."""

    def __init__(self, field: str, value: object, what: str, way_out: str = "") -> None:
        """``field`` and ``value`` let a form put the words beside the right box."""
        super().__init__(what, way_out)
        self.args = (field, value, what, way_out)  # so that copying and pickling keep all four
        self.field = field
        """The spec's field at fault."""
        self.value = value
        """What it was set to."""
