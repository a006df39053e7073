"""Self-consistency: of K sampled answers the most frequent one, and how sure that makes us.

    s = (samples that agree with the answer) / K

Values come in as :mod:`engine.evaluation.answers` extracts them: canonical decimals, so that
``1,000`` and ``1000`` are one answer, and None where no number was found. A None counts in K and
can never win, so a model that rambles is unsure and not sure of nothing.

Wang et al., "Self-Consistency Improves Chain of Thought Reasoning in Language Models" (2022);
Yue et al., "Large Language Model Cascades with Mixture of Thoughts Representations" (2023).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vote:
    """What K samples of one problem say together."""

    answer: str | None
    """The most frequent valid value; None where no sample held one."""
    votes: int
    """How many samples gave `answer`."""
    samples: int
    """K: all samples that were looked at, the invalid ones too."""

    @property
    def confidence(self) -> float:
        """Votes over K, 0 to 1."""
        return self.votes / self.samples


def vote(values: Sequence[str | None]) -> Vote:
    """Let samples vote; the value seen first wins a tie.

    Args:
        values: One canonical value for each sample, in the order they were drawn.

    Raises:
        ValueError: There is no sample at all.
    """
    if not values:
        raise ValueError("a vote needs at least one sample")
    counts = Counter(value for value in values if value is not None)
    if not counts:
        return Vote(None, 0, len(values))
    answer, votes = counts.most_common(1)[0]  # equal counts keep the order of first sight
    return Vote(answer, votes, len(values))
