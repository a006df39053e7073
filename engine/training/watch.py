"""A training's pulse: its figures and progress into the record, and out again when it must stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Protocol

from transformers import TrainerCallback, TrainerControl, TrainerState

from engine.runs.record import Cancelled

FIGURES = {
    "loss": "loss",
    "learning_rate": "learning_rate",
    "grad_norm": "grad_norm",
    "num_tokens": "tokens",
    "mean_token_accuracy": "token_accuracy",
    "eval_loss": "validation_loss",
    "eval_mean_token_accuracy": "validation_token_accuracy",
}
"""What the trainers log, and the names under which it is recorded."""
PROGRESS_SECONDS = 0.5
"""How often progress is written, at most: each time is a write to the disk."""


class Pulse(Protocol):
    """Where it is written, such as a run's record."""

    def progress(self, done: int, total: int, unit: str, message: str) -> None:
        """So many steps are done."""

    def metric(self, step: int, **figures: float) -> None:
        """Figures of a step."""

    def log(self, line: str) -> None:
        """A line for whoever looks for what went wrong."""

    def stopping(self) -> str | None:
        """`pause` or `cancel`, once that is asked."""


class Watch(TrainerCallback):
    """Records each log, says how far it is, asks for checkpoints, and heeds pause and cancel."""

    def __init__(
        self,
        record: Pulse,
        checkpoint_steps: int,
        checkpoint_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch for one run.

        Args:
            record: Of the run, or whatever takes its place.
            checkpoint_steps: A checkpoint is due at every multiple of this.
            checkpoint_seconds: Or so long after the last one.
            clock: Seconds.
        """
        self.stop: str | None = None
        """`pause` or `cancel` once the training has been asked to end early."""
        self.carried = {"seconds": 0.0, "logged_seconds": 0.0, "logged_tokens": 0.0}
        """Seconds spent in training steps (validation and checkpoints left out), and these and the
        tokens as of the last log. Every checkpoint takes them along and a resume puts them back."""
        self._record, self._clock = record, clock
        self._every_steps, self._every_seconds = checkpoint_steps, checkpoint_seconds
        self._saved = self._step_began = self._told = clock()

    def on_train_begin(
        self, args: Any, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """The checkpoints' clock starts; a resumed training shows where it stands."""
        self._saved = self._clock()
        self._record.progress(state.global_step, state.max_steps, "steps", "training")

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        """A step's time starts."""
        self._step_began = self._clock()

    def on_step_end(
        self, args: Any, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """A step is done: is anything due?"""
        now = self._clock()
        self.carried["seconds"] += now - self._step_began
        last = state.global_step >= state.max_steps
        control.should_log |= last
        overdue = now - self._saved >= self._every_seconds
        # Not at the last step: Trainer, resumed from there, would take another one.
        control.should_save |= not last and (overdue or state.global_step % self._every_steps == 0)
        if not last and (asked := self._record.stopping()):
            self.stop = asked
            control.should_training_stop = True
            control.should_save = asked == "pause"
            control.should_evaluate &= asked == "pause"
        if last or now - self._told >= PROGRESS_SECONDS:
            self._told = now
            self._record.progress(state.global_step, state.max_steps, "steps", "training")

    def on_substep_end(self, *_: Any, **__: Any) -> None:
        """Steps of many batches are left within them, too."""
        self._leave_if_cancelled()

    def on_prediction_step(self, *_: Any, **__: Any) -> None:
        """And so is a long validation."""
        self._leave_if_cancelled()

    def _leave_if_cancelled(self) -> None:
        """A pause waits for the step's end, where a checkpoint loses nothing."""
        if self._record.stopping() == "cancel":
            raise Cancelled

    def on_save(self, *_: Any, **__: Any) -> None:
        """A checkpoint is on the disk."""
        self._saved = self._clock()

    def on_log(
        self,
        args: Any,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Figures have come: of the training, or of a validation."""
        logs = logs or {}
        figures = {FIGURES[name]: float(logs[name]) for name in FIGURES if name in logs}
        if not figures:
            return
        if "loss" in figures:
            figures |= self._speed(figures["tokens"])
        for name in ("loss", "validation_loss"):
            if name in figures and not math.isfinite(figures[name]):
                self._record.log(f"step {state.global_step}: the {name} is {figures[name]}")
        self._record.metric(state.global_step, **figures)

    def _speed(self, tokens: float) -> dict[str, float]:
        """Tokens a second since the last log, whichever attempt wrote that."""
        seconds = self.carried["seconds"] - self.carried["logged_seconds"]
        more = tokens - self.carried["logged_tokens"]
        self.carried |= {"logged_seconds": self.carried["seconds"], "logged_tokens": tokens}
        return {"tokens_per_second": more / seconds} if seconds > 0 else {}
