"""What makes a resumed training equal, byte for byte, to one that was never stopped.

Seen with TRL 1.16, transformers 5.23, PEFT 0.21, bitsandbytes 0.50 on the CPU: two trainings from
nothing gave equal bytes, but one that went on from its own checkpoint had other losses from its
first step on and another adapter. The data order, the dropout masks, the optimizer and the
learning rate were right: `Trainer` restores these. What it does not, and what is done here:

1.  The adapter's precision: the cause of the other losses. SFTTrainer casts the LoRA weights over
    a quantized model to bfloat16 when it is made. Trainer's resume then calls
    `PeftModel.load_adapter`, whose `autocast_adapter_dtype=True` casts them to float32 once they
    are loaded. The numbers were the same; all that was computed with them was rounded otherwise.
    Here the trained tensors are saved as they are and copied back into the parameters that are
    there, so that neither their precision nor the optimizer's hold on them changes. A precision
    that differs is an error.
2.  The validation's trace. On processors with AVX512-BF16 the first forward pass in eval mode
    makes bitsandbytes repack each 4-bit layer for inference: its constants are rounded to
    bfloat16, and the repacked layer lets no gradient through, or, where it has a bias, raises.
    That is never undone, so a training that had validated went on with other weights than one
    that was resumed and had not. Here the layers keep their form while they are trained.
3.  What the trainers count in attributes that no checkpoint holds: the tokens seen (they began
    again at 0), the sums behind the averages of the next log (`_tr_loss`, `_metrics`: wrong after
    a checkpoint between two logs), and the mean loss of the whole training.
4.  The checkpoint itself, written in place: a process killed meanwhile left a folder that looked
    like a checkpoint and was none. See `checkpoints`.

What it needs besides is the same number of threads in every attempt, as sums are grouped by
thread; the worker sees to that.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import TrainerCallback
from trl import SFTTrainer

from engine.errors import EngineError
from engine.training.checkpoints import Checkpoints

TRAINED = "trained.safetensors"
"""Every parameter that is trained, under its name in the model, in its own precision."""
COUNTS = "counts.json"
"""What the trainers keep in attributes, and what the checkpoint was made with."""
STATE = "trainer_state.json"
"""Trainer's own; it reads it from the folder that it resumes from."""


class ResumableTrainer(SFTTrainer):
    """SFTTrainer whose resumed training equals one that was never stopped."""

    def __init__(
        self,
        *args: Any,
        checkpoints: Checkpoints,
        made_with: Mapping[str, str],
        carried: dict[str, float],
        **options: Any,
    ) -> None:
        """Take what SFTTrainer takes.

        Args:
            *args: SFTTrainer's.
            checkpoints: Where they are, and how many are kept.
            made_with: What must be the same to go on from a checkpoint (device, optimizer, rows).
            carried: Figures of the caller's that a checkpoint takes along and a resume puts back.
            **options: SFTTrainer's.
        """
        counts = _RestoreCounts()
        options["callbacks"] = [counts, *options.get("callbacks", ())]
        super().__init__(*args, **options)
        self._checkpoints = checkpoints
        self._made_with = dict(made_with)
        self._carried = carried
        self._before: Mapping[str, Any] | None = None
        counts.trainer = self
        keep_training_form(self.model)

    def trained(self) -> dict[str, Tensor]:
        """The parameters that are trained, by their names in the model."""
        return {name: each for name, each in self.model.named_parameters() if each.requires_grad}

    @property
    def tokens(self) -> int:
        """Tokens trained on so far, padding left out, in this attempt and those before."""
        return int(self._total_train_tokens)

    def go_on(self) -> Any:
        """Train from the newest whole checkpoint, or from nothing where there is none.

        Raises:
            EngineError: The checkpoint was made with something else than what is here now.
        """
        latest = self._checkpoints.latest()
        if latest is None:
            return self.train()
        self._before = json.loads((latest / COUNTS).read_text())
        self._check(self._before["made_with"])
        return self.train(resume_from_checkpoint=str(latest))

    def _check(self, before: Mapping[str, str]) -> None:
        for name, value in self._made_with.items():
            if before.get(name) != value:
                raise EngineError(
                    f"This training began with {name} {before.get(name)}; it is {value} now.",
                    "Resume it where it began, or submit it anew.",
                )

    # SFTTrainer's and Trainer's own steps, replaced

    def _save_checkpoint(self, model: nn.Module, trial: object) -> None:
        with self._checkpoints.writing(self.state.global_step) as folder:
            here = {name: each.detach().cpu() for name, each in self.trained().items()}
            save_file(here, folder / TRAINED)
            self._save_optimizer_and_scheduler(str(folder))
            self._save_scaler(str(folder))
            self._save_rng_state(str(folder))
            self.state.save_to_json(str(folder / STATE))
            (folder / COUNTS).write_text(json.dumps(self._counts()))

    def _load_from_checkpoint(self, folder: str, model: nn.Module | None = None) -> None:
        saved = load_file(Path(folder) / TRAINED)
        trained = self.trained()
        if saved.keys() != trained.keys():
            raise EngineError(
                f"The checkpoint {folder} is of another adapter.", "Submit the training anew."
            )
        with torch.no_grad():
            for name, parameter in trained.items():
                if saved[name].dtype != parameter.dtype:
                    raise EngineError(
                        f"{name} was {saved[name].dtype} in {folder}; it is {parameter.dtype} now.",
                        "Resume with the versions that it began with, or submit it anew.",
                    )
                parameter.copy_(saved[name])

    def _send_telemetry(self) -> None:
        """Send nothing: TRL would tell its authors the model's architecture and the GPU."""

    def _counts(self) -> dict[str, Any]:
        return {
            "made_with": self._made_with,
            "carried": self._carried,
            "tokens": self._total_train_tokens,
            "loss_since_log": self._tr_loss.item(),
            "loss_before": self._total_loss_scalar,
            "last_log": self._globalstep_last_logged,
            "since_log": {name: list(values) for name, values in self._metrics["train"].items()},
        }

    def _restore_counts(self) -> None:
        counts = self._before
        if counts is None:
            return
        self._carried.update(counts["carried"])
        self._total_train_tokens = counts["tokens"]
        self._tr_loss.fill_(counts["loss_since_log"])
        self._total_loss_scalar = counts["loss_before"]
        self._globalstep_last_logged = counts["last_log"]
        self._metrics["train"] = defaultdict(list, counts["since_log"])
        self._initial_global_step = 0  # so that the mean loss is that of the whole training


class _RestoreCounts(TrainerCallback):
    """Puts the counts back where Trainer has just reset them, before the first step."""

    trainer: ResumableTrainer

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.trainer._restore_counts()


def keep_training_form(model: nn.Module) -> None:
    """Stop bitsandbytes from repacking 4-bit layers in a validation (see 2. above)."""
    for layer in model.modules():
        if hasattr(layer, "support_avx512bf16_for_cpu"):
            layer.support_avx512bf16_for_cpu = False
