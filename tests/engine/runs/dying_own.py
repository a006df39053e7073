"""`dying`, for runs with code of one's own."""

import os
import sys

from engine.kinds import worker
from lessons.kit.worker.own import perform
from tests.engine.runs.dying import die_at

if __name__ == "__main__":
    if os.environ.get("DIE_AT"):
        die_at(os.environ["DIE_AT"])
    sys.exit(worker.main(sys.argv[1:], own=perform))
