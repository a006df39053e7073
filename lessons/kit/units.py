"""Units of the course, by pint.

The registry is small and our own: in pint's, a bit is a plain number, `M` is molar and `b` a barn.
Here information is a dimension, so that 8 and 8 bits are told apart; a count (parameters, tokens)
is a plain number, so that bits a parameter are bits.

pint takes most of a second to import, so it is imported when the first unit is read. `warm_up`
does that ahead of time, from a thread if need be.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from threading import Lock

DEFINITIONS = """
kilo- = 1e3 = k- = K-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
peta- = 1e15 = P-
kibi- = 2**10 = Ki-
mebi- = 2**20 = Mi-
gibi- = 2**30 = Gi-
tebi- = 2**40 = Ti-
pebi- = 2**50 = Pi-
bit = [information] = bit = b
byte = 8 * bit = B
second = [time] = s = sec
millisecond = 1e-3 * second = ms
microsecond = 1e-6 * second = us
minute = 60 * second = min
hour = 3600 * second = h
day = 86400 * second
dollar = [money] = $ = USD
cent = 1e-2 * dollar
percent = 1e-2 = %
thousand = 1e3
million = 1e6
billion = 1e9
trillion = 1e12
parameter = 1 = param = params
weight = 1
token = 1
number = 1
value = 1
element = 1
block = 1
integer = 1
level = 1
step = 1
"""
AMBIGUOUS = {
    f"{prefix}b": f"{shown}B (bytes) or {shown}bit (bits)"
    for prefix, shown in zip(
        "k m g t ki mi gi ti".split(), "k M G T Ki Mi Gi Ti".split(), strict=True
    )
}
"""What people write for bytes and mean, and what strictly is bits or nothing."""
KNOWN = "bit, byte, kB, MB, GB, KiB, MiB, GiB, %"
"""What is said to be known; there is more in DEFINITIONS."""
_FIRST = Lock()


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
        return self.dimension == (("information", 1),)


@cache
def named(name: str) -> Unit:
    """The unit of a name: `GiB`, `bits`, `%`.

    Raises:
        UnknownUnit: There is none, or the name could mean two.
    """
    if name in AMBIGUOUS:
        raise UnknownUnit(f"{name} could be {AMBIGUOUS[name]}: write which.")
    with _FIRST:
        registry = _registry()
        spellings = [name]
        if len(name) > 3:  # a short name's capitals mean something: kB, Kb
            spellings += [name.replace("Byte", "byte").replace("Bit", "bit"), name.lower()]
        found = next((each for each in spellings if each in registry), None)
        if found is None:
            raise UnknownUnit(f"{name} is neither a number nor a unit known here ({KNOWN}).")
        base = registry.Quantity(Fraction(1), found).to_root_units()
        dimension = sorted(
            (key.strip("[]"), int(power)) for key, power in base.dimensionality.items()
        )
        symbol = f"{registry.Unit(found):~}" or name
    return Unit(Fraction(base.magnitude), tuple(dimension), symbol)


def warm_up() -> None:
    """Import pint and read the definitions, so that the first unit is read at once."""
    named("byte")


@cache
def _registry():
    import pint

    return pint.UnitRegistry(DEFINITIONS.strip().splitlines(), non_int_type=Fraction)
