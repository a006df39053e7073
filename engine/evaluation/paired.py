"""Two sets of answers to the same problems: which is better, and is the difference more than noise.

Only problems that one gets right and the other wrong tell them apart. With `lost` of them right by
the first alone and `gained` right by the second alone, and no true difference, `gained` is binomial
with n = lost + gained and 1/2; the exact two-sided p is

    p = min(1, 2 * P(X <= min(lost, gained)))                       McNemar (1947), exact

The 95% interval of the difference is method 10 of Newcombe, "Improved confidence intervals for the
difference between binomial proportions based on paired data", Statistics in Medicine 17 (1998):
the Wilson intervals of both shares, squared and added with their correlation phi, of which half a
problem's worth is taken off where it is positive. The test decides; near p = 0.05 the interval may
leave 0 out where the test does not, or the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from engine.evaluation.statistics import Score, share

LEVEL = 0.05
"""A p under this is taken for a difference."""
TEST = "exact McNemar test, two-sided"
INTERVAL = "Newcombe's method 10"


@dataclass(frozen=True, slots=True)
class Paired:
    """How two sets of answers to the same problems came out."""

    both: int
    """Problems that both get right."""
    lost: int
    """Right by the first alone."""
    gained: int
    """Right by the second alone."""
    neither: int
    """Wrong in both."""

    def __post_init__(self) -> None:
        """Raise ValueError for a negative count, or no problem at all."""
        counts = (self.both, self.lost, self.gained, self.neither)
        if min(counts) < 0 or not any(counts):
            raise ValueError(f"{counts} is no table of problems")

    @property
    def n(self) -> int:
        """How many problems."""
        return self.both + self.lost + self.gained + self.neither

    @property
    def first(self) -> Score:
        """The first's exact match, with its Wilson interval."""
        return share(self.both + self.lost, self.n)

    @property
    def second(self) -> Score:
        """The second's exact match, with its Wilson interval."""
        return share(self.both + self.gained, self.n)

    @property
    def difference(self) -> float:
        """The second's exact match less the first's, -1 to 1."""
        return (self.gained - self.lost) / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the difference."""
        return newcombe(self.both, self.lost, self.gained, self.neither)

    @property
    def p(self) -> float:
        """How often two that are equally good differ so much or more, 0 to 1."""
        return mcnemar(self.lost, self.gained)

    @property
    def within_noise(self) -> bool:
        """Whether the test finds no difference: p is 0.05 or more."""
        return self.p >= LEVEL

    def as_dict(self) -> dict:
        """For JSON, with what follows from the counts and the names of the methods."""
        low, high = self.interval
        return {
            "n": self.n,
            "both": self.both,
            "lost": self.lost,
            "gained": self.gained,
            "neither": self.neither,
            "difference": self.difference,
            "low": low,
            "high": high,
            "interval": INTERVAL,
            "p": self.p,
            "test": TEST,
            "within_noise": self.within_noise,
        }


def paired(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Count how two sets of judgements came out.

    Args:
        first: Whether each problem was got right.
        second: The same of the other, problem by problem.

    Raises:
        ValueError: They are not equally long, or empty.
    """
    pairs = [(bool(a), bool(b)) for a, b in zip(first, second, strict=True)]
    return Paired(
        both=pairs.count((True, True)),
        lost=pairs.count((True, False)),
        gained=pairs.count((False, True)),
        neither=pairs.count((False, False)),
    )


def mcnemar(lost: int, gained: int) -> float:
    """The exact two-sided p of McNemar's test; 1 where nothing differs."""
    n = lost + gained
    ways = tail = 1  # ways to choose k of n, and their sum up to k; whole numbers, so exact
    for k in range(min(lost, gained)):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / 2**n)


def newcombe(both: int, lost: int, gained: int, neither: int) -> tuple[float, float]:
    """The 95% interval of the second share less the first, by Newcombe's method 10.

    Args:
        both: Right in both.
        lost: Right in the first alone.
        gained: Right in the second alone.
        neither: Wrong in both.
    """
    n = both + lost + gained + neither
    first, second = share(both + lost, n), share(both + gained, n)
    phi = _phi(both, lost, gained, neither)
    down_second, up_second = second.em - second.low, second.high - second.em
    down_first, up_first = first.em - first.low, first.high - first.em
    difference = (gained - lost) / n
    return (
        difference - _added(down_second, up_first, phi),
        difference + _added(up_second, down_first, phi),
    )


def _added(a: float, b: float, phi: float) -> float:
    # the sum under the root is that of (a - b)**2 and a remainder >= 0, but for rounding
    return sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))


def _phi(both: int, lost: int, gained: int, neither: int) -> float:
    """The correlation of the two, -1 to 1, corrected for continuity where it is positive."""
    margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
    if not margins:
        return 0.0
    product = both * neither - lost * gained
    if product > 0:
        product = max(0.0, product - (both + lost + gained + neither) / 2)
    return product / sqrt(margins)
