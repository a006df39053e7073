"""Teacher data on its way into a home and out of it. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from engine.child_process import surroundings
from engine.errors import EngineError
from engine.models.registry import FILE
from engine.runs.home import unusable
from engine.storable import storable
from engine.teachers.teacher_data import files

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.snapshot import Run

FOLDER = "imports"
"""Where a home keeps the files that it was given, so that a run of them can be repeated."""
CHAT, SAVED = "dataset.jsonl", "dataset"
"""A teach run's data set among its artifacts: JSON lines, and what `datasets` saved."""


def check(path: Path, home: Home, keep: str, rationale: str) -> None:
    """See to it that a run could learn from a file or a folder, before either is made.

    Raises:
        EngineError: It is no teacher data, or none of its answers would be kept.
    """
    path = Path(os.path.expanduser(path))
    files(path)
    if path.is_dir():  # which takes `datasets` to read
        command = [sys.executable, "-m", "engine.teachers.from_file", path, home.path]
        command += [keep, rationale]
        done = subprocess.run(command, capture_output=True, text=True, env=surroundings())
        said = done.stdout.splitlines()[-1:]
        if done.returncode == 1 and said:
            raise EngineError(**json.loads(said[0]))
        if done.returncode:
            last = (done.stderr.splitlines() or ["it said nothing"])[-1]
            raise EngineError(f"{path} cannot be read: {last}", "Save it anew.")
        return
    # By name: the tutor imports this module and must never reach `datasets`, nor does it here.
    import_module("engine.teachers.from_file").refuse(path, home, keep, rationale)


def keep(path: Path, home: Home) -> str:
    """Copy a file, or a folder, into the home; returns how a spec names it as its teacher.

    The same content has the same name, however often it is brought.

    Raises:
        EngineError: There is no such file, or no room for it.
    """
    path = Path(os.path.expanduser(path))
    wanted = files(path)
    kept = home.path / FOLDER / f"{_hash(wanted)[:12]}-{storable(path.resolve().name)}"
    try:
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if not kept.exists():
            _copy(path, kept, wanted)
    except OSError as error:
        raise unusable(kept, error) from error
    return f"{FILE}{kept}"


def _hash(wanted: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in wanted:
        try:
            with file.open("rb") as opened:
                whole.update(file.name.encode(errors="surrogateescape"))
                while part := opened.read(1 << 20):
                    whole.update(part)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise EngineError(f"{file} cannot be read: {why}.") from error
    return whole.hexdigest()


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
    to = Path(os.path.expanduser(to))
    source = home.artifacts(run.id) / (CHAT if to.suffix == ".jsonl" else SAVED)
    if not source.exists():
        raise EngineError(
            f"Run {run.id} holds no {source.name}: an earlier release computed it.",
            "Run the teacher again.",
        )
    if os.path.lexists(to):
        raise EngineError(f"{to} is there already.", "Name another file, or move it away.")
    try:
        _copy(source, to, files(source))
    except OSError as error:
        raise EngineError(
            f"{to} cannot be written: {(error.strerror or str(error)).lower()}.",
            "Name a file in a folder that is there and yours.",
        ) from error
    return to


def _copy(source: Path, to: Path, wanted: Iterable[Path]) -> None:
    """All of it, or nothing under that name."""
    unfinished = to.with_name(f".{to.name}.part")
    _remove(unfinished)  # of one that was killed
    try:
        if source.is_dir():
            unfinished.mkdir(mode=0o700)
        for file in wanted:
            copy = unfinished / file.relative_to(source)  # of a file itself: unfinished
            if copy.parent != to.parent:
                copy.parent.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(file, copy)
        unfinished.replace(to)
    except BaseException:
        _remove(unfinished)
        raise


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
