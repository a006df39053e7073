"""Room for a training: the loss in pieces, and activations kept or computed again.

Decided once the rows are known, by `engine.numerics.budget` as a forecast is, and noted in the
run's record, so that what was foreseen can be held against what it took.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from trl.kernels import chunked_logprob
from trl.trainer import utils as trl_utils

from engine import heap, machine_probe
from engine.errors import NotEnoughMemory
from engine.models.memory import spoken
from engine.numerics.budget import PIECE
from engine.runs import death
from engine.training.budget import training_budget

if TYPE_CHECKING:
    from engine.models.loaded import Loaded
    from engine.runs.record import Recorder
    from engine.training.resume import ResumableTrainer
    from engine.training.settings import LoraSettings

MOST_TOKENS = chunked_logprob.TOKEN_CHUNK_SIZE
"""Tokens of a piece of the loss as TRL has it."""


class NoRoom(NotEnoughMemory):
    """So many rows together have no room, by the estimate."""


def loss_in_pieces(vocabulary: int, device: str) -> None:
    """Have TRL compute the loss of so many tokens at once that `PIECE` logits are held.

    Its own 4,096 tokens are made for its kernel for cards, which holds a logit once and in bf16.
    Elsewhere it holds nine in fp32: 4.8 GB for 32,768 tokens of a vocabulary.
    """
    columns = min(vocabulary, trl_utils._CHUNKED_LOGPROB_CHUNK_SIZE)
    tokens = MOST_TOKENS
    if not (chunked_logprob._TRITON_AVAILABLE and device == "cuda"):
        tokens = min(MOST_TOKENS, max(1, PIECE // columns))
    chunked_logprob.TOKEN_CHUNK_SIZE = tokens


def make_room(
    made: ResumableTrainer, loaded: Loaded, settings: LoraSettings, record: Recorder
) -> AbstractContextManager[Any]:
    """Decide whether activations are kept, now that the rows are known; to be trained within.

    Where the student's shape is not known, they are computed again.

    Raises:
        NoRoom: Neither way has room, by the estimate.
    """
    device, dtype = loaded.device, loaded.record.dtype
    loss_in_pieces(loaded.model.config.get_text_config().vocab_size, device.type)
    longest = max(len(ids) for ids in made.train_dataset["input_ids"])
    room = machine_probe.memory(device)[1] + loaded.record.bytes_parameters
    rows = made.args.per_device_train_batch_size
    need = training_budget(settings, rows, longest, dtype, device.type, room)
    if need is not None and need.total > room:
        raise NoRoom(
            f"{rows} row{'s' * (rows > 1)} of up to {longest} tokens need {spoken(need.total)}; "
            f"{spoken(room)} can be had.",
            "Close other programs, or lower max_length, or take fewer bits.",
        )
    if record.run.environment.get(death.DIED) == death.MEMORY and need is not None:
        need = training_budget(settings, rows, longest, dtype, device.type, 0)
    recomputed = need is None or need.recomputed
    made.args.gradient_checkpointing = made.args.activation_checkpointing = recomputed
    noted = {"rows_of": longest, "activations": "computed again" if recomputed else "kept"}
    record.environment(training=noted | ({"bytes": need.total} if need else {}))
    short = recomputed and device.type == "cpu"
    return heap.given_back_at_once() if short else nullcontext()
