"""A teacher that runs on this machine: any model that `engine.models.loading` loads.

What is asked together is generated as one batch, in pieces where memory asks for it. The first time
it answers greedily; a question that it failed is asked again with a little chance, since greedily
it would fail the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.data.problems import Problem
from engine.models.batches import Batch
from engine.models.loaded import Loaded
from engine.models.pieces import Tell, in_pieces
from engine.models.sampling import Sample, generate_batch, plan_batches
from engine.teachers.distill import AGAIN, Answer, Failure, Reply


@dataclass(frozen=True, slots=True)
class LocalTeacher:
    """Answers with a loaded model."""

    loaded: Loaded
    max_new_tokens: int
    """Where an answer is cut off, and so a failure."""
    seed: int
    tick: Callable[[int], None] = lambda token: None
    """Called with every token; what it raises ends the asking, with nothing said."""
    at_most: Callable[[], int | None] = lambda: None
    """How many questions at once, if fewer than it is handed."""
    tell: Tell = lambda together, fallback: None
    """Told where memory asks for fewer."""
    make_room: Callable[[], bool] = lambda: False
    """Frees what else holds memory; whether there was anything."""

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """All questions in one batch, so all replies come together.

        Raises:
            NotEnoughMemory: For a single question.
        """
        model = self.loaded
        [batch] = plan_batches(
            problems, model.tokenizer, model.source.instruction, batch_size=len(problems)
        )

        def generate(piece: Batch) -> list[Sample]:
            return generate_batch(
                model,
                piece,
                **(AGAIN if tries else {"temperature": 0.0}),
                max_new_tokens=self.max_new_tokens,
                seed=self.seed + tries,
                tick=self.tick,
            )

        together = self.at_most() or len(problems)
        samples = in_pieces(generate, batch, together, self.tell, self.make_room)
        yield [self._reply(sample) for sample in samples]

    def _reply(self, sample: Sample) -> Reply:
        if sample.cut_off:
            return Failure(sample.problem_id, f"cut off at {self.max_new_tokens} tokens")
        if not sample.text.strip():
            return Failure(sample.problem_id, "empty")
        return Answer(sample.problem_id, sample.text, sample.tokens_in, sample.tokens_out)
