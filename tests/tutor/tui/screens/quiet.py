"""Waits until the tutor has done what it was asked, and has drawn it; for thousands of keys.

Textual's pilot sleeps until the processor has been idle for 20 ms, after every key and twice; here
nothing sleeps, so a thousand keys take as long as the tutor takes for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from unicodedata import lookup

from textual.events import Key
from textual.keys import _character_to_key, _get_unicode_name_from_key

from tests.tutor.settling import computing, unpainted
from tutor.tui.pictures import PATIENCE

LOOK_EVERY = 0.005
"""Seconds between two looks at a thread."""


def key(name: str) -> Key:
    """The event of a key, as a terminal sends it.

    Args:
        name: A key's name, or a character.
    """
    if len(name) == 1 and not name.isalnum():
        name = _character_to_key(name)
    character = name if len(name) == 1 else None
    with suppress(KeyError):
        character = lookup(_get_unicode_name_from_key(name))
    return Key(name, character)


class Settling:
    """Waits for one tutor."""

    def __init__(self, app, pilot, seen: Callable[[], object] = lambda: None) -> None:
        """`seen` is called whenever something may have been drawn."""
        self.app, self.seen = app, seen
        self._handled = pilot._wait_for_screen
        self.asked = 0
        """Orders that were given."""
        for desk in (app, app.study):
            self._count(desk)

    def _count(self, desk) -> None:
        """Know of every order that is given at a desk."""
        order = desk.order

        def counted(*what, **how):
            self.asked += 1
            order(*what, **how)

        desk.order = counted
        desk.quietly = order

    async def drawn(self) -> None:
        """Until no message waits for anybody, and nothing is left to be drawn."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.sleep(0)
            while True:
                await self._handled()
                self.app.screen._on_timer_update()
                self.seen()
                if not unpainted(self.app):
                    return
                await asyncio.sleep(LOOK_EVERY if self.app._batch_count else 0)

    async def done(self) -> None:
        """Until all orders are carried out as well, and nothing computes."""
        async with asyncio.timeout(PATIENCE):
            asked = -1
            while asked != self.asked:
                asked = self.asked
                await self._carried_out()
                await self.drawn()
                while computing(self.app):
                    await asyncio.sleep(LOOK_EVERY)
                    await self.drawn()

    async def _carried_out(self) -> None:
        """An order that comes after all others is carried out."""
        for desk in (self.app, self.app.study):
            carried = asyncio.Event()
            desk.quietly(lambda _: None, lambda _, carried=carried: carried.set())
            await carried.wait()
