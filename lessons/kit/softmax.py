"""The softmax of a few numbers, for questions.

    softmax([2, 1, 0])         0.665, 0.245, 0.090
    softmax([2, 1, 0], 2)      0.506, 0.307, 0.186

A low temperature makes differences larger, a high one levels them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp


def softmax(logits: Sequence[float], temperature: float = 1) -> list[float]:
    """Shares that sum to 1: exp(logit / temperature), each divided by the sum of all.

    Args:
        logits: Of everyday size: exp is taken of them as they are.
        temperature: Above 0.
    """
    powers = [exp(each / temperature) for each in logits]
    return [each / sum(powers) for each in powers]
