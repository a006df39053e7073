"""Students to choose from, with what each needs here; any other causal LM can be named as well.

Sizes follow from the architecture, before anything is downloaded. To run is counted with an
evaluate run's defaults: 50 problems together, 350 tokens each with their answers. To fine-tune is
counted with an sft run's: an adapter of rank 32 on all linear layers, 8 rows of 256 tokens, which
a GSM8K problem with its answer seldom passes; longer rows take more, batch by batch.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from engine.machine import Machine
from engine.models.hub import cached
from engine.models.registry import BUILTIN
from engine.numerics.architecture import QWEN25, Architecture
from engine.numerics.budget import Budget, inference, lora

RUN_TOKENS = 50 * 350
TUNE_TOKENS, RANK = 8 * 256, 32
PROCESS = 600_000_000
"""Bytes of a process with the libraries loaded, before it holds a model."""
PRECISIONS = ("bf16", "nf4-dq")
SIZES = ("0.5B", "1.5B", "3B")
LISTED = tuple(f"Qwen/Qwen2.5-{size}-Instruct" for size in SIZES)
"""Students of the hub that are listed, the smallest first."""


@dataclass(frozen=True, slots=True)
class Student:
    """A model, and what it needs."""

    name: str
    """As `--student` takes it."""
    parameters: int
    weights: dict[str, int]
    """Bytes of its weights, by precision."""
    run: dict[str, Budget]
    """To generate, by precision."""
    tune: dict[str, Budget]
    """To train an adapter, by precision of the frozen weights; QLoRA in nf4-dq."""
    here: bool
    """Whether its files are on this machine."""

    def fits(self, need: Budget, machine: Machine) -> str:
        """`now`, `when free` (other programs hold too much) or `no`."""
        total, free = memory(machine)
        wanted = need.total + PROCESS
        return "now" if wanted <= free else "when free" if wanted <= total else "no"

    def as_dict(self, machine: Machine) -> dict[str, Any]:
        """For JSON, with what fits."""
        return {
            "name": self.name,
            "parameters": self.parameters,
            "weights": self.weights,
            **{
                name: {
                    precision: {
                        **asdict(need),
                        "total": need.total,
                        "fits": self.fits(need, machine),
                    }
                    for precision, need in needs.items()
                }
                for name, needs in (("run", self.run), ("tune", self.tune))
            },
            "here": self.here,
        }


def students(machine: Machine, in_cache: Callable[[str], object] = cached) -> tuple[Student, ...]:
    """The students, the smallest first.

    Args:
        machine: Where they would run; without a card, 4-bit layers compute in fp32.
        in_cache: Whether a hub model's files are on this machine.
    """
    dtype = "bf16" if machine.cards else "fp32"
    return tuple(
        Student(
            name=name,
            parameters=model.params,
            weights={each: inference(model, each, dtype=dtype).weights for each in PRECISIONS},
            run={
                each: inference(model, each, tokens=RUN_TOKENS, dtype=dtype) for each in PRECISIONS
            },
            tune={
                each: lora(model, each, rank=RANK, tokens=TUNE_TOKENS, dtype=dtype)
                for each in PRECISIONS
            },
            here=name in BUILTIN or bool(in_cache(name)),
        )
        for name, model in _architectures().items()
    )


def memory(machine: Machine) -> tuple[int, int]:
    """Bytes in all and free where models are held: the first card, else main memory."""
    if machine.cards:
        return machine.cards[0].total, machine.cards[0].free
    return machine.memory, machine.available


def _architectures() -> dict[str, Architecture]:
    built_in = {name: _configured(name) for name in BUILTIN}
    return {**built_in, **{name: QWEN25[size] for name, size in zip(LISTED, SIZES, strict=True)}}


def _configured(name: str) -> Architecture:
    """A built-in's, from its configuration."""
    config = json.loads((BUILTIN[name] / "config.json").read_text(encoding="utf-8"))
    return Architecture(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        intermediate=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        tied=config["tie_word_embeddings"],
    )
