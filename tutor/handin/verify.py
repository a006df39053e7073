"""Whether a notebook's scores follow from its predictions: what can be counted is counted again.

    the problems      made again from their spec: questions and golds are the data set's own
    each answer       read again from its text, and judged against that gold
    each score        counted again from those judgements
    the cascade       decided again from the samples, and billed again by the tokens
    the points        given again by the tutorial's bands

It does not ask a model again: whether a text was really written by the student, the record alone
says. To see that, run the notebook's cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.cascades.score import points
from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.evaluation.answers import judge
from engine.runs.own import FILE
from lessons.kit.course import Stage, load
from lessons.kit.judging.verdict import PASSED
from lessons.kit.lesson import lesson
from tutor.handin import seal
from tutor.handin.handed import PREDICTED, UNIT
from tutor.handin.recount import differs, recount

CLOSE = 1e-9
"""Scores are shares of whole numbers: they agree to rounding, or not at all."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the notebook says, and what it comes to here."""

    what: str
    said: str
    found: str
    holds: bool | None
    """None where it could not be counted here; `found` says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All about one notebook."""

    file: str
    edits: tuple[str, ...]
    """What was edited since it was made, a line each."""
    claims: tuple[Claim, ...]

    @property
    def follows(self) -> bool:
        """Whether no score contradicts the predictions."""
        return all(claim.holds is not False for claim in self.claims)

    @property
    def untouched(self) -> bool:
        """Whether nothing was edited."""
        return not self.edits

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        claims = [
            {"what": each.what, "said": each.said, "found": each.found, "holds": each.holds}
            for each in self.claims
        ]
        return {
            "file": self.file,
            "follows": self.follows,
            "untouched": self.untouched,
            "edits": list(self.edits),
            "claims": claims,
        }


def verify(file: Path, *, run_checks: bool = False, data: Path | None = None) -> Verdict:
    """Count a notebook again.

    Args:
        file: An `.ipynb` that this tutor exported.
        data: Where GSM8K's files are here; None for where they were there, or the hub.
        run_checks: Check the learner's code too, in the grader's process. That runs it: see
            `lessons.kit.grader` for what this does not protect against.

    Raises:
        EngineError: It is no notebook, or not one of this tutor's.
    """
    notebook = _read(file)
    content = notebook.metadata.get("tutor")
    if not isinstance(content, Mapping) or content.get("format") != seal.FORMAT:
        raise EngineError(
            f"{file} holds no record of this tutor's.",
            "`tutor export tutorial --to FILE.ipynb` makes one; other tools may have dropped it.",
        )
    try:
        edits = tuple(seal.edits(content, notebook.cells))
        claims = tuple(_claims(content, run_checks, data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"The record in {file} is broken ({type(error).__name__}: {error})."
        raise EngineError(
            what, "It was edited by hand: ask for the notebook as exported."
        ) from error
    return Verdict(str(file), edits, claims)


def _read(file: Path) -> Any:
    import nbformat

    try:
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise EngineError(f"{file} cannot be read: {error.strerror}.") from error
    except Exception as error:  # whatever nbformat raises for what is none: it has no one kind
        first = str(error).partition("\n")[0]
        raise EngineError(f"{file} is no notebook: {first}", "Name an .ipynb file.") from error
    return notebook


def _claims(content: Mapping[str, Any], run_checks: bool, folder: Path | None) -> Iterator[Claim]:
    runs = {run["name"]: run for run in content["runs"]}
    numbered = {run["id"]: run for run in content["runs"]}
    judged: dict[int, list[dict[str, Any]]] = {}
    for run in content["runs"]:
        if run["predictions"]:
            judged[run["id"]], claims = _judged(run, numbered, folder)
            yield from claims
        if run["kind"] in ("evaluate", "sample"):
            right = [row["correct"] for row in judged[run["id"]]]
            yield _same(f"{run['name']}: EM", run["result"]["em"], sum(right) / len(right))
    found: dict[str, float] = {}
    if student := runs.get("best_student") or runs.get("student"):
        rows = judged[student["id"]]
        found["student_em"] = sum(row["correct"] for row in rows) / len(rows)
    if cascade := runs.get("cascade"):
        counted = recount(cascade, judged)
        for measure, name in (("em", "cascade_em"), ("cost_saving", "cost_saving")):
            said = cascade["result"][measure]
            yield _same(f"cascade: {measure.replace('_', ' ')}", said, counted[measure])
            found[name] = counted[measure]
        if (apart := differs(cascade, judged)) is not None:
            said = f"{len(cascade['said']):,} problems"
            words = f"otherwise than the vote on {apart:,}"
            yield Claim("cascade: own confidence", said, words, None if apart else True)
    scored = points(**found)
    stages = {stage.number: stage for stage in load().unit(UNIT).stages}
    for task in content["tasks"]:
        what = f"{task['number']} {task['name']}: points"
        measures = stages[task["number"]].graded
        if measures:
            worth = sum(getattr(scored, each) or 0.0 for each in measures)
            yield _same(what, task["points"], worth)
        else:
            yield _checked(what, task, stages[task["number"]], run_checks)


def _checked(what: str, task: Mapping[str, Any], stage: Stage, run_checks: bool) -> Claim:
    """An exercise's points, which its checks bring."""
    said = _written(task["points"])
    if not task["points"]:
        return Claim(what, said, "0", True)
    if not task["file"]:
        return Claim(what, said, "no code was handed in", False)
    if not run_checks:
        return Claim(what, said, "--run-checks runs its checks", None)
    from lessons.kit import grader

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_text(task["file"], encoding="utf-8")
        report = grader.check(lesson(f"{UNIT}/{stage.exercise}").exercise(), file)
    missed = [each for each in report.results if each.outcome != PASSED]
    found = f"{len(report.results) - len(missed)} of {len(report.results)} checks pass"
    return Claim(what, said, found, not missed)


def _judged(
    run: Mapping[str, Any], runs: Mapping[int, Mapping[str, Any]], folder: Path | None
) -> tuple[list[dict[str, Any]], list[Claim]]:
    """A run's predictions, judged again, and what that says of the record."""
    found = [dict(zip(PREDICTED, each, strict=True)) for each in run["predictions"]]
    asked = {row["problem_id"] for row in found}
    what, said = f"{run['name']}: problems", f"{len(asked):,}"
    try:
        golds = _golds(run, runs, folder)
    except EngineError as error:
        problems = Claim(what, said, str(error), None)
        golds = {row["problem_id"]: row["gold"] for row in found}
    else:
        strange = len(asked - golds.keys())
        forged = len({r["problem_id"] for r in found if golds.get(r["problem_id"]) != r["gold"]})
        missing = len(golds.keys() - asked) if run["kind"] != "cascade" else 0
        problems = Claim(
            what,
            said,
            f"{missing:,} missing, {strange:,} unknown, {forged - strange:,} with another gold",
            not (missing or forged),
        )
    others = 0
    for row in found:
        now = judge(row["text"], golds.get(row["problem_id"], row["gold"]))
        others += (now.extracted, now.correct) != (row["extracted"], bool(row["correct"]))
        row.update(extracted=now.extracted, correct=now.correct)
    said = f"{len(found):,} judged"
    answers = Claim(f"{run['name']}: answers", said, f"{others:,} judged otherwise", not others)
    return found, [problems, answers]


def _golds(
    run: Mapping[str, Any], runs: Mapping[int, Mapping[str, Any]], folder: Path | None
) -> dict[str, str]:
    """Gold by problem, from the data set itself. Raises EngineError where it cannot be had."""
    data = DataSpec(**(run["spec"].get("data") or runs[run["spec"]["sample"]]["spec"]["data"]))
    if folder is not None and data.source == "gsm8k":
        data = replace(data, path=str(folder))
    return {problem.id: problem.gold for problem in data.problems()}


def _same(what: str, said: float | None, found: float | None) -> Claim:
    holds = said == found or (None not in (said, found) and abs(said - found) <= CLOSE)
    return Claim(what, _written(said), _written(found), holds)


def _written(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def sentence(verdict: Verdict) -> str:
    """The verdict in one line."""
    does = "follow" if verdict.follows else "do NOT follow"
    number = len(verdict.edits)
    edited = f"{number} edit{'s' if number > 1 else ''} since" if number else "nothing was edited"
    return f"The scores {does} from the recorded predictions; {edited}."
