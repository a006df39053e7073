"""A lesson's folder to begin with, and what of it is still to be filled in.

    tutor lint --new numbers/rounding           makes ./numbers/rounding
    tutor lint ./numbers/rounding               says what is still to be filled in, or is wrong

What it begins as, `lessons/kit/template`, is a whole lesson: nothing is wrong but its blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from engine.errors import EngineError
from lessons.kit.question import KEBAB

FILES = ("lesson.md", "questions.py", "labs.py", "exercise.py", "solution.py", "checks.py")
"""What a lesson's folder may hold."""
_BLANK = re.compile(r"\bFILL IN: (.*?)[.\"\]]*$")


def create(id: str, within: Path) -> Path:
    """A new lesson's folder, `within/<unit>/<lesson>`.

    Raises:
        EngineError: The id is none, the folder is there already, or it cannot be written.
    """
    unit, slash, name = id.partition("/")
    if not (slash and KEBAB.fullmatch(unit) and KEBAB.fullmatch(name)):
        raise EngineError(f"{id!r} is no lesson's id.", "Give UNIT/LESSON, as numbers/absmax.")
    folder = Path(within).resolve() / unit / name
    try:
        folder.mkdir(parents=True)
        for file in FILES:
            shipped = files("lessons").joinpath("kit", "template", file)
            (folder / file).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    except FileExistsError:
        raise EngineError(f"{folder} is there already.", "Give another name.") from None
    except OSError as error:
        raise EngineError(f"{folder} cannot be written: {error.strerror}.") from error
    return folder


def blanks(folder: Path) -> Iterator[tuple[str, int, str]]:
    """File, line and words of each blank."""
    for name in FILES:
        path = Path(folder) / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for line, said in enumerate(text.splitlines(), 1):
            if found := _BLANK.search(said):
                yield name, line, found[1]
