"""Two runs on the same problems: their scores, what flipped, and whether it is more than noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.chain import answers as judgements
from engine.errors import EngineError
from engine.evaluation.paired import LEVEL, Paired, paired

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    run: int
    title: str
    kind: str
    by: str
    """Which of its answers are compared, in words."""
    answered: int
    """Problems that it has answered."""
    left_out: int
    """Of those, the ones that the other has not."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A problem that one run gets right and the other wrong."""

    problem_id: str
    question: str
    gold: str
    gained: bool
    """Whether the second gets it right; else the first does."""
    first: Row
    """The first run's judged answer."""
    second: Row
    """The second run's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it."""

    first: Side
    second: Side
    table: Paired
    flips: tuple[Flip, ...]
    """Gained ones first, each in the order in which the first run answered them."""

    @property
    def verdict(self) -> str:
        """One sentence: which is better, or that the difference is within noise."""
        first, second, table = self.first.run, self.second.run, self.table
        if table.gained == table.lost:
            return (
                f"Runs {first} and {second} are equally good here: this difference is within noise."
            )
        better, worse = (second, first) if table.gained > table.lost else (first, second)
        if table.within_noise:
            return f"Run {better} is ahead of run {worse}, but this difference is within noise."
        return f"Run {better} is better than run {worse}: this difference is more than noise."

    @property
    def notes(self) -> list[str]:
        """What else has to be said, a sentence each; none where all is plain."""
        notes = []
        for side in (self.first, self.second):
            if side.left_out:
                notes.append(
                    f"{side.left_out:,} of the {side.answered:,} problems of run {side.run} are "
                    "left out: the other has not answered them."
                )
        low, high = self.table.interval
        if self.table.within_noise and not low <= 0 <= high:
            notes.append(f"It is close: the interval leaves 0 out, and p is not under {LEVEL:g}.")
        if not self.table.within_noise and low <= 0 <= high:
            notes.append(f"It is close: p is under {LEVEL:g}, and the interval holds 0.")
        return notes

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with both answers to each problem that flipped."""
        return {
            "first": {**asdict(self.first), **asdict(self.table.first)},
            "second": {**asdict(self.second), **asdict(self.table.second)},
            "paired": self.table.as_dict(),
            "verdict": self.verdict,
            "notes": self.notes,
            "gained": [flip.problem_id for flip in self.flips if flip.gained],
            "lost": [flip.problem_id for flip in self.flips if not flip.gained],
            "flips": [
                {
                    **asdict(flip),
                    "first": _answer(flip.first),
                    "second": _answer(flip.second),
                }
                for flip in self.flips
            ],
        }


def compare(client: Client, first: int, second: int) -> Comparison:
    """Compare two runs on the problems that both have answered.

    Raises:
        EngineError: It is the same run, one has judged nothing, or they share no problem.
        RunNotFound: There is no such run.
    """
    runs = client.run(first), client.run(second)
    if first == second:
        raise EngineError(f"Run {first} cannot be compared with itself.", "Name two runs.")
    one, other = ({_problem(row): row for row in judgements.finals(client, run)} for run in runs)
    shared = [problem for problem in one if problem in other]
    if not shared:
        data = [_words(run.id, judgements.data_of(client, run)) for run in runs]
        raise EngineError(
            f"Runs {first} and {second} share no problem. {data[0]} {data[1]}",
            "Only two runs on the same problems can be compared.",
        )
    flips = [
        Flip(*problem, bool(other[problem]["correct"]), one[problem], other[problem])
        for problem in shared
        if bool(one[problem]["correct"]) != bool(other[problem]["correct"])
    ]
    return Comparison(
        first=_side(runs[0], one, shared),
        second=_side(runs[1], other, shared),
        table=paired(
            [one[problem]["correct"] for problem in shared],
            [other[problem]["correct"] for problem in shared],
        ),
        flips=tuple(sorted(flips, key=lambda flip: not flip.gained)),
    )


def _side(run: Run, answers: Mapping[Any, Row], shared: Sequence[Any]) -> Side:
    return Side(
        run=run.id,
        title=run.title,
        kind=run.kind,
        by=judgements.chosen_by(run),
        answered=len(answers),
        left_out=len(answers) - len(shared),
    )


def _problem(row: Row) -> tuple[str, str, str]:
    """What makes two rows be about the same problem."""
    return row["problem_id"], row["question"], row["gold"]


def _words(run: int, data: Mapping[str, Any]) -> str:
    level = f" level {data['level']}" if data["source"] == "word_problems" else ""
    number = data["limit"] or "all"
    return f"Run {run} is on {data['source']} {data['split']}{level} seed {data['seed']}, {number}."


def _answer(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("text", "extracted", "stage", "correct")}
