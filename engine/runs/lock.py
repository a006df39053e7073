"""The lock that says: a worker is alive on this home.

The kernel frees it when its holder ends, however it ends, so it cannot go stale as a file with a
process id can.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from engine.runs.home import unusable


class Lock:
    """An exclusive lock on a file, held until `release` or the end of the process."""

    def __init__(self, file: Path) -> None:
        """Locks nothing yet."""
        self._file = file
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """Of the locked file: a process that inherits it holds the lock too, until both let go.

        Raises:
            ValueError: It is not held.
        """
        if self._descriptor is None:
            raise ValueError(f"{self._file} is not locked")
        return self._descriptor

    def acquire(self, patience: float = 0.0) -> bool:
        """Whether the lock could be had within `patience` seconds.

        Raises:
            EngineError: its file cannot be made or opened.
        """
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unusable(self._file, error) from error
        give_up = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    os.close(descriptor)
                    return False
                time.sleep(0.02)
            except BaseException:
                os.close(descriptor)
                raise
            else:
                self._descriptor = descriptor
                return True

    def free(self) -> bool:
        """Whether nobody holds it just now; it is held for a moment to find out."""
        if not self.acquire():
            return False
        self.release()
        return True

    def keep_from_children(self) -> None:
        """Let forked children let go of it, who would else hold it beyond this process's end."""
        os.register_at_fork(after_in_child=self.release)

    def release(self) -> None:
        """Free it, if it is held; in a forked child, leave it to the parent alone."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
