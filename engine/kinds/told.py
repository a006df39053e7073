"""What the fields of a spec say of themselves, read from their annotations."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from engine.kinds.rules import Label, Rule


@dataclass(frozen=True, slots=True)
class Told:
    """One field."""

    type: type
    """Of its values, beside None where that is its default."""
    rule: Rule
    about: str
    """What it is for, as help says it."""
    label: str
    """The word for it."""


def told(spec: type) -> dict[str, Told]:
    """Every field of a spec that has a rule, by name.

    Raises:
        TypeError: One has none.
    """
    found = {}
    for name, hint in get_type_hints(spec, include_extras=True).items():
        if name in spec.__annotations__ and not spec.__annotations__[name].startswith("ClassVar"):
            found[name] = _told(spec, name, hint)
    return found


def _told(spec: type, name: str, hint: Any) -> Told:
    said = getattr(hint, "__metadata__", ())
    rules = [each for each in said if isinstance(each, Rule)]
    if not rules:
        raise TypeError(f"{spec.__name__}.{name} has no rule: annotate it with one of its own.")
    words = [each for each in said if isinstance(each, str)]
    labels = [each.word for each in said if isinstance(each, Label)]
    label = labels[-1] if labels else name.replace("_", " ")
    return Told(_type(hint.__origin__), rules[-1], words[-1] if words else "", label)


def _type(hint: Any) -> type:
    """`int` of `int | None`, `tuple` of `tuple[str, ...]`."""
    kinds = [each for each in get_args(hint) if each is not NoneType]
    if NoneType in get_args(hint):
        hint = kinds[0]
    return get_origin(hint) or hint
