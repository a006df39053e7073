"""Students to choose from, with what each needs here; any other causal LM can be named as well.

Sizes follow from the architecture, before anything is downloaded. To run is counted with an
evaluate run's defaults: 50 problems together, 350 tokens each with their answers. To fine-tune is
counted with an sft run's: an adapter of rank 32 on queries, keys and values, 8 rows of 512 tokens,
where rows are cut; few of GSM8K's reach it. Where that leaves memory free, a training uses more of
it, so as not to compute twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import ModelNotFound
from engine.hub import cached
from engine.machine import Machine
from engine.models.dtypes import computes_in
from engine.models.outline import outline
from engine.models.registry import BUILTIN, resolve
from engine.numerics.architecture import Architecture
from engine.numerics.budget import Budget, inference, lora

RUN_ROWS = 50
RUN_TOKENS = RUN_ROWS * 350
TUNE_TOKENS, RANK, MODULES = 8 * 512, 32, ("q_proj", "k_proj", "v_proj")
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


def students(
    machine: Machine,
    in_cache: Callable[[str], object] = cached,
    names: Sequence[str] = (*BUILTIN, *LISTED),
) -> tuple[Student, ...]:
    """The students, the smallest first.

    Args:
        machine: Where they would run; without a card, 4-bit layers compute in fp32.
        in_cache: Whether a hub model's files are on this machine.
        names: Built-ins, folders and hub ids.

    Raises:
        ModelNotFound: There is no such model, or nothing is known of its shape without its files.
    """
    where = "cuda" if machine.cards else "cpu"
    dtypes = {each: computes_in(each, where) for each in PRECISIONS}
    tuned = {"rank": RANK, "tokens": TUNE_TOKENS, "modules": MODULES}
    return tuple(
        Student(
            name=name,
            parameters=model.params,
            weights={
                each: inference(model, each, dtype=dtypes[each]).weights for each in PRECISIONS
            },
            run={
                each: inference(model, each, tokens=RUN_TOKENS, rows=RUN_ROWS, dtype=dtypes[each])
                for each in PRECISIONS
            },
            tune={each: lora(model, each, dtype=dtypes[each], **tuned) for each in PRECISIONS},
            here=resolve(name).kind != "hub" or bool(in_cache(name)),
        )
        for name, model in _architectures(names).items()
    )


def memory(machine: Machine) -> tuple[int, int]:
    """Bytes in all and free where models are held: the first card, else main memory."""
    card = machine.card()
    return (card.total, card.free) if card else (machine.memory, machine.available)


def _architectures(names: Sequence[str]) -> dict[str, Architecture]:
    found = {}
    for name in names:
        if resolve(name).kind == "hosted":
            raise ModelNotFound(f"{name} is hosted elsewhere: it takes no memory here.")
        known = outline(name).architecture
        if known is None:
            raise ModelNotFound(
                f"What {name} needs is not known before its files are here.",
                "Any run with it fetches them, such as `tutor run evaluate --limit 1`.",
            )
        found[name] = known
    return found
