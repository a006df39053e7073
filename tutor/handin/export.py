"""Write what is handed in: a notebook that runs again, or a text with pictures beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.runs.home import unusable

if TYPE_CHECKING:
    from engine.runs.home import Home
    from tutor.handin.handed import Handed

KINDS = (".ipynb", ".md")
"""What can be written, by the end of the file's name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    files: tuple[Path, ...]
    """The file itself first, then its pictures."""
    handed: Handed

    @property
    def of(self) -> float:
        """All points that there are."""
        return sum(task.of for task in self.handed.tasks)


def check_name(file: Path) -> None:
    """See to it that a file of that name can be written.

    Raises:
        EngineError: It has no end that says what it is to be, or its folder is not there.
    """
    if file.suffix not in KINDS:
        what = f"{file.name} is no {' and no '.join(KINDS)}."
        raise EngineError(what, "Name one, such as tutorial.ipynb.")
    if os.path.isdir(file):
        raise EngineError(f"{file} is a folder.", "Name a file in it.")
    if not os.path.isdir(file.parent):
        raise EngineError(f"There is no folder {file.parent}.", "Make it, or name another.")


def export(home: Home, file: Path, told: Callable[[str], object] = lambda words: None) -> Exported:
    """Gather what a learner has to hand in, and write it.

    Args:
        home: Theirs.
        file: A notebook (`.ipynb`) or a text (`.md`); what is there is replaced.
        told: Called with what is done next, in words; nothing is written before its last word.

    Raises:
        EngineError: There is nothing to hand in yet, or the file cannot be written.
    """
    from tutor.handin import markdown
    from tutor.handin.handed import gather
    from tutor.handin.notebook import notebook
    from tutor.learner.record import Learner
    from tutor.tutorial.reader import Reader

    check_name(file)
    told("reading runs and code")
    with Learner(home) as learner, closing(Reader(home)) as reader:
        handed = gather(reader.client, learner)
        made = notebook(handed, reader, told)
    told(f"writing {file.name}")
    try:
        written = _write(made, file) if file.suffix == ".ipynb" else markdown.write(made, file)
    except OSError as error:
        raise unusable(file, error) from error
    return Exported(tuple(written), handed)


def _write(made: object, file: Path) -> list[Path]:
    """All of it, or nothing under that name."""
    import nbformat

    draft = file.with_name(f".{file.name}.part")
    try:
        nbformat.write(made, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return [file]
