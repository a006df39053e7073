"""Units of the course: a closed table of names, so that nothing typed meets anybody's parser.

Information is a dimension, so that 8 and 8 bits are told apart; a count (parameters, votes) is a
plain number, so that bits a parameter are bits. A point is a hundredth, as percent is.

    named("GiB").factor            8589934592 bits
    loosely("B", unit_of("billion"))   10^9, where a billion of something is asked for
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

INFORMATION, TIME, MONEY = ((("information", 1),), (("time", 1),), (("money", 1),))
_DECIMAL = {"k": 3, "M": 6, "G": 9, "T": 12, "P": 15}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50}
_LONG = {"kilo": "k", "mega": "M", "giga": "G", "tera": "T", "peta": "P"} | {
    "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti", "pebi": "Pi"
}  # fmt: skip
_SIMPLE = (
    (Fraction(1), TIME, "s", "s sec secs second seconds"),
    (Fraction(1, 10**3), TIME, "ms", "ms msec millisecond milliseconds"),
    (Fraction(1, 10**6), TIME, "us", "us µs microsecond microseconds"),
    (Fraction(60), TIME, "min", "min mins minute minutes"),
    (Fraction(3600), TIME, "h", "h hr hrs hour hours"),
    (Fraction(86400), TIME, "day", "d day days"),
    (Fraction(1), MONEY, "$", "$ USD dollar dollars"),
    (Fraction(1, 100), MONEY, "cent", "¢ cent cents"),
    (Fraction(1, 100), (), "%", "% pct percent"),
    (Fraction(1, 100), (), "point", "point points pp"),
    (Fraction(10**3), (), "thousand", "thousand thousands"),
    (Fraction(10**6), (), "million", "million millions mio"),
    (Fraction(10**9), (), "billion", "billion billions bn"),
    (Fraction(10**12), (), "trillion", "trillion trillions"),
)
"""Factor, dimension, symbol, and all ways to write it."""
COUNTED = (
    "answer batch block candle channel element epoch error integer layer level number param "
    "parameter pattern policy problem product question request row sample scale step tok token "
    "value vote weight"
).split()
"""What the course counts; behind a number each of them changes nothing."""
_MODIFYING = ("percentage", "standard", "trained")
"""What may stand between a number and what is counted: percentage points, standard errors."""
_SIZES = {"k": 3, "K": 3, "M": 6, "B": 9, "b": 9, "G": 9, "T": 12}
"""Powers of ten that a bare letter stands for, as in 7B."""
AMBIGUOUS = {
    f"{prefix}b": f"{shown}B (bytes) or {shown}bit (bits)"
    for prefix, shown in zip(
        "k m g t ki mi gi ti".split(), "k M G T Ki Mi Gi Ti".split(), strict=True
    )
}
"""What people write for bytes and mean, and what strictly is bits or nothing."""
KNOWN = "bit, byte, kB, MB, GB, KiB, MiB, GiB, %, min, h, $"
"""What is said to be known; there is more in the table."""


class UnknownUnit(Exception):
    """No unit of that name; the words say what there is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit, or a product of several."""

    factor: Fraction
    """How many of the base units (bit, second, dollar, one) it is."""
    dimension: tuple[tuple[str, int], ...] = ()
    """Powers of the base dimensions; () for a plain number."""
    symbol: str = ""
    """As it is shown behind a number: `GiB`."""

    @property
    def informs(self) -> bool:
        """Whether it counts bits or bytes, and nothing else."""
        return self.dimension == INFORMATION

    @property
    def sizes(self) -> bool:
        """Whether it is a number's size: a thousand, a million, a billion."""
        return not self.dimension and self.factor >= 1000

    @property
    def counts(self) -> bool:
        """Whether it says what is counted, and changes no number."""
        return not self.dimension and self.factor == 1


def named(name: str) -> Unit:
    """The unit of a name: `GiB`, `bits`, `%`.

    Raises:
        UnknownUnit: There is none, or the name could mean two.
    """
    if name in AMBIGUOUS:
        raise UnknownUnit(f"{name} could be {AMBIGUOUS[name]}: write which.")
    table = _table()
    found = table.get(name)
    if found is None and len(name) > 3:  # a short name's capitals mean something: kB, Kb
        bytes_or_bits = name.replace("Byte", "byte").replace("Bit", "bit")
        found = table.get(bytes_or_bits) or table.get(name.lower())
    if found is None:
        raise UnknownUnit(f"{name} is neither a number nor a unit known here ({KNOWN}).")
    return found


def loosely(name: str, asked: Unit) -> Unit | None:
    """What a letter can only mean where `asked` is: `7B` parameters, `72 G` of GB, `90 m` of hours.

    None where it is no such letter; the strict reading of `named` goes before it.
    """
    if asked.informs and name not in ("B", "b"):
        if asked.symbol[:1] == name:
            return asked
        behind = "bit" if asked.symbol.endswith(("bit", "bits")) else "B"
        return _table().get(f"{name}{behind}") if name in {**_DECIMAL, **_BINARY, "K": 3} else None
    if asked.dimension == TIME and name == "m":
        return named("min")
    return Unit(Fraction(10 ** _SIZES[name])) if name in _SIZES else None


def many(name: str) -> str:
    """The name of a unit, for several of them: `bytes`, `GB`, `percent`, `tokens/second`."""
    each, slash, per = name.partition("/")
    kind, space, last = each.rpartition(" ")
    if slash or space:
        return f"{kind}{space}{many(last)}{slash}{per}"
    if name not in ("bit", "byte", "minute", "dollar", "cent", "point", "day", *COUNTED):
        return name
    if name.endswith("y") and name != "day":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("ch") else f"{name}s"


@cache
def _table() -> dict[str, Unit]:
    """Every name there is."""
    found: dict[str, Unit] = {}
    for factor, dimension, symbol, names in _SIMPLE:
        found |= dict.fromkeys(names.split(), Unit(factor, dimension, symbol))
    for word in (*COUNTED, *_MODIFYING):
        unit = Unit(Fraction(1), (), word if word in COUNTED else "")
        found |= {word: unit, many(word): unit}
    prefixes = {"": 1} | {each: 10**n for each, n in _DECIMAL.items()}
    prefixes |= {each: 2**n for each, n in _BINARY.items()}
    spelled = {prefix: [prefix] for prefix in prefixes} | {"k": ["k", "K"]}
    for long, short in _LONG.items():
        spelled[short].append(long)
    for prefix, size in prefixes.items():
        for bits, symbol, names in ((1, "bit", "b bit bits"), (8, "B", "B byte bytes")):
            unit = Unit(Fraction(bits * size), INFORMATION, prefix + symbol)
            found |= {f"{each}{name}": unit for each in spelled[prefix] for name in names.split()}
    return found
