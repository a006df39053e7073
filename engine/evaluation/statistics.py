"""How sure a score is.

With n problems of which k are right, the Wilson score interval holds every true accuracy p for
which k/n lies within z standard errors of p:

    centre = (k + z^2/2) / (n + z^2)        half = z / (n + z^2) * sqrt(k(n - k)/n + z^2/4)

Unlike k/n +- z sqrt(...), it never leaves [0, 1] and is not empty at k = 0 or k = n.
Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""Two-sided 95% of the standard normal."""


@dataclass(frozen=True, slots=True)
class Score:
    """The share of right answers, with its 95% interval."""

    em: float
    """Exact match, 0 to 1."""
    n: int
    """How many problems."""
    low: float
    """Lower end of the Wilson interval."""
    high: float
    """Upper end of the Wilson interval."""


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The interval of the true share when k of n are right.

    Args:
        k: Right answers, 0 to n.
        n: Problems, at least 1.
        z: Standard errors on either side; the default gives 95%.

    Raises:
        ValueError: n is under 1, or k lies outside 0 to n.
    """
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(k * (n - k) / n + z * z / 4)
    # at k = 0 and k = n the ends are exactly 0 and 1; rounding would leave 1e-17 beside them
    return (0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half)


def share(k: int, n: int) -> Score:
    """Score k right answers of n. Raises ValueError as `wilson` does."""
    low, high = wilson(k, n)
    return Score(k / n, n, low, high)


def exact_match(right: Sequence[bool]) -> Score:
    """Score a list of judgements.

    Raises:
        ValueError: The list is empty.
    """
    return share(sum(map(bool, right)), len(right))
