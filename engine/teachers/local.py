"""A teacher that runs on this machine: any model that `engine.models.loading` loads.

What is asked together is generated as one batch. The first time it answers greedily; a question
that it failed is asked again with a little chance, since greedily it would fail the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.data.problems import Problem
from engine.models.loaded import Loaded
from engine.models.sampling import Sample, generate_batch, plan_batches
from engine.teachers.distill import Answer, Failure, Reply

TEMPERATURE = 0.7
TOP_P = 0.95
"""How a question is asked again."""


@dataclass(frozen=True, slots=True)
class LocalTeacher:
    """Answers with a loaded model."""

    loaded: Loaded
    instruction: str
    """Appended to each question; empty for a model that knows the format."""
    max_new_tokens: int
    """Where an answer is cut off, and so a failure."""
    seed: int

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """All questions in one batch, so all replies come together."""
        for batch in plan_batches(
            list(problems), self.loaded.tokenizer, self.instruction, len(problems)
        ):
            samples = generate_batch(
                self.loaded,
                batch,
                temperature=TEMPERATURE if tries else 0.0,
                top_p=TOP_P if tries else 1.0,
                max_new_tokens=self.max_new_tokens,
                seed=self.seed + tries,
            )
            yield [self._reply(sample) for sample in samples]

    def _reply(self, sample: Sample) -> Reply:
        if sample.cut_off:
            return Failure(sample.problem_id, f"cut off at {self.max_new_tokens} tokens")
        if not sample.text.strip():
            return Failure(sample.problem_id, "empty")
        return Answer(sample.problem_id, sample.text, sample.tokens_in, sample.tokens_out)
