"""A worker that is killed at an exact moment, by the signal that cannot be caught.

The moment is in the environment: `DIE_AT=module:name:n` ends the process with SIGKILL where that
function would be called for the n-th time. Without it, it is the worker as it is.
"""

import os
import signal
import sys
from functools import reduce
from importlib import import_module

from engine.runs import worker


def die_at(moment):
    module, path, number = moment.split(":")
    *owners, name = path.split(".")
    owner = reduce(getattr, owners, import_module(module))
    real, calls = getattr(owner, name), []

    def counted(*given, **options):
        calls.append(1)
        if len(calls) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **options)

    setattr(owner, name, counted)


if __name__ == "__main__":
    if os.environ.get("DIE_AT"):
        die_at(os.environ["DIE_AT"])
    sys.exit(worker.main(sys.argv[1:]))
