"""The process in which labs compute: `python -m lessons.kit.bench.child REQUESTS ANSWERS`.

REQUESTS and ANSWERS are descriptors of two pipes that its parent holds the other ends of; both
carry one JSON object a line. Standard output is not the channel, so that whatever a lab or a
library prints is harmless. It imports torch as soon as it starts, while the learner reads, and
computes one lab after another. When the pipe of requests closes, however its parent came to its
end, it ends too, in the midst of a lab if need be.

It is asked      {"id": 7, "folder": "...", "lab": "absmax", "values": {...}, "limit": 20}
                 {"stop": 7}
and answers      {"ready": true}
                 {"id": 7, "progress": [3, 10, "row-wise"]}
                 {"id": 7, "figure": {...}}   or   {"id": 7, "error": {...}}   or   "stopped"
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.errors import EngineError, SpecError
from engine.figures import as_dict
from lessons.kit.bench.source import labs

NICENESS = 5
"""Added to its own: behind the screen, ahead of runs."""
IMPORTS = ("torch",)
"""What it imports at start."""
PROGRESS_SECONDS = 0.05
"""Progress is told at most this often."""
OVERTIME_SECONDS = 5.0
"""Its parent kills it at the limit; where there is no parent left to, it ends so much later."""


class Stopped(BaseException):
    """Nobody waits for this figure any more. No `except Exception` in a lab catches it."""


class Requests:
    """What is asked, read on a thread of its own so that an end or a stop is seen at once."""

    def __init__(self, descriptor: int) -> None:
        """Read from now on."""
        self.waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._stopped: set[int] = set()
        threading.Thread(target=self._read, args=(descriptor,), daemon=True).start()

    def stopped(self, id: int) -> bool:
        """Whether that request is to be given up."""
        return id in self._stopped

    def _read(self, descriptor: int) -> None:
        with open(descriptor, encoding="utf-8") as lines:
            for line in lines:
                asked = json.loads(line)
                if "stop" in asked:
                    self._stopped.add(asked["stop"])
                else:
                    self.waiting.put(asked)
        os._exit(0)  # the parent has ended


def answer(asked: dict[str, Any], send: Callable[..., None], stopped: Callable[[], bool]) -> None:
    """Compute one lab and send what came of it."""
    told = float("-inf")

    def progress(done: int, total: int, message: str = "") -> None:
        nonlocal told
        if stopped():
            raise Stopped
        if done >= total or time.monotonic() - told >= PROGRESS_SECONDS:
            send(progress=[done, total, message])
            told = time.monotonic()

    try:
        if stopped():
            raise Stopped
        faulthandler.dump_traceback_later(asked["limit"] + OVERTIME_SECONDS, exit=True)
        found = labs(Path(asked["folder"]))
        if asked["lab"] not in found:
            raise EngineError(
                f"There is no lab {asked['lab']!r} in {asked['folder']}.",
                f"There are {', '.join(found) or 'none'}.",
            )
        figure = found[asked["lab"]].compute(asked["values"], progress)
        send(figure=as_dict(figure))
    except Stopped:
        send(stopped=True)
    except BaseException as error:  # sys.exit() in a lab must not end the bench
        send(error=in_words(asked, error))
    finally:
        faulthandler.cancel_dump_traceback_later()


def in_words(asked: dict[str, Any], error: BaseException) -> dict[str, Any]:
    """What went wrong, as the learner reads it; the traceback beside it, for the author."""
    words: dict[str, Any] = {"what": "", "way_out": "", "detail": ""}
    if isinstance(error, SpecError):
        words |= {"field": error.field, "value": error.value}
    if isinstance(error, EngineError):
        return words | {"what": error.what, "way_out": error.way_out}
    words["detail"] = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        what = f"There was not enough memory for the lab {asked['lab']}."
        return words | {"what": what, "way_out": "Close other programs or choose less."}
    if isinstance(error, ImportError) and error.name:
        what = f"The lab {asked['lab']} needs {error.name}, which cannot be imported: {error}."
        return words | {"what": what, "way_out": "Install the tutor's packages again."}
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    what = f"Something that the lab {asked['lab']} did not foresee stopped it ({said})."
    return words | {"what": what, "way_out": "This is the lesson's fault; try other values."}


def plain(value: Any) -> Any:
    """A number of numpy or torch as Python's own."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"A figure holds a {type(value).__name__}, which is no number or text.")


def main(requests: int, answers: int) -> None:
    """Serve until the parent ends."""
    asks = Requests(requests)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    out = open(answers, "w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as it lives

    def send(**content: Any) -> None:
        out.write(json.dumps(content, default=plain) + "\n")

    for name in IMPORTS:
        with contextlib.suppress(ImportError):  # a lab that needs it says so
            import_module(name)
    send(ready=True)
    while True:
        asked = asks.waiting.get()
        id = asked["id"]
        answer(asked, lambda id=id, **more: send(id=id, **more), lambda id=id: asks.stopped(id))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
