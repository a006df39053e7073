"""What the queue asks of a spec, whatever kind of run it describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self

from engine.runs.home import Home

SpecOf = Callable[[int], Mapping[str, Any]]
"""Gives the spec of another run, by its number, as its row holds it. Raises RunNotFound."""
Read = Callable[[str, Mapping[str, Any]], Any]
"""Makes a spec of a kind again from what its row holds. Raises SpecError."""


def as_it_stands(kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A `Read` for kinds that compute from what the row holds."""
    return values


class Submitted(Protocol):
    """What a run is asked to do, by whoever submits it."""

    needs_kinds: Mapping[str, str]
    """Fields that name another run, with the kind that this must be."""

    def check(self) -> None:
        """Raise SpecError for the first value that cannot be right."""

    def needs(self) -> Mapping[str, int]:
        """The runs that must be finished first, by the field that names them."""

    def anchored(self) -> Self:
        """The same with every relative folder made absolute: the worker stands elsewhere."""

    def ready(self, home: Home, spec_of: SpecOf) -> None:
        """Raise EngineError where it could not be computed here and now."""

    def titled(self, spec_of: SpecOf) -> str:
        """One line for a list of runs."""

    def to_dict(self) -> Mapping[str, Any]:
        """As JSON holds it."""
