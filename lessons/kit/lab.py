"""Labs: functions from annotated parameters to a figure.

    @lab("absmax", about="Quantize a row of weights and see what rounding costs.")
    def absmax_lab(
        bits: Annotated[int, Choice(2, 3, 4, 8)] = 8,
        outlier: Annotated[float, Slider(1, 50)] = 1,
    ) -> Figure:
        from engine.numerics.affine import absmax   # heavy: only within, never at the top
        ...

The name under the decorator is a :class:`Lab`: it knows its parameters without computing anything,
reads what was typed for them, and can still be called. Who shows labs imports their declarations
and has them computed elsewhere (:mod:`lessons.kit.bench.bench`, or a run where `long`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import ModuleType, SimpleNamespace
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from engine.errors import EngineError, SpecError
from engine.figures import Figure
from lessons.kit.controls import (
    Choice,
    Control,
    Model,
    Number,
    Refused,
    Slider,
    Text,
    Toggle,
    Value,
    shown,
)

__all__ = [
    "Choice",
    "Control",
    "Lab",
    "Model",
    "Number",
    "Parameter",
    "Progress",
    "Slider",
    "Text",
    "Toggle",
    "declared",
    "lab",
]

Progress = Callable[[int, int, str], None]
"""`progress(done, total, message)`; it may raise, to end what computes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What can be set in a lab."""

    name: str
    control: Control
    default: Value
    type: type
    """`int`, `float`, `str` or `bool`: what the function is given."""

    @property
    def label(self) -> str:
        """The name as the learner reads it: `block size`."""
        return self.name.replace("_", " ")

    def read(self, given: Value) -> Value:
        """What was typed or moved, as the lab takes it.

        Raises:
            SpecError: The control does not take it; the words say what it takes.
        """
        try:
            value = self.control.read(given, self.type)
        except Refused as refused:
            what = f"{self.label} cannot be {shown(given)!r}."
            raise SpecError(self.name, given, what, f"It can be {refused}.") from None
        return float(value) if self.type is float else value

    def written(self, value: Value) -> str:
        """A value as it is shown and can be typed again."""
        return shown(value)


@dataclass(frozen=True, slots=True)
class Lab:
    """Something to set and to look at."""

    name: str
    about: str
    """What it shows, in one sentence."""
    long: bool
    """Whether it takes more than a moment, so that it is a run."""
    parameters: tuple[Parameter, ...]
    function: Callable[..., Figure]
    tells: bool = False
    """Whether the function takes `progress`."""

    def __call__(self, *args: Any, **values: Any) -> Figure:
        """Compute, with values as they are."""
        return self.function(*args, **values)

    @property
    def defaults(self) -> dict[str, Value]:
        """What it begins with."""
        return {each.name: each.default for each in self.parameters}

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        Raises:
            SpecError: There is none.
        """
        for each in self.parameters:
            if each.name == name:
                return each
        names = [each.name for each in self.parameters]
        close = get_close_matches(name, names, n=1)
        way_out = f"It has {', '.join(names)}." if names else "It has none."
        raise SpecError(
            name,
            None,
            f"The lab {self.name} has no parameter {name!r}.",
            f"Did you mean {close[0]}?" if close else way_out,
        )

    def values(self, given: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """All values, in the order of the parameters: those given, read, and else the defaults.

        Args:
            given: Typed text or ready values, by name.

        Raises:
            SpecError: A name is unknown or a value cannot be; the first of them.
        """
        read = {name: self.parameter(name).read(value) for name, value in (given or {}).items()}
        return {name: read.get(name, default) for name, default in self.defaults.items()}

    def compute(
        self, given: Mapping[str, Value] | None = None, progress: Progress | None = None
    ) -> Figure:
        """The figure for these values.

        Raises:
            SpecError: See `values`.
            EngineError: What the function gave back is no figure.
        """
        values = self.values(given)
        more = {"progress": progress or _untold} if self.tells else {}
        figure = self.function(**values, **more)
        if not isinstance(figure, Figure):
            what = f"The lab {self.name} gave a {type(figure).__name__} and no figure."
            raise EngineError(what, "This is the lesson's fault, not yours.")
        return figure

    def trials(self) -> Iterator[dict[str, Value]]:
        """Values it must bear: the defaults, then each parameter at each of its ends."""
        yield self.defaults
        for each in self.parameters:
            for end in each.control.ends():
                if (value := each.read(end)) != each.default:
                    yield self.defaults | {each.name: value}


def lab(
    name: str, *, about: str = "", long: bool = False
) -> Callable[[Callable[..., Figure]], Lab]:
    """Make a lab of a function.

    Args:
        name: What `lab` blocks in the lesson and the command line call it.
        about: What it shows, in one sentence.
        long: Whether it takes more than a moment; it is a run then, and may take `progress`.

    Raises:
        EngineError: The declaration cannot be right; said where the lesson is read.
    """

    def made(function: Callable[..., Figure]) -> Lab:
        signature = inspect.signature(function).parameters
        tells = "progress" in signature
        own = {key: each for key, each in signature.items() if key != "progress"}
        kinds = _kinds(name, function, own)
        parameters = tuple(_parameter(name, each, kinds[key]) for key, each in own.items())
        return Lab(name, about, long, parameters, function, tells)

    return made


def declared(module: ModuleType) -> dict[str, Lab]:
    """The labs of a module, by name, in the order they are written.

    Raises:
        EngineError: Two have the same name.
    """
    found: dict[str, Lab] = {}
    for each in vars(module).values():
        if isinstance(each, Lab) and found.setdefault(each.name, each) is not each:
            raise EngineError(f"{module.__name__} has two labs named {each.name!r}.")
    return found


def _kinds(lab: str, function: Callable, own: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
    """The parameters' annotations, evaluated; the others' names need not be there at run time."""
    written = SimpleNamespace(__annotations__={key: each.annotation for key, each in own.items()})
    try:
        return get_type_hints(written, globalns=function.__globals__, include_extras=True)
    except (NameError, SyntaxError, TypeError) as error:
        raise EngineError(f"The lab {lab}: an annotation cannot be read: {error}.") from error


def _parameter(lab: str, each: inspect.Parameter, written: Any) -> Parameter:
    where = f"The lab {lab}, parameter {each.name}"
    kind, *extras = get_args(written) if get_origin(written) is Annotated else (written,)
    controls = [extra for extra in extras if isinstance(extra, Control)]
    if kind is bool and not controls:
        controls = [Toggle()]
    if len(controls) != 1:
        raise EngineError(f"{where} needs one control: Annotated[int, Slider(1, 8)].")
    if kind not in controls[0].types:
        raise EngineError(f"{where}: a {type(controls[0]).__name__} gives no {kind.__name__}.")
    if each.default is each.empty:
        raise EngineError(f"{where} needs a default.")
    parameter = Parameter(each.name, controls[0], each.default, kind)
    try:
        default = parameter.read(each.default)
    except SpecError as error:
        raise EngineError(f"{where}: its default is out of range. {error}") from error
    return Parameter(each.name, controls[0], default, kind)


def _untold(done: int, total: int, message: str = "") -> None:
    """Nobody wants to know."""
