"""What belongs to teacher data that somebody brings: a file, or a folder that `datasets` saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.errors import EngineError

STATE, SPLITS = "state.json", "dataset_dict.json"
"""By one of these a folder is known as what `datasets` saved."""
NO_DATASET = "no data set that `datasets` saved"


def files(path: Path) -> list[Path]:
    """What belongs to teacher data: the file itself, or what `datasets` has saved in a folder.

    Nothing else of the folder is ever read or copied.

    Raises:
        EngineError: It is neither.
    """
    try:
        if path.is_dir():
            found = _of_splits(path) if (path / SPLITS).is_file() else _of_dataset(path)
            return sorted(found)
        if path.is_file():
            return [path]
        there = path.exists()
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {(error.strerror or '').lower()}.") from error
    what = f"{path} is no file that can be copied." if there else f"There is no file {path}."
    raise EngineError(what, "Give a file of JSON lines, or a folder that `datasets` saved.")


def _of_splits(folder: Path) -> list[Path]:
    names = _plain_names(folder, _json(folder, SPLITS).get("splits"))
    return [folder / SPLITS, *(file for name in names for file in _of_dataset(folder / name))]


def _of_dataset(folder: Path) -> list[Path]:
    listed = _json(folder, STATE).get("_data_files")
    rows = [each.get("filename") if isinstance(each, dict) else each for each in listed or ()]
    names = [STATE, "dataset_info.json", *_plain_names(folder, rows)]
    return [folder / name for name in names if (folder / name).is_file()]


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        value = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise EngineError(
            f"{folder} is {NO_DATASET}.", "Give what save_to_disk wrote, or a file of JSON lines."
        )
    return value


def _plain_names(folder: Path, names: object) -> list[str]:
    """Names of things in the folder itself: none leads elsewhere."""
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise EngineError(f"{folder} is {NO_DATASET}.", "Save it anew.")
    for each in names:
        if each in ("", ".", "..") or "/" in each or "\0" in each:
            raise EngineError(f"{folder} names {each!r} as a part of it.", "Save it anew.")
    return names
