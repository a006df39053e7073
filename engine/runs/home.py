"""The home folder: one database, and beside it what is too large for it.

    tutor.db        every run, its figures and its answers
    runs/14/        artifacts of run 14: adapters, checkpoints; its courier's lock
    logs/14.log     what run 14 said
    models/         models that were quantized once
    cards.json      which graphics cards torch can use, as a worker found
    worker.lock     held by the worker for as long as it lives

It is private to its user: folders 0700, the database 0600.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DiskFull, EngineError

VARIABLE = "TUTOR_HOME"
"""The environment variable that moves the home folder; `--home` wins over it."""


_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one learner is kept. Making one touches no disk; `prepare` does."""

    path: Path
    """The folder; absolute."""

    def __post_init__(self) -> None:
        """Accepts a string, `~` and a relative path."""
        object.__setattr__(self, "path", Path(os.path.abspath(os.path.expanduser(self.path))))

    @classmethod
    def find(cls, flag: str | Path | None = None) -> Home:
        """The folder of `--home`, else of TUTOR_HOME, else the platform's data folder."""
        named = flag or os.environ.get(VARIABLE)
        if named:
            return cls(Path(named))
        from platformdirs import user_data_path

        return cls(user_data_path("efficient-ai-tutor", appauthor=False))

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "tutor.db"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a worker is alive."""
        return self.path / "worker.lock"

    @property
    def models(self) -> Path:
        """Models that were quantized once, so that the next load reads small files."""
        return self.path / "models"

    @property
    def cards(self) -> Path:
        """What torch found of graphics cards, for those who do not load it. It may not exist."""
        return self.path / "cards.json"

    @property
    def worker_log(self) -> Path:
        """What the worker process itself printed."""
        return self.path / "logs" / "worker.log"

    def artifacts(self, run_id: int) -> Path:
        """The folder of one run's files. It may not exist yet."""
        return self.path / "runs" / str(run_id)

    def log(self, run_id: int) -> Path:
        """The log of one run. It may not exist yet."""
        return self.path / "logs" / f"{run_id}.log"

    def prepare(self) -> Home:
        """Make the folders, private to this user; returns itself.

        Raises:
            EngineError: the folder cannot be made or written, or it is somebody's
                folder for other things, which must not be closed to others.
            DiskFull: no room for a folder.
        """
        try:
            private_folder(self.path)
            self._close_to_others()
            for folder in (self.models, self.path / "runs", self.path / "logs"):
                private_folder(folder)
            with suppress(FileExistsError):
                # Never open a database that is there: closing it again would drop every lock
                # that this process's connections hold on it (sqlite.org/howtocorrupt.html, 2.2).
                os.close(os.open(self.database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise unusable(Path(error.filename or self.path), error) from error
        return self

    def inhabited(self) -> bool:
        """Whether it holds files that runs or the learner have left."""
        folders = ("runs", "logs", "models", "imports", "exercises", "tutorial")
        there = (self.path / name for name in folders)
        return any(folder.is_dir() and any(folder.iterdir()) for folder in there)

    def _close_to_others(self) -> None:
        """Only a folder that is empty or already a home: `--home /tmp` must not lock others out."""
        if not self.path.stat().st_mode & 0o077:
            return
        if not self.database.exists() and any(self.path.iterdir()):
            raise EngineError(
                f"{self.path} holds other files and is open to other users.",
                f"Name a folder of its own, such as --home {self.path / 'tutor'}.",
            )
        self.path.chmod(0o700)


def private_folder(folder: Path) -> Path:
    """Make a folder and those above it, each closed to others from the start; returns it.

    `mkdir(mode=..., parents=True)` gives the mode to the last of them alone: the others would be
    as open as the umask leaves them.
    """
    for each in (*reversed(folder.parents), folder):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)
    return folder


def out_of_room(error: BaseException) -> bool:
    """Whether it comes of a full disk: also where a library has an error of its own for that."""
    while error is not None:
        if isinstance(error, DiskFull) or getattr(error, "errno", None) in _FULL:
            return True
        if any(f"(os error {each})" in str(error) for each in _FULL):  # as Rust's libraries say it
            return True
        if any(os.strerror(each) in str(error) for each in _FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def unusable(path: Path, error: OSError) -> EngineError:
    """The plain words for an operating system's refusal to write at `path`."""
    elsewhere = f"or choose another folder with --home DIR or {VARIABLE}."
    if error.errno in _FULL:
        return DiskFull(f"The disk under {path} is full.", f"Free some space, {elsewhere}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EngineError(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}.",
            f"Make it writable for you, {elsewhere}",
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return EngineError(f"{path} is not a folder.", f"Move it away, {elsewhere}")
    if error.errno == errno.EISDIR:
        return EngineError(f"{path} is a folder, and should be a file.", "Move it away.")
    return EngineError(
        f"{path} cannot be used: {(error.strerror or str(error)).lower()}.",
        f"Check the disk, {elsewhere}",
    )
