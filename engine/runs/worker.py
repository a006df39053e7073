"""A door: `python -m engine.runs.worker` starts the worker, which is given the kinds of run."""

import sys

from engine.kinds.worker import main

if __name__ == "__main__":
    sys.exit(main())
