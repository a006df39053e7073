"""What a field of a spec may be: a rule stands in the field's annotation, beside its words.

    lora_r: Annotated[int, Whole(1, 1024), "Rank of the adapter.", Label("r")] = 32

A rule says whether a value can be right, and makes the value again from what JSON holds. A field
that means the same in every kind of run has a name of its own below, such as `Seed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

from engine.cascades.prices import Prices
from engine.data.problems import SEEDS, DataSpec
from engine.errors import SpecError
from engine.kinds import checks
from engine.models.registry import PRECISIONS
from engine.runs.own import Own


@dataclass(frozen=True, slots=True)
class Rule:
    """One for a field. Where a field's default is None, None is right beside what the rule says."""

    def check(self, name: str, value: Any) -> None:
        """Raise SpecError where the value of the field `name` cannot be right."""
        raise NotImplementedError

    def read(self, name: str, value: Any) -> Any:
        """The value from JSON. Raises SpecError where nothing can be made of it."""
        return value


@dataclass(frozen=True, slots=True)
class Whole(Rule):
    """A whole number from `low` to `high`."""

    low: int
    high: int | None = None

    def check(self, name: str, value: Any) -> None:
        """As `checks.whole`."""
        checks.whole(name, value, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Steps(Rule):
    """A number of steps, or -1 for as many as there are."""

    def check(self, name: str, value: Any) -> None:
        """As `checks.whole`."""
        if value != -1:
            checks.whole(name, value, 1)


@dataclass(frozen=True, slots=True)
class Number(Rule):
    """A number from `low` to `high`; with `above`, `low` itself is out."""

    low: float
    high: float | None = None
    above: bool = False

    def check(self, name: str, value: Any) -> None:
        """As `checks.number`."""
        checks.number(name, value, self.low, self.high, above=self.above)


@dataclass(frozen=True, slots=True)
class Choice(Rule):
    """One of a few words."""

    of: tuple[str, ...]

    def check(self, name: str, value: Any) -> None:
        """As `checks.choice`."""
        checks.choice(name, value, self.of)


@dataclass(frozen=True, slots=True)
class Where(Rule):
    """What is computed on."""

    def check(self, name: str, value: Any) -> None:
        """As `checks.device`."""
        checks.device(name, value)


@dataclass(frozen=True, slots=True)
class Model(Rule):
    """The name of a model; with `hosted`, it may be one that is hosted elsewhere."""

    hosted: bool = False

    def check(self, name: str, value: Any) -> None:
        """As `checks.model`."""
        checks.name(name, value)
        checks.model(name, value, may_be_hosted=self.hosted)


@dataclass(frozen=True, slots=True)
class RunOf(Rule):
    """The number of another run, which must be finished first."""

    kind: str
    """What this must be."""
    gives: str
    """What is taken from it, in a word or two."""

    def check(self, name: str, value: Any) -> None:
        """As `checks.run`."""
        checks.run(name, value)


@dataclass(frozen=True, slots=True)
class Layers(Rule):
    """Names of layers."""

    def check(self, name: str, value: Any) -> None:
        """At least one, none of them empty."""
        named = isinstance(value, tuple) and all(isinstance(each, str) and each for each in value)
        if not value or not named:
            way_out = "Such as q_proj, k_proj, v_proj; or all-linear for all of them."
            raise SpecError(name, value, f"{name} is {value!r}; it must name layers.", way_out)

    def read(self, name: str, value: Any) -> Any:
        """JSON has lists; one name may stand alone."""
        if isinstance(value, (list, str)):
            return (value,) if isinstance(value, str) else tuple(value)
        return value


@dataclass(frozen=True, slots=True)
class Nested(Rule):
    """What has fields of its own."""

    made: ClassVar[type]

    def read(self, name: str, value: Any) -> Any:
        """By its fields."""
        if not isinstance(value, Mapping):
            return value
        try:
            return self.made(**value)
        except TypeError:
            known = ", ".join(each.name for each in fields(self.made))
            raise SpecError(name, value, f"{name} is {value!r}.", f"It has {known}.") from None


@dataclass(frozen=True, slots=True)
class Problems(Nested):
    """Which problems."""

    made: ClassVar[type] = DataSpec

    def check(self, name: str, value: Any) -> None:
        """As `DataSpec.check`, and each of its fields by its type."""
        if not isinstance(value, DataSpec):
            raise SpecError(name, value, f"{name} is {value!r}; it must say which problems.")
        if isinstance(value.limit, bool) or not isinstance(value.limit, int):
            checks.whole(f"{name}.limit", value.limit, 0)  # its bounds are those of its source
        checks.whole(f"{name}.seed", value.seed, 0, SEEDS)
        if not isinstance(value.path, str):
            what = f"{name}.path is {value.path!r}; it must be a folder."
            raise SpecError(f"{name}.path", value.path, what)
        value.check()


@dataclass(frozen=True, slots=True)
class PricesOf(Nested):
    """What a model's tokens cost."""

    made: ClassVar[type] = Prices
    model: str
    """The field that names the model."""

    def check(self, name: str, value: Any) -> None:
        """Two numbers from 0 up."""
        if not isinstance(value, Prices):
            raise SpecError(name, value, f"{name} is {value!r}; it must be two prices.")
        checks.number(f"{name}.input", value.input, 0)
        checks.number(f"{name}.output", value.output, 0)


@dataclass(frozen=True, slots=True)
class Code(Nested):
    """A file of one's own."""

    made: ClassVar[type] = Own
    function: str
    """What it must define."""

    def check(self, name: str, value: Any) -> None:
        """As `Own.check`."""
        if not isinstance(value, Own):
            raise SpecError(name, value, f"{name} is {value!r}; it must be the text of a file.")
        value.check(name, self.function)


@dataclass(frozen=True, slots=True)
class Label:
    """The word for a field whose name is not that."""

    word: str


Seed = Annotated[int, Whole(0, 2**32 - 1), "Of everything that is drawn."]
Device = Annotated[str, Where(), "auto, cpu, cuda, cuda:0 or mps."]
Precision = Annotated[
    str, Choice(PRECISIONS), "fp32, bf16, fp16, int8, nf4, nf4-dq, fp4 or fp4-dq."
]
Together = Annotated[int, Whole(1, 4096), "Problems, or training rows, computed together."]
Longest = Annotated[int, Whole(1, 32_768), "Where an answer is cut off."]
Votes = Annotated[int, Whole(1, 1000), "Samples of each problem.", Label("K")]
Adapter = Annotated[
    int | None, RunOf("sft", "adapter"), "Number of the sft run whose adapter is put on the model."
]
