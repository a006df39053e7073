"""Checkpoints that are either whole or not there.

A checkpoint is written into a folder with another name, put safely on the disk, and only then
renamed, so a process that is killed while it writes leaves nothing that could be mistaken for one.
Each carries the hashes of its files; one that was damaged since is passed over for the one before.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HASHES = "sha256.json"
"""The file that names every other file of a checkpoint, with its hash."""
UNFINISHED = ".unfinished"
"""What a folder's name ends in while it is written."""


class Checkpoints:
    """The checkpoints of one training, in one folder, by their step."""

    def __init__(self, folder: Path, keep: int = 2) -> None:
        """Keep the last `keep` of them in `folder`, which need not exist yet."""
        self.folder = folder
        self._keep = keep

    def steps(self) -> list[int]:
        """The steps that there is a checkpoint of, rising; they may be damaged."""
        if not self.folder.is_dir():
            return []
        names = (re.fullmatch(r"step-(\d+)", each.name) for each in self.folder.iterdir())
        return sorted(int(name[1]) for name in names if name)

    def latest(self) -> Path | None:
        """The folder of the newest whole checkpoint; None to begin from nothing."""
        for step in reversed(self.steps()):
            if _is_whole(self._of(step)):
                return self._of(step)
        return None

    @contextmanager
    def writing(self, step: int) -> Iterator[Path]:
        """A folder to write the checkpoint of `step` into; it counts once the block is left.

        Older ones than the last few are removed then, and so is what a killed process left behind.
        """
        with whole_or_nothing(self._of(step)) as folder:
            yield folder
            hashes = {each.name: file_sha256(each) for each in sorted(folder.iterdir())}
            (folder / HASHES).write_text(json.dumps(hashes, indent=1))
        for old in self.steps()[: -self._keep]:
            shutil.rmtree(self._of(old))

    def _of(self, step: int) -> Path:
        return self.folder / f"step-{step}"


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[Path]:
    """A folder to write into that becomes `folder`, replacing it, when the block is left.

    Where the block raises, or the process dies in it, `folder` is as it was.
    """
    unfinished = folder.with_name(folder.name + UNFINISHED)
    for leftover in folder.parent.glob(f"*{UNFINISHED}"):
        shutil.rmtree(leftover)
    unfinished.mkdir(parents=True)
    yield unfinished
    for each in (*sorted(unfinished.iterdir()), unfinished):
        _put_on_disk(each)
    if folder.exists():
        shutil.rmtree(folder)
    unfinished.rename(folder)
    _put_on_disk(folder.parent)


def file_sha256(file: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _is_whole(folder: Path) -> bool:
    try:
        hashes = json.loads((folder / HASHES).read_text())
        return all(file_sha256(folder / name) == hash_ for name, hash_ in hashes.items())
    except (OSError, ValueError):
        return False


def _put_on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
