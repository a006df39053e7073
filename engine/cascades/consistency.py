"""What the agreement of K samples is worth: chances, errors and a table of reliability.

    vote_right(0.6, 3)         0.648    three samples, each right with 0.6: the vote is right
    pass_at(10, 3, 2)          0.533    at least one of 2 samples is right, from 3 right in 10
    share_error(0.6, 5)        0.219    the standard error of a share of votes

Pure Python, and exact: sums over all counts, no simulation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import comb, factorial, sqrt


@dataclass(frozen=True, slots=True)
class Bin:
    """All problems with one confidence."""

    confidence: float
    problems: int
    right: int
    """How many of their voted answers are right."""

    @property
    def accuracy(self) -> float:
        """The share that is right; of a calibrated confidence, it equals the confidence."""
        return self.right / self.problems


def reliability(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Problems by confidence, the surest first.

    Args:
        judged: For each problem the confidence of its vote, and whether the vote is right.
    """
    counts: dict[float, list[int]] = {}
    for confidence, right in judged:
        count = counts.setdefault(confidence, [0, 0])
        count[0] += 1
        count[1] += bool(right)
    return [Bin(each, *counts[each]) for each in sorted(counts, reverse=True)]


def calibration_error(bins: Iterable[Bin]) -> float:
    """How far confidence is from accuracy: the mean of |accuracy - confidence| over problems.

    Guo et al., "On Calibration of Modern Neural Networks" (2017), with a bin for each share.

    Raises:
        ValueError: There is no problem.
    """
    bins = list(bins)
    total = sum(each.problems for each in bins)
    if not total:
        raise ValueError("no problem, no calibration")
    return sum(each.problems * abs(each.accuracy - each.confidence) for each in bins) / total


def share_error(share: float, k: int) -> float:
    """The standard error of a share of K votes, sqrt(s(1 - s)/K).

    Raises:
        ValueError: `share` is no share, or k is under 1.
    """
    if not 0 <= share <= 1 or k < 1:
        raise ValueError(f"{share} of {k} votes is no share")
    return sqrt(share * (1 - share) / k)


def pass_at(n: int, right: int, k: int) -> float:
    """The chance that k samples hold a right one, when `right` of n drawn samples are right.

    Drawn without putting back, 1 - C(n - right, k) / C(n, k), which has no bias.
    Chen et al., "Evaluating Large Language Models Trained on Code" (2021).

    Raises:
        ValueError: More are right than were drawn, or k is not 1 to n.
    """
    if not 0 <= right <= n or not 1 <= k <= n:
        raise ValueError(f"{k} samples from {n}, {right} of them right, cannot be")
    return 1 - comb(n - right, k) / comb(n, k)


@lru_cache(maxsize=10_000)
def vote_right(p: float, k: int, rivals: int = 1) -> float:
    """The chance that the right answer wins a vote of k independent samples.

    Each sample is right with probability p; else it is one of `rivals` wrong answers, each as
    likely as the others. A tie is broken by lot. With one rival this is the binomial chance of a
    majority; with more of them the right answer can win with far less than half of the votes.

    Raises:
        ValueError: p is no probability, or k or rivals is under 1.
    """
    if not 0 <= p <= 1 or k < 1 or rivals < 1:
        raise ValueError(f"no vote of {k} samples has p = {p} and {rivals} rivals")
    chance = 0.0
    for votes in range(1, k + 1):
        others = k - votes
        wins = _wins(votes, others, rivals) * factorial(others) / rivals**others
        chance += comb(k, votes) * p**votes * (1 - p) ** others * wins
    return chance


@lru_cache(maxsize=10_000)
def _wins(votes: int, others: int, rivals: int) -> float:
    """Ways to deal `others` votes to the rivals so that none has more than `votes`, over others!.

    Where t rivals have just as many, the right answer wins one time in t + 1. The coefficient of
    x^others in the sum over t of C(rivals, t) (x^votes / votes!)^t (sum of x^i / i!)^(rivals - t).
    """
    below = [1 / factorial(i) for i in range(min(votes, others + 1))]
    powers = [[1.0]]
    for _ in range(rivals):
        powers.append(_times(powers[-1], below, others))
    total = 0.0
    for tied in range(min(rivals, others // votes) + 1):
        rest, power = others - tied * votes, powers[rivals - tied]
        if rest < len(power):
            total += comb(rivals, tied) * power[rest] / factorial(votes) ** tied / (tied + 1)
    return total


def _times(a: list[float], b: list[float], most: int) -> list[float]:
    """The product of two polynomials, without powers above `most`."""
    product = [0.0] * min(len(a) + len(b) - 1, most + 1)
    for i, left in enumerate(a):
        for j, right in enumerate(b[: len(product) - i]):
            product[i + j] += left * right
    return product
