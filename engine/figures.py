"""Figures: data that can be drawn, with a caption that says what it shows.

A lab gives one, and whoever shows it (a screen, plain text, a notebook) draws it. Every figure also
holds the numbers that were measured by name, so that a prediction can be held against them, and a
phrase for each that is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from engine.errors import EngineError

Axis = Literal["x", "y"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int, ...], ...]
    """Each as long as `columns`; numbers are unrounded, whoever shows them rounds."""
    caption: str
    """What the figure shows, in one sentence."""
    values: Mapping[str, float] = field(default_factory=dict)
    """Measured numbers by name."""
    words: Mapping[str, str] = field(default_factory=dict)
    """A phrase for a value by its name, with `{}` where the number goes and its unit in words:
    `{} times less error with dynamic ranges`. Empty for one that the drawing tells already; one
    without words is told by its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named series of points."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    """As many as `xs`."""
    joined: bool = True
    """Whether it goes from point to point; if not, the points alone are drawn."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across a chart at one number: what is ideal, what is random, what was set."""

    name: str
    at: float
    axis: Axis = "y"
    """The axis that `at` lies on, so that `y` is a level line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """Lines over a common x axis."""

    lines: tuple[Line, ...]
    x: str
    """What the x axis counts, with its unit."""
    y: str
    caption: str
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    log_x: bool = False
    log_y: bool = False
    references: tuple[Reference, ...] = ()
    places: Mapping[str, Axis] = field(default_factory=dict)
    """On which axis a measured value lies, by its name; of a figure of several, also one of those
    that the whole holds. It can be drawn in, and beside it what was predicted."""


@dataclass(frozen=True, slots=True)
class Series:
    """One bar for each of a chart's labels."""

    name: str
    heights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars in groups, one group for each label: histograms too."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    y: str
    """What a bar's height is, with its unit."""
    caption: str
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    """On the y axis: bars have no other numbers."""
    places: Mapping[str, Axis] = field(default_factory=dict)
    """As a line chart's; `y` always."""
    stacked: bool = False
    """Whether a label's bars are parts of one whole, so that they follow one another in one bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """A grid of numbers."""

    rows: tuple[tuple[float, ...], ...]
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    caption: str
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BitField:
    """Neighbouring bits that mean one thing."""

    name: str
    bits: str
    """Zeros and ones, the most significant first."""
    means: str = ""
    """What these bits stand for: `2**(128-127) = 2`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BitLayout:
    """A pattern of bits, field by field."""

    fields: tuple[BitField, ...]
    caption: str
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Figures that are shown together, one under another."""

    figures: tuple[Figure, ...]
    caption: str
    values: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


class UnknownFigure(EngineError):
    """It was made by a version that knows other figures."""


Figure = Table | LineChart | BarChart | Heatmap | BitLayout | Several

_KINDS = {kind.__name__: kind for kind in (Table, LineChart, BarChart, Heatmap, BitLayout, Several)}
_PARTS = {"lines": Line, "series": Series, "fields": BitField, "references": Reference}


def as_dict(figure: Figure) -> dict[str, Any]:
    """As JSON holds it; `kind` says which figure it is."""
    content = asdict(figure)
    if isinstance(figure, Several):
        content["figures"] = [as_dict(each) for each in figure.figures]
    return {"kind": type(figure).__name__, **content}


def from_dict(content: Mapping[str, Any]) -> Figure:
    """The figure that `as_dict` made this of, also one that was stored before it had words.

    Raises:
        UnknownFigure: A later version made it: of a kind, or with a field, that is not known here.
    """
    try:
        return _read(content)
    except (KeyError, TypeError) as error:
        raise UnknownFigure(
            f"This figure ({content.get('kind')}) was made by another version of the tutor.",
            "If the tutor was updated while it was open, close it and open it again; "
            "otherwise update it.",
        ) from error


def _read(content: Mapping[str, Any]) -> Figure:
    kind = _KINDS[content["kind"]]
    fields = {name: value for name, value in content.items() if name != "kind"}
    for name, part in _PARTS.items():
        if name in fields:
            fields[name] = tuple(part(**_tuples(each)) for each in fields[name])
    if "figures" in fields:
        fields["figures"] = tuple(map(_read, fields["figures"]))
    return kind(**_tuples(fields))


def _tuples(value: Any) -> Any:
    """Lists within become tuples, as they were before JSON."""
    if isinstance(value, dict):
        return {name: _tuples(each) for name, each in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
