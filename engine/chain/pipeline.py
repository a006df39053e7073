"""The whole chain, from a 4-bit load to a scored cascade, as runs that wait for one another.

    baseline -> teach -> sft -> student                               learnt on train
      -> validation_sample -> validation_teacher -> validation_cascade    tuned on validation
      -> teacher -> sample -> cascade                                 counted on test

A stage is a run like any other; its spec names the runs it builds on by their numbers. Whoever
submits a chain may go away: the worker takes it from there, and `engine.chain.card.card` reads the
score card off the rows at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.cascades.prices import Prices, read
from engine.chain.tuning import SETTINGS, UNTOUCHED, Tuning
from engine.data.problems import DataSpec
from engine.errors import RunNotFound, SpecError
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from engine.models.registry import BUILTIN, hosted, written
from engine.runs.chains import FOR_OTHERS
from engine.runs.own import Own

if TYPE_CHECKING:
    from engine.chain.forecast import Foresight
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

HOSTED_TOKENS = 1024
"""The longest answer of a hosted teacher: it may think before it writes, and that counts."""
WRITERS_TOKENS = 512
"""The longest answer of a folder's or the hub's model: of SmolLM2's, 15 in 20 pass 200 tokens."""

Spec = EvaluateSpec | TeachSpec | SftSpec | SampleSpec | CascadeSpec

ORDER = (
    "baseline", "teach", "sft", "student",
    "validation_sample", "validation_teacher", "validation_cascade",
    "teacher", "sample", "cascade",
)  # fmt: skip
"""The stages' names. The cascade waits for all of them, so that its row names the whole chain."""
REFERENCE = "reference"
"""The named settings, and the mark in the record of a run that was computed with them."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How much of everything."""

    name: str
    about: str
    """One sentence for a list."""
    test_problems: int
    """Problems that every model is judged on."""
    validation_problems: int
    """Problems that the policy is tuned on; none of them is a test problem."""
    teacher_questions: int
    """Training questions put to the teacher."""
    k: int = 5
    """Samples of the student for each problem, at least; a policy may want more."""
    level: int = 2
    """Difficulty of the built-in problems."""
    seed: int = 0
    sft: Mapping[str, object] = field(default_factory=dict)
    """Fields of SftSpec that no settings have, where this size needs others."""
    reference: Mapping[str, Any] = field(default_factory=dict)
    """What the reference settings need otherwise at this size."""


PRESETS = {
    "quick": Preset(
        "quick",
        "All of it, small: to see the chain work.",
        test_problems=100,
        validation_problems=100,
        teacher_questions=400,
        sft={"validation": 16, "eval_steps": 25},
        reference={"epochs": 4},
    ),
    "full": Preset(
        "full",
        "All of it, at the size where the numbers mean something.",
        test_problems=300,
        validation_problems=300,
        teacher_questions=2000,
    ),
}


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
    reference: bool = False
    """Whether it stands on the reference's settings or policy, and so brings nobody points."""

    for_others: bool = False
    """Whether its result is of use only to the stages behind it, and has no points or card."""

    @property
    def noted(self) -> dict[str, bool]:
        """What its run's record says of that."""
        said = {REFERENCE: self.reference, FOR_OTHERS: self.for_others}
        return {name: True for name, so in said.items() if so}


def build(
    preset: str | Preset = "quick",
    *,
    student: str = "acorn",
    teacher: str = "oak",
    settings: str | Tuning = REFERENCE,
    policy: str | Tuning | None = None,
    precision: str = "nf4-dq",
    device: str = "auto",
    prices: Prices | None = None,
    own: Mapping[str, Own] | None = None,
    data: DataSpec | None = None,
    max_new_tokens: int | None = None,
) -> tuple[Stage, ...]:
    """The ten stages, in the order they run.

    Args:
        preset: A name in PRESETS, or sizes of your own.
        student: The small model: a built-in, a folder or a hub id.
        teacher: The large model, which is also the cascade's strong one; it may be hosted.
        settings: A name in SETTINGS, or settings of your own.
        policy: Whose K, temperature, top-p and threshold hold; None takes the settings'.
        precision: Of every model in the chain.
        device: Where to compute.
        prices: The strong model's; None takes the default table's.
        own: Code of one's own by the stage that computes with it: `baseline`, `teach`, and
            `cascade`, which is the validation's too.
        data: Its source and path say where problems come from; None takes the built-in generator.
        max_new_tokens: Where answers are cut off; None goes by who writes them.

    Raises:
        SpecError: There is no such preset or settings, or a setting cannot be right.
    """
    size = PRESETS[_known("preset", preset, PRESETS)] if isinstance(preset, str) else preset
    policy = settings if policy is None else policy
    tuning = _tuning(settings, size).with_policy(_tuning(policy, size))
    tuning.check()
    where = {"source": data.source, "path": data.path} if data else {}
    of = partial(DataSpec, level=size.level, seed=size.seed, **where)
    train = of(split="train", limit=size.teacher_questions)
    validation = of(split="validation", limit=size.validation_problems)
    test = of(split="test", limit=size.test_problems)
    same = {"precision": precision, "device": device, "seed": size.seed}
    longest = {name: _longest(name, max_new_tokens) for name in (student, teacher)}
    paid = prices or read().of(teacher)
    drawn = max(size.k, tuning.k)
    by_settings, by_policy = settings == REFERENCE, policy == REFERENCE
    own = own or {}

    def evaluate(model: str, data: DataSpec, adapter_of: str | None = None):
        more = {**same, **longest[model]}
        return lambda ids: EvaluateSpec(
            model=model, adapter=ids[adapter_of] if adapter_of else None, data=data, **more
        )

    def sample(data: DataSpec):
        return lambda ids: SampleSpec(
            model=student, adapter=ids["sft"], data=data, k=drawn,
            temperature=tuning.temperature, top_p=tuning.top_p, **same, **longest[student],
        )  # fmt: skip

    def cascade(sample: str, strong: str, student: str | None, k: int, threshold: float):
        return lambda ids: CascadeSpec(
            sample=ids[sample],
            strong=ids[strong],
            strong_model=teacher,
            strong_precision=precision,
            student=ids[student] if student else None,
            k=k,
            threshold=threshold,
            prices=paid,
            device=device,
            own=own.get("cascade"),
            **longest[teacher],
        )

    def baseline(ids: Mapping[str, int]) -> Spec:
        return replace(evaluate(student, test)(ids), own=own.get("baseline"))

    def teach(ids: Mapping[str, int]) -> Spec:
        asked = {**same, **longest[teacher]}
        return TeachSpec(teacher=teacher, data=train, own=own.get("teach"), **asked)

    def sft(ids: Mapping[str, int]) -> Spec:
        learns = {**tuning.sft, **size.sft}
        return SftSpec(student=student, teach=ids["teach"], **learns, **same)

    # What is tuned on validation does not hang on the policy that is being tuned: it replays all.
    tuned = ("validation_sample", "validation_teacher")
    replays = cascade(*tuned, None, drawn, UNTOUCHED.threshold)
    counts = cascade("sample", "teacher", "student", tuning.k, tuning.threshold)
    return (
        Stage("baseline", "evaluate", (), baseline),
        Stage("teach", "teach", (), teach),
        Stage("sft", "sft", ("teach",), sft, by_settings),
        Stage("student", "evaluate", ("sft",), evaluate(student, test, "sft"), by_settings),
        Stage("validation_sample", "sample", ("sft",), sample(validation), for_others=True),
        Stage("validation_teacher", "evaluate", (), evaluate(teacher, validation), for_others=True),
        Stage("validation_cascade", "cascade", tuned, replays),
        Stage("teacher", "evaluate", (), evaluate(teacher, test), for_others=True),
        Stage("sample", "sample", ("sft",), sample(test), for_others=True),
        Stage("cascade", "cascade", ORDER[:-1], counts, by_policy),
    )


def submit(
    client: Client, stages: tuple[Stage, ...], foresight: Foresight | None = None
) -> dict[str, int]:
    """Queue a chain and return each stage's run number; the worker starts by itself.

    Args:
        client: Of the home that they are to run in.
        stages: As `build` gives them.
        foresight: Makes the forecasts that the runs' records are to hold; None for none.
    """
    ids: dict[str, int] = {}
    with client.together():
        for stage in stages:
            queue(client, stage, ids, foresight)
    return ids


def queue(
    client: Client, stage: Stage, ids: dict[str, int], foresight: Foresight | None = None
) -> None:
    """Queue one stage behind those that `ids` names, and add its number there."""
    spec = stage.spec(ids)
    noted = foresight.noted(stage.kind, spec.to_dict()) if foresight else {}
    after = tuple(ids[name] for name in stage.after)
    ids[stage.name] = client.submit(stage.kind, spec, after, {**stage.noted, **noted})


def chain(client: Client, run: Run) -> dict[str, int] | None:
    """The run of each stage of the chain that a cascade ends; None for any other run.

    What each is, its spec and those that name it say: a chain of an older release has fewer.
    """
    if run.kind != "cascade" or not (run.spec["student"] and run.spec["strong"]):
        return None
    try:
        others = {number: client.run(number) for number in run.after}
        ids = {"teacher": run.spec["strong"], "sample": run.spec["sample"]}
        ids |= {"student": run.spec["student"], "sft": others[ids["sample"]].spec["adapter"]}
        ids["teach"] = others[ids["sft"]].spec["teach"]
    except (KeyError, RunNotFound):  # put together by hand, on other runs than it waits for
        return None
    for other in others.values():
        if other.kind == "cascade":
            ids["validation_cascade"] = other.id
            ids["validation_sample"] = other.spec["sample"]
            ids["validation_teacher"] = other.spec["strong"]
    left = [number for number in run.after if number not in ids.values()]
    ids |= {"baseline": left[0]} if left else {}
    ids["cascade"] = run.id
    return {name: ids[name] for name in ORDER if name in ids}


def _longest(model: str, asked: int | None) -> dict[str, int]:
    """Where a model's answers are cut off; the built-ins' and recorded ones where specs have it."""
    if asked is None and (model in BUILTIN or written(model)):
        return {}
    return {"max_new_tokens": asked or (HOSTED_TOKENS if hosted(model) else WRITERS_TOKENS)}


def _tuning(settings: str | Tuning, size: Preset) -> Tuning:
    if isinstance(settings, Tuning):
        return settings
    named = SETTINGS[_known("settings", settings, SETTINGS)]
    return replace(named, **size.reference) if settings == REFERENCE else named


def _known(field_name: str, value: str, table: Mapping[str, object]) -> str:
    if value not in table:
        way_out = f"Choose one of {', '.join(table)}."
        raise SpecError(field_name, value, f"There is no {field_name} '{value}'.", way_out)
    return value
