"""What each field of a spec may be: one table for all kinds, as a field means the same in each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from engine.cascades.prices import Prices
from engine.data.problems import SEEDS, DataSpec
from engine.errors import SpecError
from engine.kinds import checks
from engine.models.registry import PRECISIONS
from engine.training.selection import RATIONALES

KEEP = ("correct", "all")
SCHEDULERS = (
    "cosine", "linear", "constant", "constant_with_warmup", "cosine_with_restarts", "polynomial",
)  # fmt: skip
OPTIMIZERS = ("auto", "adamw_torch", "adamw_8bit", "paged_adamw_8bit", "sgd")
"""`auto` is paged_adamw_8bit on CUDA and adamw_torch elsewhere."""


def _data(name: str, value: object) -> None:
    if not isinstance(value, DataSpec):
        raise SpecError(name, value, f"{name} is {value!r}; it must say which problems.")
    if isinstance(value.limit, bool) or not isinstance(value.limit, int):
        checks.whole(f"{name}.limit", value.limit, 0)  # its bounds are those of its source
    checks.whole(f"{name}.seed", value.seed, 0, SEEDS)
    if not isinstance(value.path, str):
        what = f"{name}.path is {value.path!r}; it must be a folder."
        raise SpecError(f"{name}.path", value.path, what)
    value.check()


def _prices(name: str, value: object) -> None:
    if not isinstance(value, Prices):
        raise SpecError(name, value, f"{name} is {value!r}; it must be two prices.")
    checks.number(f"{name}.input", value.input, 0)
    checks.number(f"{name}.output", value.output, 0)


def _layers(name: str, value: object) -> None:
    named = isinstance(value, tuple) and all(isinstance(each, str) and each for each in value)
    if not value or not named:
        raise SpecError(name, value, f"{name} is {value!r}; it must name layers.", _LAYERS)


def _steps(name: str, value: object) -> None:
    if value != -1:
        checks.whole(name, value, 1)


def _own(name: str, value: object) -> None:
    if value is not None:  # code itself is checked by its spec, which knows what it must define
        raise SpecError(name, value, f"{name} is {value!r}; it must be the text of a file.")


_LAYERS = "Such as q_proj, k_proj, v_proj; or all-linear for all of them."

RULES: dict[str, Callable[[str, Any], None]] = {
    "precision": partial(checks.choice, choices=PRECISIONS),
    "strong_precision": partial(checks.choice, choices=PRECISIONS),
    "data": _data,
    "batch_size": partial(checks.whole, low=1, high=4096),
    "in_flight": partial(checks.whole, low=1, high=4096),
    "max_new_tokens": partial(checks.whole, low=1, high=32_768),
    "seed": partial(checks.whole, low=0, high=2**32 - 1),
    "device": checks.device,
    "keep": partial(checks.choice, choices=KEEP),
    "rationale": partial(checks.choice, choices=RATIONALES),
    "lora_r": partial(checks.whole, low=1, high=1024),
    "lora_alpha": partial(checks.number, low=0, above=True),
    "lora_dropout": partial(checks.number, low=0, high=0.95),
    "target_modules": _layers,
    "epochs": partial(checks.whole, low=1, high=1000),
    "max_steps": _steps,
    "gradient_accumulation": partial(checks.whole, low=1, high=4096),
    "learning_rate": partial(checks.number, low=0, high=10, above=True),
    "weight_decay": partial(checks.number, low=0, high=10),
    "scheduler": partial(checks.choice, choices=SCHEDULERS),
    "warmup_steps": partial(checks.whole, low=0),
    "optimizer": partial(checks.choice, choices=OPTIMIZERS),
    "max_length": partial(checks.whole, low=8, high=131_072),
    "logging_steps": partial(checks.whole, low=1),
    "eval_steps": partial(checks.whole, low=1),
    "validation": partial(checks.whole, low=0),
    "checkpoint_steps": partial(checks.whole, low=1),
    "checkpoint_seconds": partial(checks.number, low=0, above=True),
    "k": partial(checks.whole, low=1, high=1000),
    "temperature": partial(checks.number, low=0, high=5),
    "top_p": partial(checks.number, low=0, high=1, above=True),
    "threshold": partial(checks.number, low=0, high=1),
    "prices": _prices,
    "own": _own,
}
"""The rule of every field that is neither a model nor another run."""
