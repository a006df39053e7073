"""Exact match of greedy answers, asked and judged in this process.

    exact_match_of(load("acorn", "nf4-dq"), problems).em

For a lab or a plain Python prompt; the run `evaluate` does the same and keeps every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.data.problems import Problem
from engine.evaluation.answers import judge
from engine.evaluation.statistics import Score, exact_match
from engine.models.loaded import Loaded
from engine.models.sampling import Sample, generate_batch, plan_batches

Tell = Callable[[int, int], None]
"""`tell(done, total)` in problems; it may raise, to leave."""


def exact_match_of(
    loaded: Loaded,
    problems: Sequence[Problem],
    *,
    max_new_tokens: int = 100,
    batch_size: int = 100,
    tell: Tell = lambda done, total: None,
) -> Score:
    """Ask a model every problem once, greedily, and score it.

    Args:
        loaded: The model.
        problems: At least one; their ids differ.
        max_new_tokens: Where an answer is cut off.
        batch_size: Problems generated together.
        tell: Told how far it is, before every token.

    Raises:
        ValueError: There is no problem.
    """
    samples: list[Sample] = []
    for batch in plan_batches(problems, loaded.tokenizer, loaded.source.instruction, batch_size):

        def tick(token: int, answered: int = len(samples)) -> None:
            tell(answered, len(problems))

        samples += generate_batch(
            loaded, batch, temperature=0.0, max_new_tokens=max_new_tokens, tick=tick
        )
    return exact_match(are_right(samples, problems))


def are_right(samples: Iterable[Sample], problems: Iterable[Problem]) -> list[bool]:
    """Whether each sample's number is the gold one of its problem."""
    gold = {each.id: each.gold for each in problems}
    return [judge(each.text, gold[each.problem_id]).correct for each in samples]
