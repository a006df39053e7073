"""A cascade decided and billed again, from predictions that lie in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cascades.prices import Prices
from engine.cascades.replay import Case, Policy, Said, replay
from engine.cascades.stored import as_dict, cases
from engine.cascades.voting import vote


def recount(
    run: Mapping[str, Any], judged: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """What a cascade's result is, by `as_dict`.

    Args:
        run: The cascade, as the record holds it.
        judged: Predictions by the number of their run.

    Raises:
        KeyError: A run that it builds on is not in the record.
    """
    outcome = replay(
        _cases(run, judged),
        Policy(run["spec"]["k"], run["spec"]["threshold"]),
        Prices(**run["spec"]["prices"]),
        student_parameters=run["result"]["student_parameters"],
        strong_parameters=run["result"]["strong_parameters"],
    )
    return as_dict(outcome)


def differs(
    run: Mapping[str, Any], judged: Mapping[int, Sequence[Mapping[str, Any]]]
) -> int | None:
    """On how many problems code of one's own and the engine's vote are not one; None without any.

    Arguments are those of `recount`.
    """
    if not run["said"]:
        return None
    k = run["spec"]["k"]
    count = 0
    for case in _cases(run, judged):
        voted = vote([each.value for each in case.samples[:k]])
        said = case.said[k - 1]
        near = abs(said.confidence - voted.confidence) < 1e-6
        count += not (near and said.answer == voted.answer)
    return count


def _cases(run: Mapping[str, Any], judged: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[Case]:
    spec = run["spec"]
    strong = [*judged.get(spec["strong"], ()), *judged.get(run["id"], ())]
    said = {id: tuple(Said(*each) for each in by_k) for id, by_k in run["said"].items()}
    return cases(judged[spec["sample"]], strong, said)
