"""How surprised a model is by right answers: perplexity, the exponential of the mean loss a token.

1 would be certainty; a model that guesses among n equally likely tokens has perplexity n.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import TYPE_CHECKING

import torch

from engine.data.problems import Problem
from engine.models.registry import messages

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

IGNORED = -100
"""The label of tokens that are not scored, as in transformers."""


def rows(
    problems: Sequence[Problem], tokenizer: PreTrainedTokenizerBase
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and labels of questions in chat with their gold answers, both (problems, length).

    Rows are filled up on the right; only the answers' tokens, their end among them, have labels.
    """
    pairs = []
    for problem in problems:
        given = tokenizer.apply_chat_template(
            messages(problem.question), add_generation_prompt=True, return_dict=False
        )
        answer = tokenizer(problem.answer + tokenizer.eos_token)["input_ids"]
        pairs.append((given, answer))
    length = max(len(given) + len(answer) for given, answer in pairs)
    ids = torch.full((len(pairs), length), tokenizer.pad_token_id)
    labels = torch.full((len(pairs), length), IGNORED)
    for row, (given, answer) in enumerate(pairs):
        end = len(given) + len(answer)
        ids[row, :end] = torch.tensor(given + answer)
        labels[row, len(given) : end] = torch.tensor(answer)
    return ids, labels


@torch.no_grad()
def perplexity(model: PreTrainedModel, ids: torch.Tensor, labels: torch.Tensor) -> float:
    """Perplexity of the tokens that have labels.

    What fills a row up stands after all that is scored, so a causal model never sees it.

    Args:
        model: A causal language model.
        ids: (rows, length).
        labels: The same, and :data:`IGNORED` where a token is not scored.
    """
    logits = model(input_ids=ids).logits[:, :-1].float()
    loss = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED
    )
    return exp(loss.item())
