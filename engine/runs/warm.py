"""Models kept from one run to the next, so that a chain of runs loads each of them once."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Hashable
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
        try:
            made = make()
        except NotEnoughMemory:
            if not self._kept:
                raise
            self.clear()
            made = make()
        self._kept[key] = made
        return made

    def clear(self) -> None:
        """Drop everything, as before a training, which changes its model and needs the room."""
        for key in list(self._kept):
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        del self._kept[key]
        gc.collect()
        torch = sys.modules.get("torch")
        if torch is not None and torch.cuda.is_available():
            torch.cuda.empty_cache()
