"""From problems to batches of prompts: the longest together, the longest first.

What shares a batch is padded to its longest prompt, so prompts of a length belong together. And
where memory is short, the first batch is the one that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from engine.data.problems import Problem
from engine.models.registry import messages

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class Batch:
    """Problems that are generated together."""

    index: int
    """0 upwards, in the order in which batches are generated."""
    problems: tuple[Problem, ...]
    prompts: tuple[tuple[int, ...], ...]
    """Token ids, one prompt a problem."""


def plan_batches(
    problems: Iterable[Problem],
    tokenizer: PreTrainedTokenizerBase,
    instruction: str = "",
    batch_size: int = 50,
) -> list[Batch]:
    """Cut problems into batches, longest prompts first; the same inputs give the same batches."""
    asked = [(problem, prompt(problem.question, tokenizer, instruction)) for problem in problems]
    asked.sort(key=lambda pair: -len(pair[1]))  # stable: equal lengths keep their order
    return [
        Batch(index, *map(tuple, zip(*asked[start : start + batch_size], strict=True)))
        for index, start in enumerate(range(0, len(asked), batch_size))
    ]


def prompt(
    question: str, tokenizer: PreTrainedTokenizerBase, instruction: str = ""
) -> tuple[int, ...]:
    """The token ids that ask a question, up to where the answer begins."""
    if tokenizer.chat_template:
        ids = tokenizer.apply_chat_template(
            messages(question, instruction), add_generation_prompt=True, return_dict=True
        )["input_ids"]
    else:  # a base model: the plainest frame that it may have seen
        asked = messages(question, instruction)[0]["content"]
        ids = tokenizer(f"Question: {asked}\nAnswer:")["input_ids"]
    return tuple(ids)


def padded(
    prompts: Sequence[Sequence[int]], pad: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids padded on the left, and 1 where there is a token; both (rows, longest)."""
    longest = max(map(len, prompts))
    ids = torch.tensor([[pad] * (longest - len(p)) + list(p) for p in prompts])
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
    return ids.to(device), mask.to(device)
