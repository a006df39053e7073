"""A run's spec as the Python that submits it again: only what is not the default is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from engine.kinds.specs import read

WIDTH = 88
"""A call that is longer stands on several lines."""


def call(
    kind: str,
    spec: Mapping[str, Any],
    names: Mapping[int, str],
    own: str = "",
    variables: Mapping[str, str] | None = None,
) -> str:
    """`EvaluateSpec(model="acorn", adapter=sft.id)`.

    Args:
        kind: The run's kind.
        spec: Its spec, as its row holds it.
        names: The variables that hold the runs which it may name, by their numbers.
        own: The Python that stands for its `own`, if it has code of one's own.
        variables: Variables that hold texts, by the text: such as the folder of the problems.

    Raises:
        SpecError: There is no such kind, or no such setting.
    """
    made = read(kind, spec)
    told = []
    for each in fields(made):  # type: ignore[arg-type]
        value = getattr(made, each.name)
        if value == _default(each):
            continue
        if each.name == "own":
            told.append(f"own={own}")
        elif each.name in made.needs_kinds and value in names:
            told.append(f"{each.name}={names[value]}.id")
        else:
            told.append(f"{each.name}={written(value, variables or {})}")
    return _laid_out(type(made).__name__, told)


def written(value: Any, variables: Mapping[str, str]) -> str:
    """A value as Python, a dataclass without its defaults."""
    if isinstance(value, str) and value in variables:
        return variables[value]
    if not is_dataclass(value):
        return repr(tuple(value)) if isinstance(value, list) else repr(value)
    told = [
        f"{each.name}={written(getattr(value, each.name), variables)}"
        for each in fields(value)
        if getattr(value, each.name) != _default(each)
    ]
    return f"{type(value).__name__}({', '.join(told)})"


def _default(field: Field) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default  # MISSING where it has none, which no value equals


def _laid_out(name: str, told: list[str]) -> str:
    line = f"{name}({', '.join(told)})"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {each}," for each in told), ")"])
