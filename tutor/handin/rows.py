"""A run's predictions in a notebook: whose problems they are, what they say, what they took.

once each      every (problem, sample) that the spec asks for is there, and no other
the data's     question and gold are those of the data set, which is made again
judged         each answer is read again from its text
tokens         of a built-in model they are counted again from the text
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.data.problems import DataSpec, Problem
from engine.errors import EngineError
from engine.evaluation.answers import judge
from engine.evaluation.scores import scores
from engine.models.token_count import TokenCount, token_count
from tutor.handin.claims import Claim, faults, near, same
from tutor.handin.handed import PREDICTED

SPARE = 3
"""An answer may have been written in a token or two other than its text takes..."""
RARELY = 0.02
"""...in at most this share of a run's answers."""
Rows = list[dict[str, Any]]


def read(run: Mapping[str, Any]) -> Rows:
    """A run's predictions, each with `PREDICTED`, as they were handed in."""
    return [dict(zip(PREDICTED, each, strict=True)) for each in run["predictions"]]


def source(folder: Path | None) -> Callable[[DataSpec], Mapping[str, Problem]]:
    """What makes the problems of a spec again, by id; those of one spec once.

    Args:
        folder: Where GSM8K's files are here; None for where the spec says.
    """

    @cache
    def problems(data: DataSpec) -> Mapping[str, Problem]:
        """Raises EngineError where they cannot be had here."""
        if folder is not None and data.source == "gsm8k":
            data = replace(data, path=str(folder))
        return {problem.id: problem for problem in data.problems()}

    return problems


def judge_again(rows: Rows, problems: Mapping[str, Problem]) -> int:
    """Judge each row by its text, in place; how many came out otherwise than they were handed in.

    Args:
        rows: As `read` gives them.
        problems: By id; a row about none of them is judged by its own gold.
    """
    others = 0
    for row in rows:
        known = problems.get(row["problem_id"])
        now = judge(row["text"], known.gold if known else row["gold"])
        others += (now.extracted, now.correct) != (row["extracted"], bool(row["correct"]))
        row.update(asdict(now))
    return others


def population(
    run: Mapping[str, Any], rows: Rows, problems: Mapping[str, Problem] | EngineError
) -> Claim:
    """Whether a run's rows, as they were handed in, are each problem's own, K times and once each.

    Args:
        run: As the record holds it.
        rows: As `read` gives them.
        problems: By id, or why they cannot be had.
    """
    what, k = f"{run['name']}: problems", run["spec"]["k"] if run["kind"] == "sample" else 1
    keys = Counter((row["problem_id"], row["sample"]) for row in rows)
    twice = sum(keys.values()) - len(keys)
    ids = {id for id, _ in keys}
    said = f"{len(ids):,}" + (f" × {k}" if k > 1 else "")
    known = problems if isinstance(problems, Mapping) else dict.fromkeys(ids)
    wanted = {(id, sample) for id in known for sample in range(k)}
    missing = len(wanted - keys.keys()) if run["kind"] != "cascade" else 0
    strange = len(keys.keys() - wanted)
    forged = 0
    if isinstance(problems, Mapping):
        ours = [row for row in rows if (row["problem_id"], row["sample"]) in wanted]
        forged = sum(not _the_datas(row, problems[row["problem_id"]], run) for row in ours)
    told = [
        f"{count:,} {words}"
        for count, words in (
            (twice, "handed in twice"),
            (missing, "missing"),
            (strange, "unknown"),
            (forged, "with another question or gold"),
        )
        if count
    ]
    if isinstance(problems, EngineError) and not told:
        return Claim(what, said, str(problems), None)
    return faults(what, said, told, "each once, as the data set has it")


def tokens(run: Mapping[str, Any], rows: Rows) -> Claim:
    """Whether the tokens are those that the texts take."""
    name, model = run["name"], run["spec"].get("model") or run["spec"]["strong_model"]
    said = f"{sum(row['tokens_out'] for row in rows):,} written"
    most, hosted = run["spec"]["max_new_tokens"], ":" in model
    wild = sum(not _possible(row, most, hosted) for row in rows)
    if wild:
        return Claim(f"{name}: tokens", said, f"{wild:,} cannot be: {most:,} at most", False)
    if (count := token_count(model)) is None:
        return Claim(f"{name}: tokens", said, f"as recorded: no tokenizer of {model} here", None)
    off = [_off(row, count, sampled=run["kind"] == "sample") for row in rows]
    others = sum(map(bool, off))
    holds = max(off, default=0) <= SPARE and others <= RARELY * len(rows) + 1
    return Claim(f"{name}: tokens", said, f"{others:,} other than the text takes", holds)


def scored(run: Mapping[str, Any], rows: Rows) -> tuple[dict[str, Any], list[Claim]]:
    """A run's scores counted again, and whether its result says the same."""
    found, result = scores(rows), run["result"]
    told = [same(f"{run['name']}: EM", result["em"], found["em"])]
    others = [key for key in found if key != "em" and not _agree(result.get(key), found[key])]
    if others:
        words = ", ".join(f"{key} {found[key]}" for key in others)
        said = ", ".join(f"{key} {result.get(key)}" for key in others)
        told.append(Claim(f"{run['name']}: counts", said, words, False))
    return found, told


def _agree(said: object, found: object) -> bool:
    if isinstance(said, Mapping) and isinstance(found, Mapping):
        return dict(said) == dict(found)
    return near(said, found)


def _the_datas(row: Mapping[str, Any], problem: Problem, run: Mapping[str, Any]) -> bool:
    """Whether a row has its problem's gold, and its question unless code of one's own asked."""
    own_prompts = run["kind"] == "evaluate" and bool(run["spec"].get("own"))
    same_question = own_prompts or row["question"] == problem.question
    return row["gold"] == problem.gold and same_question


def _possible(row: Mapping[str, Any], most: int, hosted: bool) -> bool:
    numbers = row["tokens_in"], row["tokens_out"]
    if any(type(each) is not int or each < 0 for each in numbers):
        return False
    return hosted or 0 < row["tokens_out"] <= most


def _off(row: Mapping[str, Any], count: TokenCount, sampled: bool) -> int:
    asked = abs(row["tokens_in"] - count.prompt(row["question"]))
    can = count.answer(row["text"], bool(row["cut_off"]), sampled)
    return max(asked, can[0] - row["tokens_out"], row["tokens_out"] - can[-1])
