"""Asking a built-in model in plain text, past its chat manners.

In chat, acorn blurts out a number. As the continuation of a text it works problems out, a skill
that fine-tuning brings into its chat; so this is what shows, before anything is trained, how a
student's samples agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.data.corpus import TEXT
from engine.data.problems import Problem
from engine.models.loaded import Loaded
from engine.models.sampling import Batch, Sample, generate_batch

MOST_TOKENS = 120
"""Worked answers up to level 3 are shorter."""


def draw(
    loaded: Loaded,
    problems: Sequence[Problem],
    *,
    k: int,
    temperature: float,
    top_p: float = 1.0,
    seed: int = 0,
    batch_size: int = 50,
    tick: Callable[[int, int], None] = lambda batch, step: None,
) -> list[tuple[Sample, ...]]:
    """K answers to each problem, each asked as a text to be continued.

    Args:
        loaded: A built-in model; others were never shown this frame.
        problems: What is asked.
        k: Samples of each.
        temperature: As in `generate_batch`.
        top_p: As in `generate_batch`.
        seed: Of the random streams.
        batch_size: Problems that are generated together.
        tick: Called before each token with the batch and the token's number; it may raise.

    Returns:
        The samples of each problem, in the order of the problems.
    """
    found: list[tuple[Sample, ...]] = []
    for index, start in enumerate(range(0, len(problems), batch_size)):
        part = tuple(problems[start : start + batch_size])
        texts = (loaded.tokenizer(TEXT.format(question=each.question)) for each in part)
        batch = Batch(index, part, tuple(tuple(text["input_ids"]) for text in texts))
        drawn = generate_batch(
            loaded,
            batch,
            k=k,
            temperature=temperature,
            top_p=top_p,
            max_new_tokens=MOST_TOKENS,
            seed=seed,
            tick=lambda step, index=index: tick(index, step),
        )
        found += [tuple(drawn[at : at + k]) for at in range(0, len(drawn), k)]
    return found
