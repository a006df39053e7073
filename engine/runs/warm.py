"""Models kept from one run to the next, so that a chain of runs loads each of them once."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from engine.errors import NotEnoughMemory


class Warm:
    """The few things that were made last, by what decides them (name, precision, adapter)."""

    def __init__(self, room: int = 2) -> None:
        """Keep at most `room` of them: a student and a teacher."""
        self._room = room
        self._kept: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was kept for `key`, else what `make` gives; it must not be changed.

        Where there is not enough memory to make it, the others are dropped and it is tried again.
        """
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)  # now the last to be dropped
            return self._kept[key]
        while len(self._kept) >= self._room:
            self._drop(next(iter(self._kept)))
        lacking = False
        try:
            self._kept[key] = make()
        except NotEnoughMemory:
            lacking = True
        if lacking:  # out here, where the error holds no half-made model any more
            self.clear()
            self._kept[key] = make()
        return self._kept[key]

    def clear(self) -> None:
        """Drop everything, as before a training, which changes its model and needs the room."""
        self._kept.clear()
        release()

    def keep_only(self, thing: Any) -> bool:
        """Drop all but this one, which is in use; whether there was anything to drop."""
        others = [key for key, kept in self._kept.items() if kept is not thing]
        for key in others:
            del self._kept[key]
        if others:
            release()
        return bool(others)

    def _drop(self, key: Hashable) -> None:
        del self._kept[key]
        release()


def release() -> None:
    """Give back what nothing uses any more; the card's, too, where torch is loaded.

    By name: the tutor imports this module and must never reach torch; a worker may.
    """
    if "torch" in sys.modules:
        import_module("engine.machine_probe").release()
    else:
        gc.collect()
