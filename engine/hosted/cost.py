"""The most that a request can cost in tokens, said before it is sent."""

from __future__ import annotations

TOKENS_PER_CHARACTER = 0.5
"""Of a prompt whose tokenizer is not known; English takes about half of that."""
FRAME_TOKENS = 24
"""Of the template around a prompt."""
ENOUGH = 8
"""Prompts after which the tokenizer is known well enough."""
MARGIN = 1.1
"""A prompt may take so much more than the densest one that was seen."""


class Cost:
    """Learns how many tokens a service counts for a prompt.

    An answer is always counted at its longest: `max_new_tokens` is what the service holds it to,
    while the mean of earlier answers promises nothing about the next one.
    """

    def __init__(self, max_new_tokens: int, counted: str) -> None:
        """Count for one run.

        Args:
            max_new_tokens: The longest answer that is allowed.
            counted: `both`, or `input` where answers do not count.
        """
        self._answer = max_new_tokens if counted == "both" else 0
        self._densest, self._seen = 0.0, 0

    def most(self, prompt: str) -> int:
        """The most tokens that this prompt and its answer can come to."""
        dense = self._densest * MARGIN
        if self._seen < ENOUGH:
            dense = max(dense, TOKENS_PER_CHARACTER)
        return int(dense * len(prompt)) + FRAME_TOKENS + self._answer

    def learn(self, prompt: str, tokens_in: int) -> None:
        """What the service counted for a prompt; 0 where it did not say."""
        if tokens_in:
            self._densest = max(self._densest, (tokens_in - FRAME_TOKENS) / len(prompt))
            self._seen += 1
