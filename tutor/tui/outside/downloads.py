"""Where a picture goes that the learner saves: their downloads, or else a folder in the home."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from engine.runs.home import Home, private_folder, unusable

PICTURES = "pictures"
"""The folder in the home."""


def save(home: Home, name: str, content: bytes) -> Path:
    """Write a new file, called after the time: `tutor-2026-11-28-061503.svg`.

    Args:
        home: Where it goes if there is no folder for downloads, or none that takes it.
        name: What it is, and its kind: `tutor.svg`.
        content: The file's.

    Returns:
        Where it is.

    Raises:
        EngineError: It can be written in neither.
    """
    from platformdirs import user_downloads_path

    with suppress(OSError):  # not there, another's, or full: then what is said is of the home
        return _written(user_downloads_path(), name, content)
    folder = home.path / PICTURES
    try:
        return _written(private_folder(folder), name, content)
    except OSError as error:
        raise unusable(folder, error) from error


def _written(folder: Path, name: str, content: bytes) -> Path:
    """Never over another file; nothing is left of one that could not be written whole."""
    file = _new(folder, name)
    try:
        file.write_bytes(content)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    return file


def _new(folder: Path, name: str) -> Path:
    """A file that was not there, made empty."""
    what, now = Path(name), datetime.now()
    for number in count(1):
        again = f"-{number}" * (number > 1)
        file = folder / f"{what.stem}-{now:%Y-%m-%d-%H%M%S}{again}{what.suffix}"
        with suppress(FileExistsError):
            file.touch(exist_ok=False)
            break
    return file
