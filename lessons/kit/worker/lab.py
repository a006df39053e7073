"""A long lab as a run: what it is asked, what its worker does, and its figure afterwards.

    run_id = client.submit("lab", LabSpec("numbers/outliers", "perplexity", {"bits": 8}))
    ...
    figure(client.run(run_id))

The engine knows no lessons, so the worker that computes these is `lessons.kit.worker`, which every
client on a home is to start (`Client(home, worker=WORKER)`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import lessons
from engine.errors import SpecError
from engine.figures import Figure, as_dict, from_dict
from engine.kinds.kind import Kind, register
from engine.kinds.rules import Rule
from engine.kinds.spec import Spec
from lessons.kit.bench.source import labs
from lessons.kit.lab import Lab, Value

if TYPE_CHECKING:
    from engine.runs.record import Recorder
    from engine.runs.snapshot import Run

KIND = "lab"
WORKER = (sys.executable, "-m", "lessons.kit.worker")
"""The command that clients start the worker by; they add `--home DIR`."""


@dataclass(frozen=True, slots=True)
class ByTheLab(Rule):
    """What the lab that is named says of it: `LabSpec.check` asks it."""


@dataclass(frozen=True, slots=True)
class LabSpec(Spec):
    """One lab with its values."""

    kind: ClassVar[str] = KIND

    lesson: Annotated[
        str, ByTheLab(), "A lesson's id, or its folder where it lies elsewhere."
    ]  # fmt: skip
    lab: Annotated[str, ByTheLab(), "The lab's name there."]
    values: Annotated[
        Mapping[str, Value], ByTheLab(), "Its values; those left out take their defaults."
    ] = field(default_factory=dict)

    def found(self) -> Lab:
        """The lab. Raises SpecError where there is none."""
        folder = Path(lessons.__file__).parent / self.lesson
        if not folder.is_dir():
            what = f"There is no lesson {self.lesson!r}."
            raise SpecError("lesson", self.lesson, what, "`tutor lessons` lists those there are.")
        known = labs(folder)
        if self.lab not in known:
            what = f"The lesson {self.lesson} has no lab {self.lab!r}."
            raise SpecError("lab", self.lab, what, f"It has {', '.join(known) or 'none'}.")
        return known[self.lab]

    def check(self) -> None:
        """Raise SpecError for the first value that cannot be right."""
        self.found().values(self.values)

    def anchored(self) -> LabSpec:
        """The same with all values read, so that the row says what was computed."""
        lesson = os.path.abspath(self.lesson) if os.path.isdir(self.lesson) else self.lesson
        return replace(self, lesson=lesson, values=self.found().values(self.values))

    def title(self) -> str:
        """Such as `lab perplexity, bits 8`."""
        lab = self.found()
        set_to = [
            f"{each.label} {each.written(self.values[each.name])}"
            for each in lab.parameters
            if each.name in self.values and self.values[each.name] != each.default
        ]
        return ", ".join([f"lab {self.lab}", *set_to])


def compute(spec: LabSpec, record: Recorder) -> dict[str, Any]:
    """What the worker does: the figure, and how long it took.

    A lab that tells its progress can be paused and cancelled wherever it does; resumed, it begins
    again from its start.
    """
    began = time.monotonic()

    def progress(done: int, total: int, message: str = "") -> None:
        record.progress(done, total, "steps", message)
        record.leave_if_asked()

    record.leave_if_asked()
    made = spec.found().compute(spec.values, progress)
    return {"figure": as_dict(made), "seconds": time.monotonic() - began}


def figure(run: Run) -> Figure | None:
    """The figure of a finished run of this kind; None of any other.

    Raises:
        UnknownFigure: A later version computed it.
    """
    if run.kind != KIND or not run.result:
        return None
    return from_dict(run.result["figure"])


LAB = register(
    Kind(
        KIND,
        LabSpec,
        compute,
        word="lab",
        unjudged="A lab judges nothing; its figure is what it gives.",
        torch=True,
    )
)
"""Labs are no kind that is typed as `tutor run`: `tutor lab` starts one."""
