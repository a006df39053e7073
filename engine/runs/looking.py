"""Looking whether a run is to stop, from within what turns too fast to ask a database each time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

LOOK_SECONDS = 0.5
"""A request to stop is looked for this often."""
T = TypeVar("T")


def now_and_then(look: Callable[[], None]) -> Callable[..., None]:
    """`look` as something to call at every turn of a loop, which does it now and then."""
    looked = time.monotonic()

    def tick(*_turn: object) -> None:
        nonlocal looked
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            look()

    return tick


def beside(work: Callable[[], T], look: Callable[[], None]) -> T:
    """What `work` gives, done on a thread beside, since it never looks itself: an import, say.

    Where `look` raises, it is left to itself: it must be nothing that the next run would meet.
    """
    came: list[T] = []
    fell: list[BaseException] = []

    def do() -> None:
        try:
            came.append(work())
        except BaseException as error:  # is raised again below
            fell.append(error)

    thread = threading.Thread(target=do, name="beside", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_SECONDS)
        if thread.is_alive():
            look()
    if fell:
        raise fell[0]
    return came[0]
