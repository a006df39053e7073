"""QLoRA fine-tuning: TRL's SFTTrainer with a PEFT LoRA adapter over a quantized model.

The base stays as it was loaded, 4-bit and frozen; the adapter alone is trained, on completions
alone, and saved. What makes a resumed training equal to one that was not stopped is in `resume`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from datasets import Dataset
from peft import LoraConfig, PeftModel
from torch import nn
from transformers import PrinterCallback
from trl import SFTConfig

from engine.errors import EngineError
from engine.quiet import quiet
from engine.runs.record import Cancelled, Paused, Recorder
from engine.training import loss_kernel
from engine.training.checkpoints import Checkpoints, file_sha256, whole_or_nothing
from engine.training.dataset import fingerprint, unlearnable
from engine.training.one_device import held_to
from engine.training.resume import ResumableTrainer
from engine.training.room import make_room
from engine.training.watch import Watch

if TYPE_CHECKING:
    from engine.models.loaded import Loaded
    from engine.training.settings import SftSettings

PAGED = "paged_adamw_8bit"
"""AdamW with 8-bit state; needs CUDA. What it can page out is that state, of tensors of 100,000
numbers or more: no LoRA matrix of q, k and v at r 32 in a model of up to 3 B has so many."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the device can do of what was asked for."""

    optimizer: str
    fallbacks: list[dict[str, str]]
    """What was done otherwise than on CUDA, each with `what` and `why`."""


def choose_optimizer(wanted: str, device: str) -> Choice:
    """The optimizer for a device: paged 8-bit AdamW where there is CUDA, torch's elsewhere.

    Args:
        wanted: By transformers' name; `auto` is the paged one.
        device: Its type, such as `cpu`.
    """
    wanted = PAGED if wanted == "auto" else wanted
    if device == "cuda" or "8bit" not in wanted:
        return Choice(wanted, [])
    why = f"{wanted} needs CUDA; this is {device}"
    return Choice("adamw_torch", [{"what": "optimizer adamw_torch", "why": why}])


def settings(
    spec: SftSettings, model: nn.Module, optimizer: str, folder: Path, *, validates: bool
) -> SFTConfig:
    """Settings as TRL takes them. Nothing is reported anywhere, nothing pushed, no bar drawn."""
    on = next(model.parameters()).device
    device, held_in = on.type, compute_dtype(model)
    make = partial(
        SFTConfig,
        output_dir=str(folder),
        num_train_epochs=spec.epochs,
        max_steps=spec.max_steps,
        per_device_train_batch_size=spec.batch_size,
        per_device_eval_batch_size=2 * spec.batch_size,
        gradient_accumulation_steps=spec.gradient_accumulation,
        learning_rate=spec.learning_rate,
        weight_decay=spec.weight_decay,
        lr_scheduler_type=spec.scheduler,
        warmup_steps=spec.warmup_steps,
        optim=optimizer,
        max_length=spec.max_length,
        completion_only_loss=True,
        gradient_checkpointing=False,  # make_room decides, once it knows the rows
        bf16=device == "cuda" and held_in == torch.bfloat16,
        fp16=device == "cuda" and held_in == torch.float16,
        use_cpu=device == "cpu",
        seed=spec.seed,
        data_seed=spec.seed,
        logging_steps=spec.logging_steps,
        logging_nan_inf_filter=False,  # a loss that is no number is to be seen as such
        eval_strategy="steps" if validates else "no",
        eval_steps=spec.eval_steps,
        save_strategy="no",  # Watch says when
        dataloader_pin_memory=device == "cuda",
        report_to="none",
        push_to_hub=False,
        disable_tqdm=True,
    )
    return held_to(on, make)


def compute_dtype(model: nn.Module) -> torch.dtype:
    """The precision that the model computes in: that of its layers that are not quantized."""
    return next(each.dtype for each in model.parameters() if each.is_floating_point())


def trainer(
    loaded: Loaded,
    spec: SftSettings,
    train: Dataset,
    validation: Dataset,
    folder: Path,
    optimizer: str,
    watch: Watch,
) -> ResumableTrainer:
    """A trainer with a fresh adapter on the model, which must not be used for anything else.

    Args:
        loaded: The student; its layers get the adapter put into them.
        spec: The settings.
        train: Conversations to learn.
        validation: Conversations for the validation loss; may be empty.
        folder: Where checkpoints are kept.
        optimizer: Transformers' name for it.
        watch: Sees the training.

    Raises:
        EngineError: The model has no layers of the names in `target_modules`.
    """
    model = loaded.model
    model.config.use_cache = False  # keys and values are for generation
    layers = spec.target_modules
    arguments = settings(spec, model, optimizer, folder, validates=len(validation) > 0)
    lora = LoraConfig(
        r=spec.lora_r,
        lora_alpha=spec.lora_alpha,
        lora_dropout=spec.lora_dropout,
        target_modules=layers[0] if layers == ("all-linear",) else list(layers),
        task_type="CAUSAL_LM",
    )
    try:
        made = ResumableTrainer(
            model=model,
            args=arguments,
            train_dataset=train,
            eval_dataset=validation if len(validation) else None,
            processing_class=loaded.tokenizer,
            peft_config=lora,
            callbacks=[watch],
            checkpoints=Checkpoints(folder),
            carried=watch.carried,
            made_with={
                "device": arguments.device.type,
                "optimizer": optimizer,
                "rows": fingerprint(train),
            },
        )
    except ValueError as error:
        if "arget modules" not in str(error):
            raise
        names = sorted({name.rpartition(".")[2] for name, each in model.named_modules()
                        if isinstance(each, nn.Linear)})  # fmt: skip
        raise EngineError(
            f"{spec.student} has no layers named {', '.join(layers)}.",
            f"It has {', '.join(names)}; all-linear takes all of them.",
        ) from error
    made.remove_callback(PrinterCallback)
    _widen(made)
    return made


def _widen(made: ResumableTrainer) -> None:
    """Keep the adapter in float32, whatever the model computes in.

    SFTTrainer makes the adapter bfloat16 over a quantized model. torch's optimizers then keep their
    averages in bfloat16 too, whose steps of 0.4% are too coarse to lose 0.1% a step: acorn after
    100 steps of 16 answers, r 16, had a validation loss of 0.0888 in bfloat16 and of 0.0875 in
    float32. 8-bit optimizers compute in float32 and round the weight back at every step: of an A of
    32 x 1,536, pushed one way for 20 steps at a rate of 2e-5, where a cosine ends, 69% never moved.
    """
    for each in made.trained().values():
        each.data = each.data.float()


def finetune(
    loaded: Loaded, spec: SftSettings, train: Dataset, validation: Dataset, record: Recorder
) -> dict[str, Any]:
    """Train an adapter, or go on with it, and save it to `record.folder / "adapter"`.

    Args:
        loaded: The student, loaded for this alone.
        spec: The settings.
        train: Conversations to learn.
        validation: Conversations for the validation loss; may be empty.
        record: Of the run.

    Returns:
        The result: losses, steps, seconds, tokens, sizes, and what was dropped or done otherwise.

    Raises:
        Paused: After a checkpoint.
        Cancelled: At once.
        EngineError: No row to train on, no room for it, or a checkpoint of something else.
    """
    choice = choose_optimizer(spec.optimizer, loaded.device.type)
    fallbacks = [
        *choice.fallbacks,
        *(each.as_dict() for each in loss_kernel.choose(loaded.device.type)),
    ]
    record.environment(fallbacks=fallbacks)
    watch = Watch(record, spec.checkpoint_steps, spec.checkpoint_seconds)
    with quiet():
        made = trainer(
            loaded, spec, train, validation, record.folder / "checkpoints", choice.optimizer, watch
        )
        rows = unlearnable(train, made.train_dataset, loaded.tokenizer, spec.max_length)
        for reason, count in rows.items():
            record.log(f"{count} of {len(train)} rows: {reason}")
        with make_room(made, loaded, spec, record):
            made.go_on()
        if watch.stop:
            raise Paused if watch.stop == "pause" else Cancelled
        adapter = save_adapter(made.model, spec.student, record.folder / "adapter")
    return {
        "loss": _last(made, "loss"),
        "validation_loss": _last(made, "eval_loss"),
        "steps": made.state.global_step,
        "seconds": round(watch.carried["seconds"], 3),
        "tokens": made.tokens,
        "rows": len(made.train_dataset),
        "validation_rows": len(validation),
        "rows_told": rows,
        "trainable_parameters": sum(each.numel() for each in made.trained().values()),
        "optimizer": choice.optimizer,
        "adapter_dtype": str(next(iter(made.trained().values())).dtype).removeprefix("torch."),
        "adapter_sha256": adapter,
        "fallbacks": [*(each.as_dict() for each in loaded.record.fallbacks), *fallbacks],
    }


def save_adapter(model: PeftModel, student: str, folder: Path) -> str:
    """Save the adapter alone; the folder holds all of it or is not there.

    Returns:
        The SHA-256 of its weights' file.
    """
    # PEFT writes down where on this machine the base was read from, here and in a README.
    config = model.peft_config["default"]
    config.base_model_name_or_path = student
    config.target_modules = sorted(config.target_modules)  # a set, in another order in each process
    with whole_or_nothing(folder) as unfinished:
        # PEFT would otherwise ask the hub whether the embeddings were resized.
        model.save_pretrained(str(unfinished), save_embedding_layers=False)
        (unfinished / "README.md").unlink(missing_ok=True)
    return file_sha256(folder / "adapter_model.safetensors")


def _last(made: ResumableTrainer, name: str) -> float | None:
    """The last value logged; None where there is none, or it is not finite, as JSON has no such."""
    value = next((row[name] for row in reversed(made.state.log_history) if name in row), None)
    return value if value is not None and math.isfinite(value) else None
