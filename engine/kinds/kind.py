"""A kind of run: all that is said of it anywhere, in one object, and the registry of them.

    register(Kind("count", CountSpec, "mine.count:compute", about="Count.", word="count", ...))

What is registered can be queued, computed, typed as `tutor run count`, shown, drawn and foreseen;
nobody else writes its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.errors import SpecError

if TYPE_CHECKING:
    from engine.kinds.spec import Spec
    from engine.machine import Machine
    from engine.runs.record import Compute

KINDS: dict[str, Kind] = {}
"""Every kind of run by its name, in the order in which a pipeline takes them."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A curve over steps: what is recorded under a name."""

    name: str
    beside: str = ""
    """Another that is recorded more rarely, drawn as marks."""
    beside_word: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A curve over answers: the share of them that was right so far."""

    word: str
    then_policies: bool = False
    """Whether the result has a grid of policies, which is drawn instead."""


def nothing_known(spec: Mapping[str, Any], *_: object) -> None:
    """Of a kind that nothing is foreseen of."""
    return


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of run."""

    name: str
    """What commands and the store call it."""
    spec: type[Spec]
    compute: Compute | str
    """`compute(spec, record) -> result`; as `module:function` it is imported when it is needed."""
    word: str
    """What it does, in a word."""
    about: str = ""
    """The same in a sentence, for help."""
    example: str = ""
    """Options of an example; a kind without one is not typed as `tutor run`."""
    shows: tuple[str, ...] = ()
    """The fields that matter most, in their order."""
    curve: Metric | Running | None = None
    """What is drawn while it computes."""
    answers: str = ""
    """Where its answers are kept, `predictions` or `answers`; empty where it answers none."""
    unjudged: str = ""
    """Why nothing is judged, where that is so by its kind."""
    torch: bool = False
    """Whether it computes with torch, so that its threads can be set before it begins."""
    model: str = ""
    """The field that names the model that its time goes into."""
    work: Callable[[Mapping[str, Any], Mapping[str, Any] | None, Any], float | None] = nothing_known
    """How much there is to compute, in the kind's own unit: by its spec, its result if it has
    finished, and the `Foresight`. None where it cannot be told."""
    bytes: Callable[[Mapping[str, Any], Machine, str], int | None] = nothing_known
    """Of memory that it takes: by its spec, the machine, and the source of its problems."""
    billed: bool = False
    """Whether tokens of its model are paid for, one answer a problem."""

    def loaded(self) -> Compute:
        """The function that computes it."""
        if self.torch:
            import_module("torch")
        if not isinstance(self.compute, str):
            return self.compute
        module, _, function = self.compute.partition(":")
        return getattr(import_module(module), function)


def register(kind: Kind) -> Kind:
    """Make a kind of run known. One of the same name is replaced."""
    KINDS[kind.name] = kind
    return kind


def typed() -> dict[str, Kind]:
    """Those that are typed, as `tutor run KIND`."""
    return {name: kind for name, kind in KINDS.items() if kind.example}


def named(name: str) -> Kind:
    """A kind by its name. Raises SpecError where there is none."""
    if name not in KINDS:
        what = f"There is no run of kind {name!r}."
        raise SpecError("kind", name, what, f"The kinds are {', '.join(KINDS)}.")
    return KINDS[name]


def read(name: str, values: Mapping[str, Any]) -> Spec:
    """The spec of a run's row. Raises SpecError for a kind or a field that is unknown."""
    return named(name).spec.from_dict(values)


def compute(name: str) -> Compute:
    """The function that computes runs of a kind. Raises SpecError where there is none."""
    return named(name).loaded()
