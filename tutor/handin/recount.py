"""A cascade decided and billed again, from predictions that lie in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.cascades.prices import Prices
from engine.cascades.replay import Case, Policy, Said, decide, replay
from engine.cascades.stored import as_dict, cases
from engine.cascades.voting import vote
from engine.errors import EngineError
from engine.kinds.own import votes as own_votes
from tutor.handin.claims import Claim, near, same

Judged = Mapping[int, Sequence[Mapping[str, Any]]]
"""Predictions by the number of their run."""
MEASURES = (("em", "em"), ("cost_saving", "cost saving"))
"""What points are given for."""


def recounted(
    run: Mapping[str, Any], drawn: Mapping[str, Any], judged: Judged, *, run_code: bool
) -> tuple[dict[str, Any], list[Claim]]:
    """What a cascade's result is, by `as_dict`, and whether it says the same.

    Args:
        run: The cascade, as the record holds it.
        drawn: The sample run that it builds on.
        judged: Predictions, judged again.
        run_code: Let code of one's own say its confidences once more.

    Raises:
        KeyError: A run that it builds on is not in the record.
    """
    cases = _cases(run, judged)
    policy = Policy(run["spec"]["k"], run["spec"]["threshold"])
    found = as_dict(
        replay(
            cases,
            policy,
            Prices(**run["spec"]["prices"]),
            student_parameters=run["result"]["student_parameters"],
            strong_parameters=run["result"]["strong_parameters"],
        )
    )
    sure = list(_confidence(run, drawn, cases, judged, run_code))
    told = [*sure, *_asked(run, cases, policy, judged)]
    for measure, name in MEASURES:
        counted = same(f"cascade: {name}", run["result"][measure], found[measure])
        told.append(counted.standing_on(sure))
    names = dict(MEASURES)
    others = [k for k in found if k not in names and not near(run["result"].get(k), found[k])]
    if others:
        said = ", ".join(f"{key} {run['result'].get(key)}" for key in others)
        words = ", ".join(f"{key} {found[key]}" for key in others)
        told.append(Claim("cascade: counts", said, words, False))
    return found, told


def _confidence(
    run: Mapping[str, Any],
    drawn: Mapping[str, Any],
    cases: Sequence[Case],
    judged: Judged,
    run_code: bool,
) -> Iterator[Claim]:
    """Whether the confidences are those of the code that the cascade computed with."""
    own, what = run["spec"].get("own"), "cascade: own confidence"
    said = f"{len(run['said']):,} problems"
    if not own or not run["said"]:
        if bool(own) != bool(run["said"]):
            found = "no code said them" if run["said"] else "its code's word was not handed in"
            yield Claim(what, said, found, False if run["said"] else None)
        return
    k = run["spec"]["k"]
    apart = sum(not _as_the_vote(case, k) for case in cases)
    words = f"otherwise than the vote on {apart:,}"
    if not apart:
        yield Claim(what, said, words, True)
    elif not run_code:
        yield Claim(what, said, f"{words}: the code was not asked", None, needs_code=True)
    else:
        yield _asked_again(what, said, run, drawn, judged)


def _as_the_vote(case: Case, k: int) -> bool:
    voted, said = vote([each.value for each in case.samples[:k]]), case.said[k - 1]
    return said.answer == voted.answer and abs(said.confidence - voted.confidence) < 1e-6


def _asked_again(
    what: str, said: str, run: Mapping[str, Any], drawn: Mapping[str, Any], judged: Judged
) -> Claim:
    from lessons.kit.worker.own import perform

    generation = {name: drawn["spec"][name] for name in ("temperature", "top_p", "max_new_tokens")}
    generation["do_sample"] = generation["temperature"] > 0
    try:
        with perform(run["spec"]["own"]["source"], lambda line: None, lambda: None) as code:
            now = own_votes.said(code, judged[drawn["id"]], generation)
    except EngineError as error:
        return Claim(what, said, str(error), False)
    before = _said(run)
    others = sum(
        len(before.get(id, ())) != len(by_k)
        or any(not _one(*pair) for pair in zip(before[id], by_k, strict=True))
        for id, by_k in now.items()
    ) + len(before.keys() - now.keys())
    return Claim(what, said, f"the code says otherwise on {others:,}", not others)


def _one(before: Said, now: Said) -> bool:
    return before.answer == now.answer and abs(before.confidence - now.confidence) < 1e-6


def _asked(
    run: Mapping[str, Any], cases: Sequence[Case], policy: Policy, judged: Judged
) -> Iterator[Claim]:
    """What the cascade itself asked is what nobody had asked before, and nothing else."""
    strong = {row["problem_id"] for row in judged.get(run["spec"]["strong"], ())}
    sent = {case.problem_id for case in cases if decide(case, policy).sent}
    asked = {row["problem_id"] for row in judged.get(run["id"], ())}
    if asked or sent - strong:
        needed = sent - strong
        found = f"{len(needed - asked):,} missing, {len(asked - needed):,} that it had not to ask"
        yield Claim("cascade: asked", f"{len(asked):,} problems", found, asked == needed)


def _said(run: Mapping[str, Any]) -> dict[str, tuple[Said, ...]]:
    return {id: tuple(Said(*each) for each in by_k) for id, by_k in run["said"].items()}


def _cases(run: Mapping[str, Any], judged: Judged) -> list[Case]:
    spec = run["spec"]
    strong = [*judged.get(spec["strong"], ()), *judged.get(run["id"], ())]
    return cases(judged[spec["sample"]], strong, _said(run))
