"""The whole chain, from a 4-bit load to a scored cascade, as runs that wait for one another.

    baseline -> teach -> sft -> student -> teacher -> sample -> cascade

A stage is a run like any other; its spec names the runs it builds on by their numbers. Whoever
submits a chain may go away: the worker takes it from there, and `engine.runs.card.card` reads the
score card off the rows at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.cascades.prices import Prices, read
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.runs.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

Spec = EvaluateSpec | TeachSpec | SftSpec | SampleSpec | CascadeSpec

ORDER = ("baseline", "teach", "sft", "student", "teacher", "sample", "cascade")
"""The stages' names. The cascade waits for all of them, so that its row names the whole chain."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How much of everything."""

    name: str
    about: str
    """One sentence for a list."""
    test_problems: int
    """Problems that every model is judged on."""
    teacher_questions: int
    """Training questions put to the teacher."""
    k: int = 5
    """Samples of the student for each test problem."""
    level: int = 2
    """Difficulty of the built-in problems."""
    seed: int = 0
    sft: Mapping[str, object] = field(default_factory=dict)
    """Fields of SftSpec that this preset sets over the settings'."""


PRESETS = {
    "quick": Preset(
        "quick",
        "All of it, small: to see the chain work.",
        test_problems=100,
        teacher_questions=400,
        sft={"epochs": 4, "validation": 16, "eval_steps": 25},
    ),
    "full": Preset(
        "full",
        "All of it, at the size where the numbers mean something.",
        test_problems=300,
        teacher_questions=2000,
    ),
}

SETTINGS: dict[str, dict[str, object]] = {
    "untouched": {
        "lora_r": 32,
        "lora_alpha": 32,
        "lora_dropout": 0.1,
        "target_modules": ("q_proj", "k_proj", "v_proj"),
        "learning_rate": 5e-4,
        "epochs": 1,
        "batch_size": 8,
    },
    "tuned": {
        "lora_r": 32,
        "lora_alpha": 32,
        "lora_dropout": 0.0,
        "target_modules": ("all-linear",),
        "learning_rate": 5e-3,
        "epochs": 2,
        "batch_size": 16,
    },
}
"""Fine-tuning settings: the tutorial's as they are handed out, and sensible ones."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of the chain, before it has a number."""

    name: str
    """Its place in the chain, such as `baseline`."""
    kind: str
    after: tuple[str, ...]
    """Stages that must have finished first."""
    spec: Callable[[Mapping[str, int]], Spec]
    """Makes the spec, given the run numbers of the stages before it."""


def build(
    preset: str | Preset = "quick",
    *,
    student: str = "acorn",
    teacher: str = "oak",
    settings: str | Mapping[str, object] = "tuned",
    threshold: float = 0.5,
    precision: str = "nf4-dq",
    device: str = "auto",
    prices: Prices | None = None,
) -> tuple[Stage, ...]:
    """The seven stages, in the order they run.

    Args:
        preset: A name in PRESETS, or sizes of your own.
        student: The small model: a built-in, a folder or a hub id.
        teacher: The large model, which is also the cascade's strong one.
        settings: A name in SETTINGS, or fields of SftSpec.
        threshold: The least confidence that keeps the student's answer.
        precision: Of every model in the chain.
        device: Where to compute.
        prices: The strong model's; None takes the default table's.

    Raises:
        SpecError: No such preset or settings.
    """
    size = PRESETS[_known("preset", preset, PRESETS)] if isinstance(preset, str) else preset
    if isinstance(settings, str):
        settings = SETTINGS[_known("settings", settings, SETTINGS)]
    tune = {**settings, **size.sft}
    test = DataSpec(split="test", level=size.level, limit=size.test_problems, seed=size.seed)
    train = DataSpec(split="train", level=size.level, limit=size.teacher_questions, seed=size.seed)
    same = {"precision": precision, "device": device, "seed": size.seed}
    paid = prices or read().of(teacher)

    def evaluate(model: str, adapter_of: str | None = None) -> Callable[[Mapping[str, int]], Spec]:
        return lambda ids: EvaluateSpec(
            model=model, adapter=ids[adapter_of] if adapter_of else None, data=test, **same
        )

    def cascade(ids: Mapping[str, int]) -> Spec:
        return CascadeSpec(
            sample=ids["sample"],
            strong=ids["teacher"],
            strong_model=teacher,
            strong_precision=precision,
            student=ids["student"],
            k=size.k,
            threshold=threshold,
            prices=paid,
            device=device,
        )

    return (
        Stage("baseline", "evaluate", (), evaluate(student)),
        Stage("teach", "teach", (), lambda ids: TeachSpec(teacher=teacher, data=train, **same)),
        Stage(
            "sft",
            "sft",
            ("teach",),
            lambda ids: SftSpec(student=student, teach=ids["teach"], **tune, **same),
        ),
        Stage("student", "evaluate", ("sft",), evaluate(student, "sft")),
        Stage("teacher", "evaluate", (), evaluate(teacher)),
        Stage(
            "sample",
            "sample",
            ("sft",),
            lambda ids: SampleSpec(model=student, adapter=ids["sft"], data=test, k=size.k, **same),
        ),
        Stage("cascade", "cascade", ORDER[:-1], cascade),
    )


def submit(client: Client, stages: tuple[Stage, ...]) -> dict[str, int]:
    """Queue a chain and return each stage's run number; the worker starts by itself."""
    ids: dict[str, int] = {}
    with client.together():
        for stage in stages:
            after = tuple(ids[name] for name in stage.after)
            ids[stage.name] = client.submit(stage.kind, stage.spec(ids), after=after)
    return ids


def chain(run: Run) -> dict[str, int] | None:
    """The chain that a cascade ends, as `submit` returned it; None for any other run."""
    if run.kind != "cascade" or len(run.after) != len(ORDER) - 1:
        return None
    return dict(zip(ORDER, (*run.after, run.id), strict=True))


def _known(field_name: str, value: str, table: Mapping[str, object]) -> str:
    if value not in table:
        way_out = f"Choose one of {', '.join(table)}."
        raise SpecError(field_name, value, f"There is no {field_name} '{value}'.", way_out)
    return value
