"""The process that holds the learner's for a run: `python -m lessons.kit.judging.guard`.

    worker --link--> the learner's process      what it is asked, and what it asks
      └----control--> the guard                 what the learner's code printed, and how it ended
                        └ fork: the learner's process

The worker has threads and a loaded model, so it cannot fork. The guard is a fresh Python of one
thread that forks once, then keeps the clock, the memory and the output, and ends the learner's
process with all that it started as soon as the worker says so, or is no more.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lessons.kit.judging import learner, wire
from lessons.kit.judging.ending import meaning
from lessons.kit.judging.limits import Limits, adopt_orphans
from lessons.kit.judging.surroundings import remove
from lessons.kit.judging.watch import Watch

PATIENCE_SECONDS = 1.0
"""How long a process that fell silent may take to end by itself, so that its status is known."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold one learner's process until the control line is closed."""
    parser = argparse.ArgumentParser(prog="python -m lessons.kit.judging.guard")
    parser.add_argument("--link", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--limits", required=True)
    options = parser.parse_args(arguments)
    os.umask(0o077)
    limits = Limits(**json.loads(options.limits))
    link, control = socket.socket(fileno=options.link), socket.socket(fileno=options.control)
    adopt_orphans()
    output, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        time.sleep = _no_time
        learner.run(link, written, options.folder, limits)
    os.close(written)
    watch = Watch(pid, output, link, limits)
    watch.begin()
    _serve(control, watch, limits)
    remove(options.folder)  # the worker does so too, unless one of the two was killed
    return 0


def _serve(control: socket.socket, watch: Watch, limits: Limits) -> None:
    told = 0
    while (message := wire.receive(control)) is not None:
        over = "end" in message
        if over:
            watch.finish(PATIENCE_SECONDS if message["end"] == "silent" else 0.0)
        printed = bytes(watch.kept) if over else watch.printed()
        text, told = printed[told:].decode("utf-8", "replace"), len(printed)
        answer = {"printed": text, "cut": watch.cut}
        if over:
            answer["why"] = watch.stopped or meaning(watch.status, limits)[0]
        wire.send(control, answer)
        if over:
            return
    watch.finish()  # the worker is no more


def _no_time(seconds: float) -> None:
    """In place of `time.sleep`: in a run all answers are at hand, so there is none to wait for."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")


if __name__ == "__main__":
    sys.exit(main())
