"""4-bit models that were quantized once, kept as small files.

A kept model is a folder that transformers loads like any other: config.json with its quantization
config, and one safetensors file with the 4-bit codes and their constants. It is written beside its
place and renamed into it, so it is there whole or not at all, whenever the power goes.

It is written before the model's first forward: some CPUs repack 4-bit weights then, at a loss.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from engine.models.libraries import bitsandbytes as bnb
from engine.models.libraries import transformers
from engine.models.precision import Plan

_PARTIAL = ".partial-"


def place(cache: Path, name: str, fingerprint: str, plan: Plan) -> Path:
    """The folder for a model of that fingerprint under that plan; it need not exist."""
    held = f"{fingerprint} {plan.precision} {plan.dtype} {plan.device.type}"
    digest = hashlib.sha256(held.encode()).hexdigest()[:12]
    readable = re.sub(r"[^\w.-]+", "--", Path(name).name if os.path.isabs(name) else name)
    return cache / f"{readable.strip('.')}-{plan.precision}-{digest}"


def is_kept(folder: Path) -> bool:
    """Whether a whole model is there."""
    return (folder / "config.json").is_file() and (folder / "model.safetensors").is_file()


def keep(model: transformers.PreTrainedModel, folder: Path, dtype: torch.dtype | None) -> None:
    """Write a freshly quantized model into `folder`; another process may do the same.

    Args:
        model: As it was loaded, before its first forward.
        folder: Its place.
        dtype: The dtype of the files it came from. What is not quantized is written in that where
            nothing is lost by it, and so takes no more room than it did there.

    Raises:
        OSError: It could not be written, as when the disk is full; nothing is left behind.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder.parent)
    partial = Path(tempfile.mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=folder.parent))
    try:
        save_file(_tensors(model, dtype), partial / "model.safetensors", {"format": "pt"})
        model.config.save_pretrained(partial)
        if model.generation_config is not None:
            model.generation_config.save_pretrained(partial)
        for file in partial.iterdir():
            _to_disk(file)
        _into_place(partial, folder)
        _to_disk(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def drop(folder: Path) -> None:
    """Forget a kept model, as when its files turn out to be broken."""
    shutil.rmtree(folder, ignore_errors=True)


def _tensors(model: nn.Module, dtype: torch.dtype | None) -> dict[str, torch.Tensor]:
    tied = set(getattr(model, "all_tied_weights_keys", None) or ())
    quantized = {
        name for name, each in model.named_parameters() if isinstance(each, bnb.nn.Params4bit)
    }
    plain = {name for name, _ in model.named_parameters()} - quantized
    tensors = {}
    for name, tensor in model.state_dict().items():
        if name in tied:
            continue
        if name in plain:
            tensor = _narrowed(tensor, dtype)
        elif name.endswith("quant_map"):
            tensor = tensor.clone()  # tables may be shared, which the file format refuses
        tensors[name] = tensor.contiguous()
    return tensors


def _narrowed(tensor: torch.Tensor, dtype: torch.dtype | None) -> torch.Tensor:
    if dtype is None or dtype.itemsize >= tensor.dtype.itemsize:
        return tensor
    narrow = tensor.to(dtype)
    return narrow if torch.equal(narrow.to(tensor.dtype), tensor) else tensor


def _into_place(partial: Path, folder: Path) -> None:
    try:
        partial.rename(folder)
    except OSError:
        if not is_kept(folder):  # something broken stands there
            drop(folder)
            partial.rename(folder)


def _sweep(cache: Path) -> None:
    """Remove what processes that are gone have left half written."""
    for partial in cache.glob(f"{_PARTIAL}*"):
        process = partial.name.removeprefix(_PARTIAL).split("-")[0]
        if not process.isdecimal() or not _lives(int(process)):
            shutil.rmtree(partial, ignore_errors=True)


def _lives(process: int) -> bool:
    import psutil

    return psutil.pid_exists(process)


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder, and needs no such thing
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
