"""What tokens cost: a table of prices that belongs to the learner.

It is a small TOML file in the home folder, read when a cascade is submitted, so that an edit shows
in the next cascade and never changes the record of an old one. Where there is no file, the
defaults below hold. They are assumptions, each with its source and date in `DEFAULTS`: prices
move, and oak, which runs on this machine, is billed as the hosted model whose part it plays.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import EngineError
from engine.settings_file import read_settings, write_whole

FILE = "prices.toml"
"""The table's name in the home folder."""

DEFAULTS = """\
# Dollars per million tokens, in and out. Change them, then run a cascade again.
# A model that is not listed costs what `default` says. Samples of the student cost no money.

[default]       # as a small open model costs when it is hosted
input = 0.13    # gemma-4-31b-it at DeepInfra, as model lists quoted it in 2026
output = 0.38

[models.oak]    # it runs here for nothing; it is billed as the teacher whose part it plays
input = 0.13
output = 0.38

[models."gemma-3-27b-it"]           # the model of the original tutorial
input = 0.08                        # DeepInfra, as model lists quoted it in 2026
output = 0.16

[models."gemma-4-31b-it"]           # its successor
input = 0.13                        # DeepInfra, as model lists quoted it in 2026
output = 0.38

[models."gemini-2.5-flash-lite"]
input = 0.10                        # Google's price list, paid tier, as quoted in January 2026
output = 0.40
"""


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars per million tokens of one model."""

    input: float = 0.13
    """For tokens read: the prompt."""
    output: float = 0.38
    """For tokens written: the answer."""

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """Dollars for so many tokens."""
        return (tokens_in * self.input + tokens_out * self.output) / 1e6


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by model, and one for every model that is not listed."""

    default: Prices
    models: Mapping[str, Prices] = field(default_factory=dict)

    def of(self, model: str) -> Prices:
        """The price of a model, by its name: whole, without its provider, or without its owner."""
        hosted = model.partition(":")[2]
        for name in (model, hosted, model.rsplit("/", 1)[-1]):
            if name in self.models:
                return self.models[name]
        return self.default


def read(folder: Path | None = None) -> PriceTable:
    """The learner's table in `folder`, or the defaults where there is none.

    Raises:
        EngineError: The file is no TOML, or a price is missing or no number from 0 up.
    """
    path = folder / FILE if folder else None
    if path is None or not path.exists():
        return _table(tomllib.loads(DEFAULTS), "the default prices")
    return _table(read_settings(path, _WAY_OUT), str(path))


def write_defaults(folder: Path) -> Path:
    """Put the default table into `folder` to be edited; a table that is there stays as it is."""
    path = folder / FILE
    if not path.exists():
        write_whole(path, DEFAULTS)
    return path


_WAY_OUT = "Mend it, or delete it to have the default prices again."


def _table(raw: dict, where: str) -> PriceTable:
    if not isinstance(raw.get("models", {}), dict):
        raise EngineError(f"{where}: `models` is no table.", _WAY_OUT)
    default = _prices(raw["default"], where, "default") if "default" in raw else Prices()
    listed = raw.get("models", {}).items()
    return PriceTable(default, {name: _prices(row, where, name) for name, row in listed})


def _prices(row: object, where: str, name: str) -> Prices:
    found = {side: row.get(side) if isinstance(row, dict) else None for side in ("input", "output")}
    for side, price in found.items():
        number = isinstance(price, int | float) and not isinstance(price, bool)
        if not number or not math.isfinite(price) or price < 0:
            said = "is missing" if price is None else f"is {price!r}"
            what = f"{where}: the {side} price of {name} {said}; it must be a number from 0 up."
            raise EngineError(what, _WAY_OUT)
    return Prices(**{side: float(price) for side, price in found.items()})
