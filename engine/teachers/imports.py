"""Teacher data on its way into a home and out of it. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.models.registry import FILE
from engine.runs.home import unusable

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.snapshot import Run

FOLDER = "imports"
"""Where a home keeps the files that it was given, so that a run of them can be repeated."""
CHAT, SAVED = "dataset.jsonl", "dataset"
"""A teach run's data set among its artifacts: JSON lines, and what `datasets` saved."""


def keep(path: Path, home: Home) -> str:
    """Copy a file, or a folder, into the home; returns how a spec names it as its teacher.

    The same content has the same name, however often it is brought.

    Raises:
        EngineError: There is no such file, or no room for it.
    """
    path = path.expanduser()
    if not path.exists():
        raise EngineError(f"There is no file {path}.", "Give a file of JSON lines, or a folder.")
    whole = hashlib.sha256()
    for file in sorted(each for each in path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            whole.update(file.name.encode() + file.read_bytes())
    kept = home.path / FOLDER / f"{whole.hexdigest()[:12]}-{path.resolve().name}"
    try:
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if not kept.exists():
            _copy(path, kept)
    except OSError as error:
        raise unusable(kept, error) from error
    return f"{FILE}{kept}"


def give(run: Run, home: Home, to: Path) -> Path:
    """Copy a finished teach run's data set to `to`: JSON lines, or a folder for `datasets`.

    Args:
        run: The run.
        home: Its home.
        to: A name that ends in `.jsonl`, or any other for a folder.

    Returns:
        What was written.

    Raises:
        EngineError: The run has none, or `to` is there already or cannot be written.
    """
    if run.kind != "teach":
        raise EngineError(f"Run {run.id} is of kind {run.kind}.", "Name a teach run.")
    if run.state != "finished":
        what = f"Run {run.id} is {run.state}; its data set is written when it finishes."
        raise EngineError(what, f"tutor follow {run.id}")
    to = to.expanduser()
    source = home.artifacts(run.id) / (CHAT if to.suffix == ".jsonl" else SAVED)
    if not source.exists():
        raise EngineError(
            f"Run {run.id} holds no {source.name}: an earlier release computed it.",
            "Run the teacher again.",
        )
    if to.exists():
        raise EngineError(f"{to} is there already.", "Name another file, or move it away.")
    try:
        _copy(source, to)
    except OSError as error:
        raise EngineError(
            f"{to} cannot be written: {(error.strerror or str(error)).lower()}.",
            "Name a file in a folder that is there and yours.",
        ) from error
    return to


def _copy(source: Path, to: Path) -> None:
    """All of it, or nothing under that name."""
    unfinished = to.with_name(f".{to.name}.part")
    if source.is_dir():
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished)
    else:
        shutil.copyfile(source, unfinished)
    unfinished.replace(to)
