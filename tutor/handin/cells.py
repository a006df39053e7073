"""What the cells of a handed-in notebook call: run a spec, see what it came to.

    chain = Chain("tutorial-again")
    baseline = chain.run(EvaluateSpec(model="acorn"))

A cell's run is a run like any other, in a home of its own beside the notebook: its worker is a
process of its own, code of one's own runs in another, and a cell that is run again after the kernel
was stopped finds what is there.

Whatever a cell names is had from here, so that a notebook knows one address of the tutor's. Those
that were handed in earlier know five more, which stay: `tests/tutor/handin/earlier.py` has them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cascades.prices import Prices
from engine.cascades.score import points
from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from engine.runs.home import Home
from engine.runs.own import Own
from lessons.kit.course.course import load
from tutor.handin.pictures import png
from tutor.tutorial import results
from tutor.tutorial import run_words as wording
from tutor.tutorial.reader import Reader
from tutor.tutorial.tasks import solutions

if TYPE_CHECKING:
    from engine.kinds.specs import Spec
    from engine.runs.snapshot import Run

__all__ = [
    "CascadeSpec", "Chain", "DataSpec", "EvaluateSpec", "Own", "Prices", "SampleSpec", "SftSpec",
    "TeachSpec", "reference", "score",
]  # fmt: skip


def reference(stage: str) -> Own:
    """The course's own code for a stage: `baseline`, `teach` or `cascade`. It brings no points."""
    return solutions(load().unit("tutorial"))[stage]


class Chain:
    """Runs, one after another, in one home."""

    def __init__(self, folder: str | Path) -> None:
        """Open the home, or make it.

        Raises:
            EngineError: The folder cannot be used.
        """
        self._reader = Reader(Home(Path(folder)).prepare())
        self.client = self._reader.client

    def run(self, spec: Spec) -> Run:
        """Carry it out, or take what the same spec has given here before; show what it came to.

        Raises:
            EngineError: It did not finish; the words say why.
        """
        number = self._there(spec) or self.client.submit(spec.kind, spec)
        *_, run = self.client.follow(number)
        if run.state != "finished":
            why = run.error or {"what": f"Run {run.id} is {run.state}.", "way_out": ""}
            raise EngineError(why["what"], why.get("way_out", ""))
        print(said(run))
        if picture := png(self._reader.view(run.id)):
            from IPython.display import Image, display

            display(Image(picture))
        return run

    def _there(self, spec: Spec) -> int | None:
        """The run of that very spec."""
        wanted = json.loads(json.dumps(spec.anchored().to_dict()))
        for run in self.client.runs(limit=200):
            if (run.kind, run.spec, run.state) == (spec.kind, wanted, "finished"):
                return run.id
        return None


def said(run: Run) -> str:
    """What a finished run came to: what it was, its results line by line, and how long it took."""
    came_to = [f"{word} {text}" for word, text in results.main(run)]
    device = run.environment.get("device", "")
    took = f"{wording.duration(run.seconds)}{f' on {device}' if device else ''}"
    fell_back = [f"{each['what']}: {each['why']}" for each in run.environment.get("fallbacks", ())]
    return "\n".join([run.title, *came_to, took, *fell_back])


def score(student: Run, cascade: Run) -> dict[str, float | None]:
    """The points that a student and a cascade are worth, by measure."""
    return points(
        student_em=student.result["em"],
        cascade_em=cascade.result["em"],
        cost_saving=cascade.result["cost_saving"],
    ).as_dict()
