"""Whether a notebook's scores follow from its predictions: what can be counted is counted again.

    the problems      made again from their spec: each is there once, with its question and gold
    each answer       read again from its text, and judged against that gold
    the tokens        of a built-in model, counted again from the texts
    each score        counted again from those judgements
    the chain         the student that learnt is the one that answers, and is not the teacher
    the cascade       decided again from the samples, and billed again by the tokens
    the points        given again by the rules of `engine.chain.earned`

It does not ask a model again: whether a text was really written by the student, the record alone
says. To see that, run the notebook's cells. What could not be counted is not said to follow.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.chain.earned import earned
from engine.data.problems import DataSpec, Problem
from engine.errors import EngineError
from engine.runs.own import FILE
from lessons.kit.course.course import Stage, load
from lessons.kit.course.lesson import lesson
from lessons.kit.judging.verdict import PASSED
from tutor.handin import links, rows, seal
from tutor.handin.claims import Claim, faults, same, written
from tutor.handin.handed import UNIT
from tutor.handin.recount import recounted

GRADED = {"fine-tune": ("student", "best_student"), "cascade": ("cascade", "sample", "teacher")}
"""The runs that a graded task's points stand on, by its stage."""
HEAD = re.compile(r"\*\*(?P<points>[\d.]+) of (?P<of>[\d.]+) points\*\*")
"""What a notebook's first cell says of all of it."""


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
    def counted(self) -> bool:
        """Whether everything could be counted again."""
        return all(claim.holds is not None for claim in self.claims)

    @property
    def waits_for_code(self) -> bool:
        """Whether running the learner's code would count more."""
        return any(claim.needs_code for claim in self.claims)

    @property
    def untouched(self) -> bool:
        """Whether nothing was edited."""
        return not self.edits

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": self.file,
            "follows": self.follows,
            "counted": self.counted,
            "untouched": self.untouched,
            "edits": list(self.edits),
            "claims": [each.as_dict() for each in self.claims],
        }


@dataclass(frozen=True, slots=True)
class Counted:
    """A run whose result was counted again, as `engine.chain.earned` looks at runs."""

    id: int
    kind: str
    spec: Mapping[str, Any]
    environment: Mapping[str, Any]
    result: Mapping[str, Any] = field(default_factory=dict)
    state: str = "finished"


def verify(
    file: Path,
    *,
    run_checks: bool = False,
    data: Path | None = None,
    told: Callable[[str], object] = lambda words: None,
) -> Verdict:
    """Count a notebook again.

    Args:
        file: An `.ipynb` that this tutor exported.
        data: Where GSM8K's files are here; None for where they were there, or the hub.
        run_checks: Check the learner's code too, in the grader's process, and let it say its
            confidences again. That runs it: see `lessons.kit.judging.grader` for what this does not
            protect against.
        told: Called with each claim as it was counted, in words.

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
        claims = tuple(_told(_claims(content, notebook.cells, run_checks, data), told))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        what = f"The record in {file} is broken ({type(error).__name__}: {error})."
        raise EngineError(
            what, "It was edited by hand: ask for the notebook as exported."
        ) from error
    return Verdict(str(file), edits, claims)


def _told(claims: Iterable[Claim], told: Callable[[str], object]) -> Iterator[Claim]:
    """The same claims, each said as it comes."""
    for claim in claims:
        told(claim.what)
        yield claim


def _read(file: Path) -> Any:
    import nbformat

    try:
        notebook = nbformat.reads(file.read_text(encoding="utf-8-sig"), as_version=4)
        nbformat.validate(notebook)
    except OSError as error:
        raise EngineError(f"{file} cannot be read: {error.strerror}.") from error
    except Exception as error:  # whatever nbformat raises for what is none: it has no one kind
        first = str(error).partition("\n")[0]
        raise EngineError(f"{file} is no notebook: {first}", "Name an .ipynb file.") from error
    return notebook


def _claims(
    content: Mapping[str, Any], cells: Iterable[Any], run_checks: bool, folder: Path | None
) -> Iterator[Claim]:
    runs = content["runs"]
    numbered = {run["id"]: run for run in runs}
    problems_of = rows.source(folder)
    judged: dict[int, rows.Rows] = {}
    told: dict[str, list[Claim]] = {}
    counted: list[Counted] = []
    for run in runs:
        result: dict[str, Any] = {}
        told[run["name"]] = []
        if run["predictions"] or run["kind"] in ("evaluate", "sample"):
            judged[run["id"]], told[run["name"]] = _judged(run, numbered, problems_of)
        if run["kind"] in ("evaluate", "sample"):
            result, scored = rows.scored(run, judged[run["id"]])
            told[run["name"]] += scored
        elif run["name"] == "cascade":
            drawn = numbered[run["spec"]["sample"]]
            try:
                result, claims = recounted(run, drawn, judged, run_code=run_checks)
            except ValueError as error:  # samples are missing
                claims = [Claim("cascade: decisions", "", str(error), False)]
            told[run["name"]] += claims
        counted.append(Counted(run["id"], run["kind"], run["spec"], run["environment"], result))
        yield from told[run["name"]]
    chain = list(links.claims(runs, judged))
    yield from chain
    yield from _points(content, told, chain, counted, run_checks)
    yield from _head(content, cells)


def _judged(
    run: Mapping[str, Any],
    numbered: Mapping[int, Mapping[str, Any]],
    problems_of: Callable[[DataSpec], Mapping[str, Problem]],
) -> tuple[rows.Rows, list[Claim]]:
    """A run's predictions, judged again, and what that says of the record."""
    found = rows.read(run)
    data = run["spec"].get("data") or numbered[run["spec"]["sample"]]["spec"]["data"]
    problems: Mapping[str, Problem] | EngineError
    try:
        problems = problems_of(DataSpec(**data))
    except EngineError as error:
        problems = error
    population = rows.population(run, found, problems)
    known = problems if isinstance(problems, Mapping) else {}
    others = rows.judge_again(found, known)
    said, words = f"{len(found):,} judged", f"{others:,} judged otherwise"
    answers = Claim(f"{run['name']}: answers", said, words, not others)
    return found, [population, answers, rows.tokens(run, found)]


def _points(
    content: Mapping[str, Any],
    told: Mapping[str, list[Claim]],
    chain: list[Claim],
    counted: Iterable[Counted],
    run_checks: bool,
) -> Iterator[Claim]:
    """The points of each task, given again."""
    stages = {stage.number: stage for stage in load().unit(UNIT).stages}
    tasks = {task["number"]: task for task in content["tasks"]}
    wrong = [f"there is no task {number}" for number in tasks.keys() - stages.keys()]
    wrong += [f"{number} is missing" for number in stages.keys() - tasks.keys()]
    wrong += ["a task stands there twice"] * (len(content["tasks"]) > len(tasks))
    wrong += [
        f"{number} is worth {stage.points:g}, not {tasks[number]['of']:g}"
        for number, stage in stages.items()
        if number in tasks and tasks[number]["of"] != stage.points
    ]
    yield faults("tasks", f"{len(content['tasks'])}", wrong, "the course's")
    best = earned(counted)
    for task in content["tasks"]:
        if (stage := stages.get(task["number"])) is None:
            continue
        what = f"{task['number']} {task['name']}: points"
        if not stage.graded:
            yield replace(_checked(what, task, stage, run_checks), points=task["points"])
            continue
        run = best.get(tuple(stage.graded))
        claim = same(what, task["points"], run.points if run else 0)
        claim = replace(claim, points=task["points"])
        under = [each for name in GRADED[stage.id] for each in told.get(name, ())]
        yield claim.standing_on([*under, *chain]) if task["points"] else claim


def _checked(what: str, task: Mapping[str, Any], stage: Stage, run_checks: bool) -> Claim:
    """An exercise's points, which its checks bring."""
    said = written(task["points"])
    if not task["points"]:
        return Claim(what, said, "0", True)
    if not 0 < task["points"] <= stage.points:
        return Claim(what, said, f"{stage.points:g} at most", False)
    if not task["file"]:
        return Claim(what, said, "no code was handed in", False)
    if not run_checks:
        return Claim(what, said, "its checks were not run", None, needs_code=True)
    from lessons.kit.judging import grader

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_text(task["file"], encoding="utf-8")
        report = grader.check(lesson(f"{UNIT}/{stage.exercise}").exercise(), file)
    missed = [each for each in report.results if each.outcome != PASSED]
    found = f"{len(report.results) - len(missed)} of {len(report.results)} checks pass"
    return Claim(what, said, found, not missed)


def _head(content: Mapping[str, Any], cells: Iterable[Any]) -> Iterator[Claim]:
    """What the first cell says of all points, which is what a reader sees."""
    head = next((cell for cell in cells if cell["id"] == "head"), None)
    if head is None:
        return
    says = HEAD.search(head["source"])
    total = sum(task["points"] for task in content["tasks"])
    yield same("all points", float(says["points"]) if says else None, total)
