"""Start the worker as a process of its own, which outlives whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import IO

from engine import child_process
from engine.errors import EngineError
from engine.runs.home import Home, unusable
from engine.runs.lock import Lock
from engine.runs.logs import redacted, tail

WORKER = (sys.executable, "-m", "engine.runs.worker")
"""The command; `--home DIR` is added to it."""
DEFAULTS = {
    # Threads that wait must sleep: where others compute too, spinning ones took 65 s for what takes
    # 14 s (2 threads, 2 busy cores).
    "OMP_WAIT_POLICY": "PASSIVE",
    # Cards by the numbers that nvidia-smi gives them, and not the quickest first.
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    # A batch's keys and values grow by pieces and its rows drop out: ever new sizes.
    "PYTORCH_ALLOC_CONF": "expandable_segments:True",
}
"""What a worker's environment has where the learner's own does not say otherwise."""
LONGEST_LOG = 4 * 1024 * 1024
"""A worker's log that has grown beyond this many bytes is begun anew."""


class Launcher:
    """Starts workers on one home, one at a time."""

    def __init__(self, home: Home, command: Sequence[str] = WORKER) -> None:
        """Launch `command` when asked to."""
        self._home = home
        self._command = (*command, "--home", str(home.path))
        self._started: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start a worker unless one lives or is just starting.

        Where two processes do this at once, the lock lets one of their workers compute and the
        other one leaves.
        """
        if self._started is not None and self._started.poll() is None:
            return
        if not Lock(self._home.lock).free():
            return
        try:
            with self._log() as log:
                self._started = child_process.start(
                    self._command,
                    env={**DEFAULTS, **child_process.surroundings()},
                    stdout=log,
                    stderr=log,
                    cwd=self._home.path,
                )
        except OSError as error:
            raise unusable(self._home.worker_log, error) from error

    def status(self) -> int | None:
        """How the worker that was started last ended; None if it lives, or none was."""
        return self._started.poll() if self._started is not None else None

    def trouble(self) -> EngineError | None:
        """Why the worker that was started last ended with an error; None if it did not."""
        status = self.status()
        if not status or status < 0:  # below 0: a signal, which is somebody's wish
            return None
        last = next(iter(tail(self._home.worker_log, 1)), "it said nothing")
        return EngineError(
            f"The worker ended with status {status}: {redacted(last)}",
            f"Its log is {self._home.worker_log}.",
        )

    def _log(self) -> IO[bytes]:
        file = self._home.worker_log
        too_long = file.exists() and file.stat().st_size > LONGEST_LOG
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if too_long else os.O_APPEND)
        return os.fdopen(os.open(file, flags, 0o600), "ab")
