"""What the tutorial's chain is made of, and what cannot be of it, said before anything loads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from engine.data.problems import DataSpec
from engine.errors import EngineError, SpecError
from engine.hosted import services
from engine.kinds import checks
from engine.models.registry import BUILTIN, PRECISIONS, hosted, resolve
from engine.models.students import LISTED
from tutor.tutorial.choice import BUILT_IN, GSM8K, Choice

HOSTED = ("gemini:gemma-4-31b-it",)
PARTS = {
    "student": ("a built-in, folder or hub id", (*BUILTIN, *LISTED)),
    "teacher": ("also gemini:…, openai:…", (*BUILTIN, *HOSTED, *LISTED)),
    "precision": ("nf4-dq, nf4, int8, bf16 …", PRECISIONS),
    "problems": ("built-in, gsm8k or a folder", (BUILT_IN, GSM8K)),
}
"""What each part is, and what is offered for it."""


def faults(choice: Choice, home: Path) -> dict[str, SpecError]:
    """What cannot be, by part.

    Args:
        choice: Its models, precision and problems.
        home: The home folder, which says how hosted models are asked.
    """
    return dict(_faults(choice, home))


def _faults(choice: Choice, home: Path) -> Iterator[tuple[str, SpecError]]:
    for name, check in _CHECKS.items():
        try:
            check(choice, home)
        except EngineError as error:
            yield name, SpecError(name, getattr(choice, name), error.what, error.way_out)


def _student(choice: Choice, _: Path) -> None:
    checks.name("student", choice.student)
    checks.model("student", choice.student, may_be_hosted=False)
    resolve(choice.student)


def _teacher(choice: Choice, home: Path) -> None:
    checks.name("teacher", choice.teacher)
    checks.model("teacher", choice.teacher, may_be_hosted=True)
    if hosted(choice.teacher) is not None:
        services.ready(choice.teacher, home)
    else:
        resolve(choice.teacher)


def _precision(choice: Choice, _: Path) -> None:
    checks.choice("precision", choice.precision, PRECISIONS)


def _problems(choice: Choice, _: Path) -> None:
    if choice.path and not os.path.isdir(os.path.expanduser(choice.path)):
        what = f"There is no folder {choice.path}."
        raise SpecError("problems", choice.path, what, f"Write {BUILT_IN}, {GSM8K} or a folder.")


_CHECKS: Mapping = {
    "student": _student, "teacher": _teacher, "precision": _precision, "problems": _problems,
}  # fmt: skip
"""Each raises where a part cannot be, given the choice and the home folder."""


def problems_there(choice: Choice) -> Choice:
    """The same with its folder made absolute, once its files are seen to be there.

    Raises:
        SpecError: They are not.
    """
    data = DataSpec(source=choice.source, path=choice.path, limit=1).anchored()
    data.check()
    return replace(choice, path=data.path)
