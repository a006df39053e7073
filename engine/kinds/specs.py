"""What each kind of run is asked to do: one frozen dataclass a kind, and nothing but data.

A spec is written into the run's row as JSON when it is submitted and read back by the worker, so
it holds all that decides the result: two runs of equal specs on one machine give equal results.
Where a field names another run, `needs` says so, and the queue makes the run wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds.spec import Spec
from engine.models import registry
from engine.runs.own import Own

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.submitted import SpecOf

__all__ = [
    "SPECS",
    "CascadeSpec",
    "EvaluateSpec",
    "SampleSpec",
    "SftSpec",
    "Spec",
    "TeachSpec",
    "read",
]


@dataclass(frozen=True, slots=True)
class EvaluateSpec(Spec):
    """Ask a model every problem once, greedily, and score it."""

    kind: ClassVar[str] = "evaluate"
    needs_kinds: ClassVar[Mapping[str, str]] = {"adapter": "sft"}
    models: ClassVar[tuple[str, ...]] = ("model",)
    own_function: ClassVar[str] = "to_prompt_ground_truth_pair"
    hosted: ClassVar[tuple[str, ...]] = ("model",)

    model: str = "acorn"
    """A built-in name, a folder, a hub id, or a hosted model such as `gemini:gemma-4-31b-it`."""
    precision: str = "nf4-dq"
    """One of :data:`engine.models.registry.PRECISIONS`."""
    adapter: int | None = None
    """The sft run whose adapter is put on the model."""
    data: DataSpec = field(default_factory=DataSpec)
    """Which problems."""
    batch_size: int = 50
    """Problems generated together; of a hosted model, requests in flight at most."""
    max_new_tokens: int = 200
    """Where an answer is cut off."""
    seed: int = 0
    device: str = "auto"
    """`auto`, `cpu`, `cuda`, `cuda:0` or `mps`."""
    own: Own | None = None
    """One's own `to_prompt_ground_truth_pair`: the problems are asked as it makes them."""

    def title(self) -> str:
        """Such as `evaluate acorn + adapter 4, nf4-dq, 300 test problems`."""
        precision = "hosted" if self.hosted_models() else self.precision
        return f"evaluate {_model(self)}, {precision}, {_problems(self.data)}"

    def check(self) -> None:
        """Raise SpecError for the first value that cannot be right."""
        Spec.check(self)
        if self.adapter is not None and self.hosted_models():
            what = f"adapter is run {self.adapter}, and {self.model} is hosted elsewhere."
            raise SpecError("adapter", self.adapter, what, "An adapter goes on a model here.")


@dataclass(frozen=True, slots=True)
class TeachSpec(Spec):
    """Have a teacher write worked answers to training problems."""

    kind: ClassVar[str] = "teach"
    models: ClassVar[tuple[str, ...]] = ("teacher",)
    own_function: ClassVar[str] = "create_distilled_dataset"
    hosted: ClassVar[tuple[str, ...]] = ("teacher",)

    teacher: str = "oak"
    """A built-in name, a folder, a hub id, a hosted model, or `file:` and teacher data's path."""
    precision: str = "nf4-dq"
    data: DataSpec = field(default_factory=lambda: DataSpec(split="train", limit=2000))
    in_flight: int = 50
    """Questions asked and not yet answered, at most."""
    max_new_tokens: int = 200
    keep: str = "correct"
    """`correct` leaves answers with a wrong result out of the data set; `all` keeps them."""
    rationale: str = "full"
    """`full` teaches all that the teacher wrote; `answer only` the line with the result."""
    seed: int = 0
    device: str = "auto"
    own: Own | None = None
    """One's own `create_distilled_dataset`, and `filter_sample` in place of `keep`."""

    def title(self) -> str:
        """Such as `teach with oak, 2,000 questions`."""
        if file := registry.written(self.teacher):
            return f"teach from {file.name.partition('-')[2] or file.name}"
        return f"teach with {_short(self.teacher)}, {self.data.amount} questions"


@dataclass(frozen=True, slots=True)
class SftSpec(Spec):
    """Fine-tune a student's LoRA adapter on a teacher's answers, over the quantized model."""

    kind: ClassVar[str] = "sft"
    needs_kinds: ClassVar[Mapping[str, str]] = {"teach": "teach"}
    models: ClassVar[tuple[str, ...]] = ("student",)

    teach: int
    """The teach run whose answers are learnt."""
    student: str = "acorn"
    precision: str = "nf4-dq"
    lora_r: int = 32
    """Rank of the adapter."""
    lora_alpha: int = 32
    """The adapter's output is scaled by alpha / r."""
    lora_dropout: float = 0.1
    target_modules: tuple[str, ...] = ("q_proj", "k_proj", "v_proj")
    """Layers that get an adapter, by name; `("all-linear",)` for all of them."""
    epochs: int = 1
    max_steps: int = -1
    """Stop after so many optimizer steps; -1 goes by epochs."""
    batch_size: int = 8
    gradient_accumulation: int = 1
    """Batches summed up before a step."""
    learning_rate: float = 5e-4
    weight_decay: float = 0.01
    scheduler: str = "cosine"
    warmup_steps: int = 10
    optimizer: str = "auto"
    """One of `rules.OPTIMIZERS`."""
    max_length: int = 512
    """Tokens of a row, prompt and completion; longer rows are cut."""
    logging_steps: int = 5
    eval_steps: int = 50
    validation: int = 64
    """Answers held out of the training, for the validation loss."""
    checkpoint_steps: int = 50
    checkpoint_seconds: float = 60
    """A checkpoint is due after so many steps or seconds, whichever comes first."""
    seed: int = 0
    device: str = "auto"

    def title(self) -> str:
        """Such as `sft acorn ← answers of run 2, r 32`."""
        return f"sft {_short(self.student)} ← answers of run {self.teach}, r {self.lora_r}"

    def ready(self, home: Home, spec_of: SpecOf) -> None:
        """Raise SpecError where the student has no such layers, or the batch no room."""
        from engine.kinds import fits
        from engine.machine import machine

        fits.check(self, machine(home.cards), spec_of(self.teach)["data"]["source"])


@dataclass(frozen=True, slots=True)
class SampleSpec(Spec):
    """Ask a model every problem K times, at a temperature."""

    kind: ClassVar[str] = "sample"
    needs_kinds: ClassVar[Mapping[str, str]] = {"adapter": "sft"}
    models: ClassVar[tuple[str, ...]] = ("model",)

    model: str = "acorn"
    precision: str = "nf4-dq"
    adapter: int | None = None
    data: DataSpec = field(default_factory=DataSpec)
    k: int = 5
    """Samples of each problem."""
    temperature: float = 0.7
    top_p: float = 0.9
    """Sample from the likeliest tokens that together have this probability."""
    batch_size: int = 50
    max_new_tokens: int = 200
    seed: int = 0
    device: str = "auto"

    def title(self) -> str:
        """Such as `sample acorn + adapter 4, 5 × 300 validation problems`."""
        return f"sample {_model(self)}, {self.k} × {_problems(self.data)}"


@dataclass(frozen=True, slots=True)
class CascadeSpec(Spec):
    """Keep the student's answers that it is sure of; ask the strong model the others."""

    kind: ClassVar[str] = "cascade"
    needs_kinds: ClassVar[Mapping[str, str]] = {
        "sample": "sample", "strong": "evaluate", "student": "evaluate",
    }  # fmt: skip
    models: ClassVar[tuple[str, ...]] = ("strong_model",)
    own_function: ClassVar[str] = "student_answer_and_confidence"
    hosted: ClassVar[tuple[str, ...]] = ("strong_model",)

    sample: int
    """The sample run that holds the student's K answers."""
    strong: int | None = None
    """An evaluate run of the strong model on the same problems: its answers are reused."""
    student: int | None = None
    """An evaluate run of the student, for its own score on the score card."""
    strong_model: str = "oak"
    strong_precision: str = "nf4-dq"
    k: int = 5
    """How many of the samples vote."""
    threshold: float = 0.5
    """The student's answer is kept where its share of the votes is at least this."""
    prices: Prices = field(default_factory=Prices)
    """Of the strong model, in dollars a million tokens."""
    batch_size: int = 50
    max_new_tokens: int = 200
    seed: int = 0
    device: str = "auto"
    own: Own | None = None
    """One's own `student_answer_and_confidence`, in place of the engine's vote."""

    def title(self, split: str = "") -> str:
        """Such as `cascade run 5 → oak on test, K 5, threshold 0.5`; `split` where it is known."""
        strong = _short(self.strong_model) + (f" on {split}" if split else "")
        return f"cascade run {self.sample} → {strong}, K {self.k}, threshold {self.threshold:g}"

    def titled(self, spec_of: SpecOf) -> str:
        """Its problems are those of the samples that it keeps or not."""
        return self.title(spec_of(self.sample)["data"]["split"])


SPECS: dict[str, type[Spec]] = {
    spec.kind: spec for spec in (EvaluateSpec, TeachSpec, SftSpec, SampleSpec, CascadeSpec)
}
"""Every kind of run, in the order in which a pipeline takes them."""


def read(kind: str, values: Mapping[str, Any]) -> Spec:
    """The spec of a run's row. Raises SpecError for a kind or a field that is unknown."""
    if kind not in SPECS:
        what = f"There is no run of kind {kind!r}."
        raise SpecError("kind", kind, what, f"The kinds are {', '.join(SPECS)}.")
    return SPECS[kind].from_dict(values)


def _short(model: str) -> str:
    if registry.hosted(model):
        return model
    return os.path.basename(model.rstrip(os.sep)) or model


def _model(spec: EvaluateSpec | SampleSpec) -> str:
    return _short(spec.model) + (f" + adapter {spec.adapter}" if spec.adapter else "")


def _problems(data: DataSpec) -> str:
    """Such as `300 test problems`: which of a split, for a chain asks two of them alike."""
    return f"{data.amount} {data.split} problems"
