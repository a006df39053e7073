"""What a field of a spec may be, said in words when it is not that."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from engine.errors import ModelNotFound, SpecError
from engine.models import registry

_DEVICE = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,3})?")
MOST = 10**9
"""The highest number of a field that has no bound of its own: far beyond what anybody can compute,
and within what a database, JSON and torch can hold."""


def whole(field: str, value: object, low: int, high: int | None = None) -> None:
    """A whole number from `low` to `high`; without `high`, to what no count here comes near."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise SpecError(field, value, f"{field} is {value!r}; it must be a whole number.")
    if not low <= value <= (MOST if high is None else high):
        ends = f"from {low:,} to {high:,}" if high is not None else f"{low:,} or more"
        ends = f"{MOST:,} at most" if high is None and value > low else ends
        raise SpecError(field, value, f"{field} is {value:,}; it must be {ends}.")


def number(
    field: str, value: object, low: float, high: float | None = None, *, above: bool = False
) -> None:
    """A number from `low` to `high`, or to `MOST`; with `above`, `low` itself is out."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
        raise SpecError(field, value, f"{field} is {value!r}; it must be a number.")
    most = MOST if high is None else high
    if not low <= value <= most or (above and value == low):
        start = f"more than {low:g}" if above else f"{low:g} or more"
        end = "" if high is None and value <= most else f", and {most:,g} at most"
        raise SpecError(field, value, f"{field} is {value:g}; it must be {start}{end}.")


def _finite(value: float) -> bool:
    """Also of a whole number so large that no float is."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def choice(field: str, value: object, choices: Iterable[str]) -> None:
    """One of a few words."""
    choices = tuple(choices)
    if not isinstance(value, str) or value not in choices:
        raise SpecError(field, value, f"{field} is {value!r}.", f"Choose {_either(choices)}.")


def name(field: str, value: object) -> None:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise SpecError(field, value, f"{field} is {value!r}; it must be a name.")


def model(field: str, value: str, *, may_be_hosted: bool) -> None:
    """A name that can be told apart; one of a hosted model only where there is no need of weights.

    Whether a folder or a hub's model is there is seen when it is loaded.
    """
    try:
        elsewhere = registry.hosted(value)
    except ModelNotFound as error:
        raise SpecError(field, value, error.what, error.way_out) from None
    if elsewhere and not may_be_hosted:
        raise SpecError(
            field,
            value,
            f"{field} is {value}, which is hosted elsewhere: its weights are not here.",
            "Name a built-in, a folder or a hub id. A hosted model can be a teacher, a cascade's "
            "strong model, or be evaluated.",
        )


def device(field: str, value: object) -> None:
    """`auto`, `cpu`, `mps`, `cuda` or one card such as `cuda:1`."""
    if not isinstance(value, str) or not _DEVICE.fullmatch(value):
        raise SpecError(
            field,
            value,
            f"{field} is {value!r}.",
            "Choose auto, cpu, cuda, cuda:0 (a card) or mps.",
        )


def run(field: str, value: object, *, optional: bool = False) -> None:
    """The number of a run."""
    if value is None and optional:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SpecError(
            field, value, f"{field} is {value!r}; it must be the number of a run.",
            "`tutor runs` lists them.",
        )  # fmt: skip


def _either(choices: tuple[str, ...]) -> str:
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if choices[1:] else choices[0]
