"""The kinds of run that the engine knows, in the order in which a pipeline takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds import fits
from engine.kinds.kind import Kind, Metric, Running, register
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from engine.machine import Machine


def _asked(spec: Mapping[str, Any], result: Mapping[str, Any] | None, _: object) -> float:
    """Problems, or problems x K."""
    asked = (result.get("n") or result.get("asked")) if result else None
    return (asked or spec["data"]["limit"]) * spec.get("k", 1)


def _learnt(
    spec: Mapping[str, Any], result: Mapping[str, Any] | None, foresight: Any
) -> float | None:
    """Rows x epochs."""
    rows = result.get("rows") if result else foresight.rows(spec)
    if rows is None:
        return None
    steps = spec["max_steps"]
    return rows * spec["epochs"] if steps < 0 else steps * spec["batch_size"]


def _learning_bytes(spec: Mapping[str, Any], machine: Machine, source: str) -> int | None:
    """What a training takes by its spec, which may build on a run that is not there yet."""
    return fits.training_bytes(SftSpec.from_dict(spec), machine, fits.ROW_TOKENS[source])


def _at_once(*_: object) -> float:
    """A cascade looks up what was answered before."""
    return 1.0


_OF_SFT = (
    "student", "precision", "lora_r", "lora_alpha", "lora_dropout", "target_modules",
    "learning_rate", "scheduler", "epochs", "batch_size", "optimizer",
)  # fmt: skip

EVALUATE = register(
    Kind(
        EvaluateSpec.kind,
        EvaluateSpec,
        "engine.kinds.evaluate:compute",
        word="score",
        about="Ask a model every problem once and score it.",
        example="--model acorn --limit 50",
        shows=("model", "adapter", "precision", "limit", "level", "own"),
        curve=Running("EM so far"),
        answers="predictions",
        torch=True,
        model="model",
        work=_asked,
        bytes=fits.answering_bytes,
        billed=True,
    )
)
TEACH = register(
    Kind(
        TeachSpec.kind,
        TeachSpec,
        "engine.kinds.teach:compute",
        word="teach",
        about="Have a teacher answer training questions.",
        example="--teacher oak --limit 500",
        shows=("teacher", "precision", "limit", "level", "keep", "own"),
        curve=Running("right so far"),
        answers="answers",
        torch=True,
        model="teacher",
        work=_asked,
        bytes=fits.answering_bytes,
        billed=True,
    )
)
SFT = register(
    Kind(
        SftSpec.kind,
        SftSpec,
        "engine.kinds.sft:compute",
        word="fine-tune",
        about="Fine-tune a student on a teacher's answers.",
        example="--teach 2 --lora-r 16",
        shows=_OF_SFT,
        curve=Metric("loss", beside="validation_loss", beside_word="validation"),
        unjudged="Fine-tuning judges nothing; the score after it does.",
        torch=True,
        model="student",
        work=_learnt,
        bytes=_learning_bytes,
    )
)
SAMPLE = register(
    Kind(
        SampleSpec.kind,
        SampleSpec,
        "engine.kinds.sample:compute",
        word="sample",
        about="Ask a model every problem K times.",
        example="--model acorn --adapter 3 --k 5",
        shows=("model", "adapter", "precision", "limit", "k", "temperature", "top_p"),
        curve=Running("EM so far"),
        answers="predictions",
        torch=True,
        model="model",
        work=_asked,
        bytes=fits.answering_bytes,
    )
)
CASCADE = register(
    Kind(
        CascadeSpec.kind,
        CascadeSpec,
        "engine.kinds.cascade:compute",
        word="cascade",
        about="Keep sure answers, ask the strong model the rest.",
        example="--sample 5 --threshold 0.8",
        shows=("strong_model", "k", "threshold", "input", "output", "own"),
        curve=Running("EM so far", then_policies=True),
        answers="predictions",
        model="strong_model",
        work=_at_once,
    )
)
