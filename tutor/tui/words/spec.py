"""A spec in words: what a run was, or would be, computed with."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from engine.kinds import KINDS
from engine.kinds.rules import RunOf
from engine.runs.own import in_words

NESTED = {"limit": "problems"}
"""Fields of what is nested in a spec whose name is not the word for it."""


def flat(spec: Mapping[str, object]) -> dict[str, object]:
    """A spec with what is nested in it (data, prices) lifted out, and code in a few words."""
    fields: dict[str, object] = {}
    for name, value in in_words(spec).items():
        fields.update(value if isinstance(value, Mapping) else {name: value})
    return fields


def value(held: object) -> str:
    """A field's value as text: lists with spaces, small numbers as 5e-4 and not 0.0005."""
    if isinstance(held, list | tuple):
        return " ".join(str(each) for each in held)
    if isinstance(held, float) and 0 < abs(held) < 1e-3:
        digits, power = f"{held:.6e}".split("e")
        return f"{float(digits):g}e{int(power)}"
    if isinstance(held, float):
        return f"{held:g}"
    return "none" if held is None else str(held)


def lines(kind: str, spec: Mapping[str, object], *, all_of_it: bool = True) -> list[Content]:
    """One line a field, the ones that matter first.

    Args:
        kind: The run's kind.
        spec: Its spec.
        all_of_it: Whether the other fields follow.
    """
    fields = flat(spec)
    first = [
        name
        for name in (KINDS[kind].shows if kind in KINDS else ())
        if fields.get(name) is not None
    ]
    rest = [name for name in fields if name not in first] if all_of_it else []
    known = KINDS[kind].spec.told if kind in KINDS else {}
    shown = []
    for name in first + rest:
        told, held = known.get(name), fields[name]
        word = told.label if told else NESTED.get(name, name.replace("_", " "))
        if told and isinstance(told.rule, RunOf) and isinstance(held, int):
            # which is 0 before there is one
            word, held = told.rule.gives, f"of run {held}" if held else "of a run still to come"
        shown.append(Content.assemble((f"{word} ", "$foreground 60%"), value(held)))
    return shown
