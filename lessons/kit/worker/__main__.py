"""The worker of the tutor: `python -m lessons.kit.worker --home DIR`.

It is the engine's worker with one more kind of run, labs, and with the learner's own code in runs.
"""

from __future__ import annotations

import sys

import lessons.kit.worker.lab  # noqa: F401 (makes labs known as a kind of run)
from engine.kinds import worker
from lessons.kit.worker import own

if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1:], own.perform))
