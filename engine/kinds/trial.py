"""A small training in this process: so many steps, its curve, and the model that came of it.

    tried = trial(load("acorn", "nf4-dq"), spec, train, validation)
    tried.validation[-1], exact_match_of(tried.tuned, problems).em

It is the very trainer of a run, without the run: nothing is recorded or kept, so a trial that is
stopped begins again from nothing. For trainings of a minute; `engine.training.sft.finetune` is for
those that must not be lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from datasets import Dataset

from engine.models.loaded import Loaded
from engine.quiet import quiet
from engine.training import loss_kernel
from engine.training.dataset import conversations
from engine.training.settings import SftSettings
from engine.training.sft import choose_optimizer, trainer
from engine.training.watch import Watch

Tell = Callable[[int, int], None]
"""`tell(done, total)` in steps; it may raise, to leave."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a small training."""

    loss: tuple[tuple[int, float], ...]
    """Steps, with the mean training loss of the steps up to each; those that are finite."""
    validation: tuple[tuple[int, float], ...]
    """Steps, with the loss on rows that are not trained on; those that are finite."""
    first_lost: int | None
    """The step by which a loss was no number any more; None where all were."""
    trained: int
    """Weights of the adapter."""
    tokens: int
    """Tokens trained on, prompts included, padding not."""
    tuned: Loaded
    """The student with its adapter, in eval mode."""


def trial(
    loaded: Loaded,
    spec: SftSettings,
    train: Dataset,
    validation: Dataset | None = None,
    tell: Tell = lambda done, total: None,
) -> Trial:
    """Train an adapter for `spec.max_steps` steps, or `spec.epochs`.

    Args:
        loaded: The student, loaded for this alone.
        spec: The settings; `teach` and everything about checkpoints mean nothing here.
        train: Conversations to learn (`engine.training.dataset.conversations`).
        validation: Conversations for the validation loss, measured every `spec.eval_steps`.
        tell: Told after steps.

    Raises:
        EngineError: The model has no layers of the names in `target_modules`.
    """
    optimizer = choose_optimizer(spec.optimizer, loaded.device.type).optimizer
    loss_kernel.choose(loaded.device.type)
    notes = _Notes(tell)
    watch = Watch(notes, checkpoint_steps=10**9, checkpoint_seconds=math.inf)
    held_out = conversations([]) if validation is None else validation
    with TemporaryDirectory() as folder, quiet():
        made = trainer(loaded, spec, train, held_out, Path(folder), optimizer, watch)
        made.train()
    model = made.model.eval()
    return Trial(
        loss=notes.finite("loss"),
        validation=notes.finite("validation_loss"),
        first_lost=notes.first_lost(),
        trained=sum(each.numel() for each in made.trained().values()),
        tokens=made.tokens,
        tuned=replace(loaded, model=model),
    )


class _Notes:
    """Keeps what `Watch` would write into a run's record."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._rows: list[tuple[int, str, float]] = []

    def progress(self, done: int, total: int, unit: str, message: str) -> None:
        self._tell(done, total)

    def metric(self, step: int, **figures: float) -> None:
        self._rows += [(step, name, value) for name, value in figures.items()]

    def log(self, line: str) -> None:
        """What is not finite is told by `first_lost`."""

    def stopping(self) -> None:
        """It is stopped by what `tell` raises."""

    def finite(self, wanted: str) -> tuple[tuple[int, float], ...]:
        return tuple(
            (step, value)
            for step, name, value in self._rows
            if name == wanted and math.isfinite(value)
        )

    def first_lost(self) -> int | None:
        lost = (step for step, name, value in self._rows
                if name.endswith("loss") and not math.isfinite(value))  # fmt: skip
        return min(lost, default=None)
