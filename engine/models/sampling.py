"""Batches of questions to answers, K samples a question from one prefill.

    batches = plan_batches(problems, tokenizer, instruction, batch_size=50)
    for batch in batches:
        samples = generate_batch(loaded, batch, k=5, temperature=0.7, top_p=0.9,
                                 max_new_tokens=200, seed=0)

The longest prompts go together, the longest first. A batch is prefilled once; then its keys and
values are copied K times, and all K x batch rows go on together until each has ended. Rows that
have ended are dropped as they add up.

Every (seed, problem, sample) has its own stream of random numbers, one a token: each draws by it
from its cumulative distribution. So a sample depends neither on which others share its batch, nor
on how many samples are drawn, beyond what rounding does; and the same batch gives the same again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from transformers.cache_utils import CacheLayerMixin

from engine.errors import EngineError
from engine.models.batches import Batch, padded, plan_batches, prompt
from engine.models.drawing import finite, pick, streams
from engine.models.kv_cache import roomy_cache, take_rows
from engine.models.loaded import Loaded

if TYPE_CHECKING:
    from transformers import DynamicCache, PreTrainedTokenizerBase

__all__ = ["Batch", "Sample", "end_tokens", "generate_batch", "plan_batches", "prompt"]

KEYS, STATE = "past_key_values", "cache_params"
"""How models call what they carry from token to token: attention's, or a state space model's."""
DROP_BELOW = 0.85
"""Ended rows are dropped once fewer than this share of the rows go on."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer to one problem."""

    problem_id: str
    sample: int
    """0 to K - 1."""
    text: str
    """What the model wrote, without its end marker."""
    tokens_in: int
    """Tokens of the prompt."""
    tokens_out: int
    """Tokens written, the end marker included."""
    cut_off: bool
    """Whether it was still writing when `max_new_tokens` were there."""


@torch.no_grad()  # not inference_mode: the model may be trained afterwards
def generate_batch(
    loaded: Loaded,
    batch: Batch,
    *,
    k: int = 1,
    temperature: float = 1.0,
    top_p: float = 1.0,
    max_new_tokens: int = 200,
    seed: int = 0,
    tick: Callable[[int], None] = lambda step: None,
) -> list[Sample]:
    """Answer a batch of problems.

    Args:
        loaded: The model.
        batch: From :func:`plan_batches`.
        k: Samples a problem.
        temperature: 0 takes the likeliest token each time.
        top_p: Draw from the likeliest tokens that together have this probability.
        max_new_tokens: Where an answer is cut off.
        seed: Of the random streams.
        tick: Called with the number of each token before it is drawn; it may raise, to leave.

    Returns:
        Problem by problem in the batch's order, each with its samples 0 to k - 1.

    Raises:
        EngineError: The model gives numbers that are not finite.
    """
    model, device = loaded.model, loaded.device
    ends = torch.tensor(sorted(end_tokens(loaded)), device=device)
    ids, mask = padded(batch.prompts, _pad_token(loaded), device)
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    cache = roomy_cache(model.config)
    named = _cache_name(loaded, cache)
    model = partial(model, **{named: cache})
    logits = _forward(model, ids, mask, positions)
    if k > 1:
        every = torch.arange(len(batch.problems), device=device).repeat_interleave(k)
        take_rows(cache, every)
    logits = logits.repeat_interleave(k, 0)
    mask = mask.repeat_interleave(k, 0)
    positions = positions[:, -1:].repeat_interleave(k, 0)
    total = len(batch.problems) * k
    written = torch.zeros(total, max_new_tokens, dtype=torch.long)
    lengths = torch.full((total,), max_new_tokens)
    ended = torch.zeros(total, dtype=torch.bool, device=device)
    rows = torch.arange(total, device=device)  # which of all rows each one still there is
    drawn_on = torch.device("cpu") if device.type == "mps" else device  # MPS has no fp64
    draws = None
    if temperature > 0:
        draws = torch.tensor(streams(batch.problems, k, seed, max_new_tokens), dtype=torch.float64)
        draws = draws.to(drawn_on)

    for step in range(max_new_tokens):
        tick(step)
        now = None if draws is None else draws[:, step]
        tokens = pick(logits.to(drawn_on), now, temperature, top_p).to(device)
        lost = (~(finite(logits) | ended)).sum()
        written[rows.cpu(), step] = tokens.cpu()
        newly = torch.isin(tokens, ends) & ~ended
        lengths[rows[newly].cpu()] = step + 1
        ended |= newly
        going, bad = torch.stack([(~ended).sum(), lost]).tolist()  # the one look at the device
        if bad:
            raise _not_finite(loaded, step)
        if not going or step + 1 == max_new_tokens:
            break
        if going < DROP_BELOW * len(rows):
            stay = (~ended).nonzero()[:, 0]
            take_rows(cache, stay)
            rows, ended, tokens = rows[stay], ended[stay], tokens[stay]
            mask, positions = mask[stay], positions[stay]
            draws = None if draws is None else draws[stay.to(drawn_on)]
        mask = torch.cat([mask, mask.new_ones(len(rows), 1)], -1)
        positions = positions + 1
        seen = mask[:, -1:] if named == STATE else mask  # a state holds what was, mask and all
        logits = _forward(model, tokens[:, None], seen, positions)
    return _samples(loaded.tokenizer, batch, k, written, lengths, ends.cpu())


def end_tokens(loaded: Loaded) -> set[int]:
    """The tokens that end an answer."""
    configured = getattr(loaded.model.generation_config, "eos_token_id", None)
    ends = {configured} if isinstance(configured, int) else set(configured or ())
    return ends | {loaded.tokenizer.eos_token_id} - {None}


def _pad_token(loaded: Loaded) -> int:
    pad = loaded.tokenizer.pad_token_id
    return min(end_tokens(loaded), default=0) if pad is None else pad


def _cache_name(loaded: Loaded, cache: DynamicCache) -> str:
    """How the model calls what it carries from token to token."""
    model = loaded.model
    within = model.get_base_model() if hasattr(model, "get_base_model") else model  # an adapter's
    takes = inspect.signature(type(within).forward).parameters
    if KEYS in takes and any(isinstance(layer, CacheLayerMixin) for layer in cache.layers):
        return KEYS
    if STATE in takes:
        return STATE
    raise EngineError(
        f"{loaded.record.name} is of the kind {model.config.model_type}, which carries its state "
        "from token to token in a way of its own.",
        "Choose another model: one with keys and values, linear attention, or of Mamba's kind.",
    )


def _forward(
    model: Any, ids: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor
) -> torch.Tensor:
    """The logits after the last token of each row."""
    return model(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        use_cache=True,
        logits_to_keep=1,
    ).logits[:, -1]


def _not_finite(loaded: Loaded, step: int) -> EngineError:
    """Drawn from, such a row would give any token; likeliest is its first, `!` for many models."""
    how = loaded.record
    where = f"after {step} tokens of an answer" if step else "after a question"
    way_out = (
        "Its activations overflow: choose a precision that computes in bf16 or fp32."
        if how.dtype == "fp16"
        else f"{how.dtype} does not overflow so: its weights, or its adapter's, hold such numbers."
    )
    what = f"{how.name} in {how.precision} gives numbers that are not finite, {where}."
    return EngineError(what, way_out)


def _samples(
    tokenizer: PreTrainedTokenizerBase,
    batch: Batch,
    k: int,
    written: torch.Tensor,
    lengths: torch.Tensor,
    ends: torch.Tensor,
) -> list[Sample]:
    samples = []
    for row, tokens in enumerate(written):
        problem, ids = batch.problems[row // k], tokens[: lengths[row]]
        cut_off = not bool(torch.isin(ids[-1], ends))
        text = tokenizer.decode(ids if cut_off else ids[:-1], skip_special_tokens=True)
        samples.append(
            Sample(problem.id, row % k, text, len(batch.prompts[row // k]), len(ids), cut_off)
        )
    return samples
