"""What each kind of run is asked to do: one frozen dataclass a kind, and nothing but data.

A spec is written into the run's row as JSON when it is submitted and read back by the worker, so
it holds all that decides the result: two runs of equal specs on one machine give equal results.
Where a field names another run, `needs` says so, and the queue makes the run wait for it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds.kind import read
from engine.kinds.rules import (
    Adapter,
    Choice,
    Code,
    Device,
    Label,
    Layers,
    Longest,
    Model,
    Number,
    Precision,
    PricesOf,
    Problems,
    RunOf,
    Seed,
    Steps,
    Together,
    Votes,
    Whole,
)
from engine.kinds.spec import Spec
from engine.models import registry
from engine.runs.own import Own
from engine.training.selection import RATIONALES

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.submitted import SpecOf

KEEP = ("correct", "all")
SCHEDULERS = (
    "cosine", "linear", "constant", "constant_with_warmup", "cosine_with_restarts", "polynomial",
)  # fmt: skip
OPTIMIZERS = ("auto", "adamw_torch", "adamw_8bit", "paged_adamw_8bit", "sgd")

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

    model: Annotated[
        str, Model(hosted=True), "A built-in, folder, hub id, gemini:MODEL or openai:MODEL."
    ] = "acorn"
    precision: Precision = "nf4-dq"
    adapter: Adapter = None
    data: Annotated[DataSpec, Problems()] = field(default_factory=DataSpec)
    batch_size: Together = 50
    """Of a hosted model, requests in flight at most."""
    max_new_tokens: Longest = 200
    seed: Seed = 0
    device: Device = "auto"
    own: Annotated[Own | None, Code("to_prompt_ground_truth_pair"), Label("computed with")] = None
    """The problems are asked as it makes them."""

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

    teacher: Annotated[
        str, Model(hosted=True),
        "Who answers: a built-in, folder, hub id, gemini:MODEL or openai:MODEL.",
    ] = "oak"  # fmt: skip
    """Or `file:` and teacher data's path."""
    precision: Precision = "nf4-dq"
    data: Annotated[DataSpec, Problems()] = field(
        default_factory=lambda: DataSpec(split="train", limit=2000)
    )
    in_flight: Annotated[
        int, Whole(1, 4096), "Questions asked and not yet answered, at most."
    ] = 50  # fmt: skip
    max_new_tokens: Longest = 200
    keep: Annotated[
        str, Choice(KEEP), "correct leaves out answers with a wrong result; all keeps them."
    ] = "correct"
    rationale: Annotated[
        str, Choice(RATIONALES),
        "full teaches all that the teacher wrote; answer only just the result.",
    ] = "full"  # fmt: skip
    seed: Seed = 0
    device: Device = "auto"
    own: Annotated[Own | None, Code("create_distilled_dataset"), Label("computed with")] = None
    """May have a `filter_sample` in place of `keep`."""

    def title(self) -> str:
        """Such as `teach with oak, 2,000 questions`."""
        if file := registry.written(self.teacher):
            return f"teach from {file.name.partition('-')[2] or file.name}"
        return f"teach with {_short(self.teacher)}, {self.data.amount} questions"


@dataclass(frozen=True, slots=True)
class SftSpec(Spec):
    """Fine-tune a student's LoRA adapter on a teacher's answers, over the quantized model."""

    kind: ClassVar[str] = "sft"

    teach: Annotated[
        int, RunOf("teach", "answers"), "Number of the teach run whose answers are learnt."
    ]
    student: Annotated[str, Model(), "The model that learns; `tutor models` lists some."] = "acorn"
    precision: Precision = "nf4-dq"
    lora_r: Annotated[int, Whole(1, 1024), "Rank of the adapter.", Label("r")] = 32
    lora_alpha: Annotated[
        int, Number(0, above=True), "The adapter's output is scaled by alpha / r.", Label("alpha")
    ] = 32
    lora_dropout: Annotated[
        float, Number(0, 0.95), "Share of the adapter's inputs that is dropped in training.",
        Label("dropout"),
    ] = 0.1  # fmt: skip
    target_modules: Annotated[
        tuple[str, ...], Layers(),
        "Layers that get an adapter, with commas between; all-linear for all.",
        Label("adapted layers"),
    ] = ("q_proj", "k_proj", "v_proj")  # fmt: skip
    epochs: Annotated[int, Whole(1, 1000), "Times through the training rows."] = 1
    max_steps: Annotated[
        int, Steps(), "Stop after so many optimizer steps; -1 goes by epochs."
    ] = -1  # fmt: skip
    batch_size: Together = 8
    gradient_accumulation: Annotated[
        int, Whole(1, 4096), "Batches summed up before a step."
    ] = 1  # fmt: skip
    learning_rate: Annotated[
        float, Number(0, 10, above=True), "The highest, after the warm-up."
    ] = 5e-4  # fmt: skip
    weight_decay: Annotated[
        float, Number(0, 10), "How strongly weights are drawn to zero."
    ] = 0.01  # fmt: skip
    scheduler: Annotated[str, Choice(SCHEDULERS), "How the learning rate falls."] = "cosine"
    warmup_steps: Annotated[
        int, Whole(0), "Steps until the learning rate is at its highest."
    ] = 10  # fmt: skip
    optimizer: Annotated[
        str, Choice(OPTIMIZERS), "auto is paged_adamw_8bit on CUDA and adamw_torch elsewhere."
    ] = "auto"
    max_length: Annotated[
        int, Whole(8, 131_072), "Tokens of a training row; longer ones are cut."
    ] = 512  # fmt: skip
    logging_steps: Annotated[int, Whole(1), "Steps between two points of the curve."] = 5
    eval_steps: Annotated[int, Whole(1), "Steps between two validation losses."] = 50
    validation: Annotated[int, Whole(0), "Answers held out for the validation loss."] = 64
    checkpoint_steps: Annotated[int, Whole(1), "Steps between two checkpoints, at most."] = 50
    checkpoint_seconds: Annotated[
        float, Number(0, above=True), "Seconds between two checkpoints, at most."
    ] = 60
    seed: Seed = 0
    device: Device = "auto"

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

    model: Annotated[str, Model(), "A built-in, a folder or a hub id."] = "acorn"
    precision: Precision = "nf4-dq"
    adapter: Adapter = None
    data: Annotated[DataSpec, Problems()] = field(default_factory=DataSpec)
    k: Votes = 5
    temperature: Annotated[float, Number(0, 5), "Of the sampling."] = 0.7
    top_p: Annotated[
        float, Number(0, 1, above=True),
        "Sample from the likeliest tokens that together have this probability.",
    ] = 0.9  # fmt: skip
    batch_size: Together = 50
    max_new_tokens: Longest = 200
    seed: Seed = 0
    device: Device = "auto"

    def title(self) -> str:
        """Such as `sample acorn + adapter 4, 5 × 300 validation problems`."""
        return f"sample {_model(self)}, {self.k} × {_problems(self.data)}"


@dataclass(frozen=True, slots=True)
class CascadeSpec(Spec):
    """Keep the student's answers that it is sure of; ask the strong model the others."""

    kind: ClassVar[str] = "cascade"

    sample: Annotated[
        int,
        RunOf("sample", "samples"),
        "Number of the sample run that holds the student's answers.",
    ]
    strong: Annotated[
        int | None, RunOf("evaluate", "strong answers"),
        "Number of an evaluate run of the strong model whose answers are reused.",
    ] = None  # fmt: skip
    student: Annotated[
        int | None, RunOf("evaluate", "student's score"),
        "Number of an evaluate run of the student, for the card.",
    ] = None  # fmt: skip
    strong_model: Annotated[
        str, Model(hosted=True),
        "Who is asked where the student is unsure; also gemini:MODEL, openai:MODEL.",
    ] = "oak"  # fmt: skip
    strong_precision: Annotated[Precision, "Of its weights."] = "nf4-dq"
    k: Votes = 5
    """How many of the samples vote."""
    threshold: Annotated[
        float, Number(0, 1), "The least share of votes that keeps the student's answer."
    ] = 0.5  # fmt: skip
    prices: Annotated[Prices, PricesOf("strong_model")] = field(default_factory=Prices)
    batch_size: Together = 50
    max_new_tokens: Longest = 200
    seed: Seed = 0
    device: Device = "auto"
    own: Annotated[Own | None, Code("student_answer_and_confidence"), Label("computed with")] = None
    """In place of the engine's vote."""

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


def _short(model: str) -> str:
    if registry.hosted(model):
        return model
    return os.path.basename(model.rstrip(os.sep)) or model


def _model(spec: EvaluateSpec | SampleSpec) -> str:
    return _short(spec.model) + (f" + adapter {spec.adapter}" if spec.adapter else "")


def _problems(data: DataSpec) -> str:
    """Such as `300 test problems`: which of a split, for a chain asks two of them alike."""
    return f"{data.amount} {data.split} problems"
