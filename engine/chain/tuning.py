"""What the tutorial leaves to the learner to set: the fine-tuning's settings, and the policy.

    task 2.2   LoRA and SFT: `SFT`           task 3.2   K, temperature, top-p, threshold: `POLICY`

Two sets have a name: `untouched` is what the tutorial hands out, `reference` reaches every point
on the built-in models. A learner's own are kept by the tutor; here they are values like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from engine.errors import SpecError
from engine.kinds.specs import CascadeSpec, SampleSpec, SftSpec

SFT = (
    "lora_r", "lora_alpha", "lora_dropout", "target_modules", "learning_rate", "epochs",
    "batch_size", "scheduler", "warmup_steps", "weight_decay",
)  # fmt: skip
"""Fields of task 2.2; each is a field of `SftSpec`."""
POLICY = ("k", "temperature", "top_p", "threshold")
"""Fields of task 3.2; each is a field of `SampleSpec` or `CascadeSpec`."""
TOLD = CascadeSpec.told | SampleSpec.told | SftSpec.told
RULES = {name: TOLD[name].rule for name in (*SFT, *POLICY)}
"""What each may be: what it may be in the spec that it goes into."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """All of it; the defaults are what the tutorial hands out."""

    lora_r: int = 32
    lora_alpha: float = 32
    lora_dropout: float = 0.1
    target_modules: tuple[str, ...] = ("q_proj", "k_proj", "v_proj")
    learning_rate: float = 5e-4
    epochs: int = 1
    batch_size: int = 8
    scheduler: str = "cosine"
    warmup_steps: int = 10
    weight_decay: float = 0.01
    k: int = 5
    temperature: float = 0.7
    top_p: float = 0.9
    threshold: float = 0.5

    @property
    def sft(self) -> dict[str, Any]:
        """The fields of the fine-tuning."""
        return {name: getattr(self, name) for name in SFT}

    @property
    def policy(self) -> dict[str, Any]:
        """The fields of the cascade's policy."""
        return {name: getattr(self, name) for name in POLICY}

    def faults(self) -> dict[str, SpecError]:
        """What cannot be right, by field; nothing is loaded to find out."""
        found = {}
        for name, value in asdict(self).items():
            try:
                RULES[name].check(name, value)
            except SpecError as error:
                found[name] = error
        return found

    def check(self) -> None:
        """Raise the first of the faults."""
        for error in self.faults().values():
            raise error

    def with_policy(self, other: Tuning) -> Tuning:
        """These settings with the policy of another."""
        return replace(self, **other.policy)


UNTOUCHED = Tuning()
REFERENCE = Tuning(
    lora_dropout=0.0,
    target_modules=("all-linear",),
    learning_rate=5e-3,
    epochs=2,
    batch_size=16,
    threshold=0.4,
)
SETTINGS = {"untouched": UNTOUCHED, "reference": REFERENCE}
"""The sets that have a name."""


def read(values: Mapping[str, Any], over: Tuning = UNTOUCHED) -> Tuning:
    """A set of settings from values as JSON, TOML or a command line holds them.

    Args:
        values: By field; texts are read as the field's type.
        over: What holds where a field is left out.

    Raises:
        SpecError: There is no such setting, or a text is nothing of its type.
    """
    types = {each.name: each.type for each in fields(Tuning)}
    read_in = {}
    for name, value in values.items():
        if name not in types:
            what = f"The tutorial has no setting {name!r}."
            raise SpecError(name, value, what, f"It has {', '.join(types)}.")
        read_in[name] = _read(name, value, types[name])
    return replace(over, **read_in)


def _read(name: str, value: Any, kind: str) -> Any:
    if kind.startswith("tuple"):
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        return tuple(words) if isinstance(words, list | tuple) else value
    if kind in ("int", "float") and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            raise SpecError(name, value, f"{name} is {value!r}; it must be a number.") from None
        return int(number) if kind == "int" and number.is_integer() else number
    return value
