"""Whether the runs that a notebook holds are one chain, as the tutorial's points ask for.

A run names others by their numbers; what it stands on has to be there, and be what it says: the
student that learnt is the one that answers, on the problems that the teacher answers, and it is
not the teacher. The fingerprints that the runs wrote down have to agree with that.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.chain.earned import LEAST_PROBLEMS, LEVEL
from engine.chain.pipeline import ORDER, PRESETS
from engine.data.problems import DataSpec
from engine.models.registry import hosted
from tutor.handin.claims import Claim, faults

BEST = "best_"
"""Before the stage of a run that belongs to a better student's chain."""
KINDS = {"teach": "teach", "sft": "sft", "sample": "sample", "cascade": "cascade"}
"""The kind of a stage's run, by the last word of its name; all others evaluate."""
ALIKE = 0.9
"""From this share of equal texts on, one model's answers may be another's."""
Runs = Mapping[str, Mapping[str, Any]]


def claims(
    runs: Sequence[Mapping[str, Any]], judged: Mapping[int, Sequence[Mapping[str, Any]]]
) -> Iterator[Claim]:
    """What the runs say of one another.

    Args:
        runs: As the record holds them.
        judged: Predictions by the number of their run.
    """
    named = {run["name"]: run for run in runs}
    told = [*_names(runs), *_builds_on(named), *_fingerprints(runs)]
    yield faults("runs: one chain", f"{len(runs)} runs", told, "each stands on the others")
    yield from _chosen(named)
    for name, other in (("student", "teacher"), ("sample", "teacher"), ("best_student", "teacher")):
        if name in named and other in named:
            yield from _its_own(named[name], named[other], judged)


def of_preset(data: Mapping[str, Any]) -> bool:
    """Whether these are a preset's test problems."""
    spec = DataSpec(**data)
    sizes = {(size.test_problems, size.level, size.seed) for size in PRESETS.values()}
    if spec.source == "gsm8k":
        return spec.split == "test" and (spec.limit, spec.seed) in {(n, s) for n, _, s in sizes}
    return spec.split == "test" and (spec.limit, spec.level, spec.seed) in sizes


def _chosen(named: Runs) -> Iterator[Claim]:
    """The problems that points were measured on."""
    for name in ("student", "best_student", "sample"):
        if name not in named:
            continue
        data = named[name]["spec"]["data"]
        level = "" if data["source"] == "gsm8k" else f"level {data['level']}, "
        said = f"{data['split']}, {level}{data['limit'] or 'all'}, seed {data['seed']}"
        if of_preset(data):
            yield Claim(f"{name}: set", said, "a preset's test problems", True)
        elif data["split"] != "test" or (level and data["level"] < LEVEL):
            found = f"no points: those are for the test split, from level {LEVEL} on"
            yield Claim(f"{name}: set", said, found, True)
        elif data["limit"] and data["limit"] < LEAST_PROBLEMS:
            found = f"no points: those are for {LEAST_PROBLEMS} problems or more"
            yield Claim(f"{name}: set", said, found, True)
        else:
            yield Claim(f"{name}: set", said, "no preset's: why these, the learner can say", None)


def _names(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for key, what in (("name", "name"), ("id", "number")):
        for value, count in Counter(run[key] for run in runs).items():
            if count > 1:
                yield f"{count} runs have the {what} {value}"
    for run in runs:
        stage = run["name"].removeprefix(BEST)
        kind = KINDS.get(stage.removeprefix("validation_"), "evaluate")
        if stage not in ORDER or run["kind"] != kind:
            yield f"{run['name']} is of kind {run['kind']}"


def _builds_on(named: Runs) -> Iterator[str]:
    """Where a run stands on another than it should."""
    ids = {run["id"]: run for run in named.values()}

    def link(name: str, field: str, *wanted: str) -> Mapping[str, Any] | None:
        run = named.get(name)
        if run is None:
            return None
        other = ids.get(run["spec"].get(field))
        if other is None or other["name"] not in wanted:
            return None
        return other

    def expect(name: str, field: str, *wanted: str) -> Iterator[str]:
        run = named.get(name)
        present = [each for each in wanted if each in named]
        if run is not None and present and link(name, field, *wanted) is None:
            yield f"{name}'s {field} is run {run['spec'].get(field)}, not the {wanted[0]}'s"

    for name, field, *wanted in (
        ("sft", "teach", "teach"),
        ("best_sft", "teach", "best_teach", "teach"),
        ("student", "adapter", "sft"),
        ("best_student", "adapter", "best_sft", "sft"),
        ("sample", "adapter", "sft"),
        ("validation_sample", "adapter", "sft"),
        ("cascade", "sample", "sample"),
        ("cascade", "strong", "teacher"),
        ("cascade", "student", "student"),
    ):
        yield from expect(name, field, *wanted)
    for name in ("student", "best_student"):
        if name in named and named[name]["spec"]["adapter"] is None:
            yield f"{name} has no adapter"
    yield from _models(named, link)
    yield from _problems(named)


def _models(named: Runs, link: Any) -> Iterator[str]:
    """The student is one model in all runs, the teacher another."""
    for name in ("student", "best_student", "sample"):
        run, sft = named.get(name), link(name, "adapter", "sft", "best_sft")
        if run is None:
            continue
        model = run["spec"]["model"]
        if sft is not None and sft["spec"]["student"] != model:
            yield f"{name} is {model}, and its adapter is {sft['spec']['student']}'s"
        taught = sft and link(sft["name"], "teach", "teach", "best_teach")
        teachers = {taught["spec"]["teacher"]} if taught else set()
        if name == "sample" and "cascade" in named:
            teachers.add(named["cascade"]["spec"]["strong_model"])
        if model in teachers:
            yield f"{name} is {model}, the teacher itself"
    cascade, strong = named.get("cascade"), link("cascade", "strong", "teacher")
    if cascade and strong:
        spec, wanted = strong["spec"], cascade["spec"]["strong_model"]
        precise = hosted(wanted) or spec["precision"] == cascade["spec"]["strong_precision"]
        if spec["model"] != wanted or spec["adapter"] is not None or not precise:
            yield f"the cascade's strong model is {wanted}, and the teacher's run is another's"
        for side, price in cascade["spec"]["prices"].items():
            if type(price) not in (int, float) or not math.isfinite(price) or price < 0:
                yield f"the {side} price is {price}"


def _problems(named: Runs) -> Iterator[str]:
    """What is counted on test is counted on the same problems."""
    if "sample" not in named:
        return
    data = named["sample"]["spec"]["data"]
    for name in ("teacher", "student", "baseline"):
        if name in named and named[name]["spec"]["data"] != data:
            yield f"{name} answers other problems than the samples"


def _fingerprints(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the runs wrote down of their weights: of one name they are one, of two they are two."""
    models: dict[str, set[str]] = {}
    adapters: dict[int, set[str]] = {}
    for run in runs:
        told = run["environment"].get("fingerprints", {})
        name = run["spec"].get("model") or run["spec"].get("student")
        if isinstance(name, str) and "model" in told:
            models.setdefault(name, set()).add(told["model"])
        if (sft := run["spec"].get("adapter")) is not None and "adapter" in told:
            adapters.setdefault(sft, set()).add(told["adapter"])
    for name, found in models.items():
        if len(found) > 1:
            yield f"{name} has {len(found)} different weights"
    for one, two in ((a, b) for a in models for b in models if a < b):
        if models[one] & models[two]:
            yield f"{one} and {two} have the same weights"
    for sft, found in adapters.items():
        if len(found) > 1:
            yield f"the adapter of run {sft} has {len(found)} different weights"


def _its_own(
    run: Mapping[str, Any],
    teacher: Mapping[str, Any],
    judged: Mapping[int, Sequence[Mapping[str, Any]]],
) -> Iterator[Claim]:
    """A student writes otherwise than its teacher somewhere, the better the seldomer."""
    texts = {row["problem_id"]: row["text"] for row in judged.get(teacher["id"], ())}
    both = [row for row in judged.get(run["id"], ()) if row["problem_id"] in texts]
    if not both:
        return
    alike = sum(row["text"] == texts[row["problem_id"]] for row in both) / len(both)
    holds = False if alike == 1 else None if alike >= ALIKE else True
    found = f"{alike:.0%} are the teacher's, word for word"
    yield Claim(f"{run['name']}: texts", f"{len(both):,} of its own", found, holds)
