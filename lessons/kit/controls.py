"""Controls: what a parameter of a lab may be, from which a front end makes something to move.

A control is written into a parameter's annotation, `Annotated[int, Slider(2, 8)]`. It reads what
was typed or moved and says in words what it takes; drawing it is the front end's business.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from engine.errors import ModelNotFound
from engine.models.registry import resolve

Value = int | float | str | bool
"""What a parameter can be."""

SHORT = 1000
"""Up to this length of its range, a whole number that is typed moves one by one."""


class Refused(ValueError):
    """A value that the control does not take; the words say what it takes."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A number between two ends, moved in steps."""

    types: ClassVar[tuple[type, ...]] = (int, float)
    places: ClassVar[int] = 40
    """Steps from end to end where none is given."""

    least: float
    most: float
    step: float | None = None
    """How far one key press moves; None for 1 (whole numbers) or a fortieth of the range."""
    log: bool = False
    """Whether a step multiplies: 1, 2, 4, 8 with `step=2`. Both ends must be above 0."""

    def __post_init__(self) -> None:
        """Refuse a range that cannot be."""
        _check_range(self.least, self.most)
        if self.log and self.least <= 0:
            raise ValueError(f"A logarithmic slider begins above 0, not at {self.least:g}.")
        if self.step is not None and self.step <= (1 if self.log else 0):
            raise ValueError(f"A step of {self.step:g} goes nowhere.")

    def read(self, given: Value, kind: type) -> Value:
        """The number given, within the ends. Raises Refused."""
        return _within(given, kind, self.least, self.most, self.says())

    def says(self) -> str:
        """What it takes: `1 to 50`."""
        return f"{shown(self.least)} to {shown(self.most)}"

    def ends(self) -> tuple[float, ...]:
        """The values that a lab must bear."""
        return (self.least, self.most)

    def moved(self, value: float, by: int, kind: type = float) -> Value:
        """`value` after `by` steps (below 0: back), never beyond an end.

        Whole numbers move by at least 1.
        """
        if self.log:
            factor = self.step or (self.most / self.least) ** (1 / self.places)
            to = value * factor**by
        else:
            step = self.step or (1 if kind is int else (self.most - self.least) / self.places)
            to = self.least + (round((value - self.least) / step, 9) + by) * step
        if kind is int:
            to = round(to)
            to = value + (1 if by > 0 else -1) if to == value and by else to
        to = min(max(to, self.least), self.most)
        return int(to) if kind is int else float(f"{to:.6g}")

    def share(self, value: float) -> float:
        """Where `value` lies between the ends, 0 to 1."""
        least, most = self.least, self.most
        if self.log:
            least, most, value = math.log(least), math.log(most), math.log(value)
        return min(max((value - least) / (most - least), 0.0), 1.0)

    def at(self, share: float, kind: type = float) -> Value:
        """The value that lies at `share` of the way, on a step; for a click or a drag."""
        share = min(max(share, 0.0), 1.0)
        if self.log:
            to = self.least * (self.most / self.least) ** share
        else:
            to = self.least + share * (self.most - self.least)
            step = self.step or (1 if kind is int else None)
            to = self.least + round((to - self.least) / step) * step if step else to
        to = min(max(to, self.least), self.most)
        return round(to) if kind is int else float(f"{to:.6g}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is typed."""

    types: ClassVar[tuple[type, ...]] = (int, float)

    least: float
    most: float

    def __post_init__(self) -> None:
        """Refuse a range that cannot be."""
        _check_range(self.least, self.most)

    def read(self, given: Value, kind: type) -> Value:
        """The number given, within the ends. Raises Refused."""
        return _within(given, kind, self.least, self.most, self.says())

    def says(self) -> str:
        """What it takes."""
        return f"{shown(self.least)} to {shown(self.most)}"

    def ends(self) -> tuple[float, ...]:
        """The values that a lab must bear."""
        return (self.least, self.most)

    def moved(self, value: float, by: int, kind: type = float) -> Value:
        """`value` after `by` steps of its second digit, never beyond an end.

        Whole numbers step by at least 1, and by just that where the range is short; other numbers
        by at least a hundredth.
        """
        whole = kind is int
        size = math.floor(math.log10(abs(value))) - 1 if value else -2
        short = whole and self.most - self.least <= SHORT
        step = 10.0 ** (0 if short else max(size, 0 if whole else -2))
        to = min(max(value + by * step, self.least), self.most)
        return round(to) if whole else float(f"{to:.6g}")


@dataclass(frozen=True, slots=True, init=False)
class Choice:
    """One of a few values."""

    types: ClassVar[tuple[type, ...]] = (int, float, str)

    values: tuple[Value, ...]

    def __init__(self, *values: Value) -> None:
        """At least two, all different as they are written."""
        if len(values) < 2 or len(set(map(shown, values))) < len(values):
            raise ValueError(f"A choice needs two or more different values, not {values}.")
        object.__setattr__(self, "values", values)

    def read(self, given: Value, kind: type) -> Value:
        """The value that is written as the given one is, or equals it. Raises Refused."""
        typed = shown(given).strip().casefold()
        for value in self.values:
            if shown(value).casefold() == typed:
                return value
        if kind is not str:
            number = _number(given)
            for value in self.values:
                if value == number:
                    return value
        raise Refused(self.says())

    def says(self) -> str:
        """What it takes: `2, 3, 4 or 8`."""
        *others, last = map(shown, self.values)
        return f"{', '.join(others)} or {last}"

    def ends(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values

    def moved(self, value: Value, by: int, kind: type = str) -> Value:
        """The value `by` places on; it stops at the first and the last."""
        place = self.values.index(value) + by
        return self.values[min(max(place, 0), len(self.values) - 1)]


class Model(Choice):
    """A model: one of those that are offered, or any with weights that is typed."""

    __slots__ = ()

    def read(self, given: Value, kind: type) -> Value:
        """Its name, a folder's made absolute: who computes stands elsewhere. Raises Refused."""
        name = shown(given).strip()
        if name.casefold() in map(shown, self.values):
            return name.casefold()
        try:
            source = resolve(name)
        except ModelNotFound as error:
            raise Refused(f"{self.says()}. {error.what.rstrip('.')}") from None
        if source.kind == "hosted":
            raise Refused(f"{self.says()}; {name} has no weights here")
        return source.location if source.kind == "folder" else name

    def says(self) -> str:
        """What it takes."""
        return f"{', '.join(map(shown, self.values))}, a model's folder, or a hub id"

    def moved(self, value: Value, by: int, kind: type = str) -> Value:
        """Among those that are offered, from the first where another was typed."""
        return Choice.moved(self, value if value in self.values else self.values[0], by, kind)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""

    types: ClassVar[tuple[type, ...]] = (str,)

    most_chars: int = 200

    def read(self, given: Value, kind: type) -> Value:
        """The text, if it is one line and not too long. Raises Refused."""
        if not isinstance(given, str) or len(given) > self.most_chars or not given.isprintable():
            raise Refused(self.says())
        return given

    def says(self) -> str:
        """What it takes."""
        return f"one line of at most {self.most_chars} characters"

    def ends(self) -> tuple[Value, ...]:
        """None that would mean the same for every lab."""
        return ()


@dataclass(frozen=True, slots=True)
class Toggle:
    """On or off."""

    types: ClassVar[tuple[type, ...]] = (bool,)
    words: ClassVar[dict[str, bool]] = {
        **dict.fromkeys(("yes", "true", "on", "1", "y"), True),
        **dict.fromkeys(("no", "false", "off", "0", "n"), False),
    }

    def read(self, given: Value, kind: type) -> Value:
        """Whether it is on. Raises Refused."""
        if isinstance(given, bool):
            return given
        if not isinstance(given, str) or given.strip().casefold() not in self.words:
            raise Refused(self.says())
        return self.words[given.strip().casefold()]

    def says(self) -> str:
        """What it takes."""
        return "yes or no"

    def ends(self) -> tuple[Value, ...]:
        """Both."""
        return (False, True)

    def moved(self, value: bool, by: int, kind: type = bool) -> bool:
        """The other one."""
        return value if by % 2 == 0 else not value


Control = Slider | Number | Choice | Text | Toggle


def shown(value: Value) -> str:
    """A value as it is written and can be typed again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?$")


def _number(given: Value) -> float | int | None:
    """The finite number that was given or typed; None where it is none."""
    if isinstance(given, str):
        text = given.strip().replace("−", "-")  # the typographic minus
        text = text.replace(",", "") if _THOUSANDS.match(text) else text
        try:
            given = int(text) if re.fullmatch(r"[-+]?\d{1,300}", text) else float(text)
        except ValueError:
            return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        return None
    return given


def _within(given: Value, kind: type, least: float, most: float, says: str) -> Value:
    number = _number(given)
    if number is None:
        raise Refused(f"a number from {says}")
    if kind is int and number != int(number):
        raise Refused(f"a whole number from {says}")
    if not least <= number <= most:
        raise Refused(says)
    return kind(number)


def _check_range(least: float, most: float) -> None:
    if not (math.isfinite(least) and math.isfinite(most) and least < most):
        raise ValueError(f"A range goes from less to more, not from {least:g} to {most:g}.")
