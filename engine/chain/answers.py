"""What a run's answers came to: all of them as judged, and the final one to each problem.

evaluate, teach   one answer to a problem, which is final
sample            K answers; the final one is what they vote for
cascade           the student's vote where it was kept, else the strong model's answer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.cascades.replay import Policy
from engine.cascades.stored import SAID, final, read_said
from engine.errors import EngineError
from engine.evaluation.audit import with_scores
from engine.kinds import CASCADE, KINDS, SAMPLE

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

Row = dict[str, Any]


def answers_problems(run: Run) -> bool:
    """Whether it does, by its kind."""
    return run.kind in KINDS and bool(KINDS[run.kind].answers)


def judged(client: Client, run: Run) -> list[Row]:
    """Every answer of a run, with all three scores; a cascade's are its final ones.

    Raises:
        EngineError: It judged nothing, by its kind or so far.
    """
    _check(run)
    if run.kind == CASCADE.name:
        rows = _cascade(client, run)
    else:
        rows = getattr(client, KINDS[run.kind].answers)(run.id)
    return _some(run, map(with_scores, rows))


def finals(client: Client, run: Run) -> list[Row]:
    """The final answer to each problem of a run. Raises EngineError as `judged` does."""
    if run.kind != SAMPLE.name:
        return judged(client, run)
    return _some(run, final(client.predictions(run.id), Policy(run.spec["k"], 0.0)))


def chosen_by(run: Run) -> str:
    """Which answers are the final ones, in words: `the vote of 5 samples`."""
    if run.kind == SAMPLE.name:
        return f"the vote of {run.spec['k']} samples"
    if run.kind == CASCADE.name:
        return f"the cascade's, K {run.spec['k']}, threshold {run.spec['threshold']:g}"
    return "one answer each"


def data_of(client: Client, run: Run) -> Mapping[str, Any]:
    """Which problems a run answers, as its spec, or that of the samples it stands on, says."""
    return run.spec["data"] if "data" in run.spec else client.run(run.spec["sample"]).spec["data"]


def _cascade(client: Client, run: Run) -> list[Row]:
    spec = run.spec
    strong = client.predictions(spec["strong"]) if spec["strong"] else []
    policy = Policy(spec["k"], spec["threshold"])
    samples = client.predictions(spec["sample"])
    kept = client.artifacts(run.id) / SAID
    said = read_said(kept) if kept.exists() else None
    return final(samples, policy, [*strong, *client.predictions(run.id)], said)


def _check(run: Run) -> None:
    if not answers_problems(run):
        known = [kind.name for kind in KINDS.values() if kind.answers]
        raise EngineError(
            f"Run {run.id} is of kind {run.kind}, which answers no problems.",
            f"Name a run of kind {', '.join(known[:-1])} or {known[-1]}.",
        )


def _some(run: Run, rows: Iterable[Row]) -> list[Row]:
    found = list(rows)
    if not found:
        what = f"Run {run.id} is {run.state} and has judged nothing yet."
        raise EngineError(what, f"See how it stands: tutor show {run.id}")
    return found
