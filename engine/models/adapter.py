"""An adapter: LoRA weights that were learnt over a model, put on it and not merged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from engine.errors import EngineError, ModelNotFound
from engine.models.libraries import transformers


def check(folder: Path) -> None:
    """Raise ModelNotFound where a folder holds no adapter."""
    if not (folder / "adapter_config.json").is_file():
        raise ModelNotFound(
            f"The folder {folder} has no adapter_config.json.",
            "Give the folder of an adapter that a finished sft run wrote.",
        )


def put_on(model: transformers.PreTrainedModel, folder: Path, name: str) -> Any:
    """The model with the adapter of a folder on it. Raises EngineError where it does not fit."""
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, folder, is_trainable=False)
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineError(
            f"The adapter in {folder} does not fit {name}: {error}",
            "Give the model that it was trained on.",
        ) from error


def weights(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    """The adapter's own weights; none where there is no adapter."""
    return [parameter for name, parameter in model.named_parameters() if ".lora_" in name]
