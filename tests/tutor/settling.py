"""When nothing more comes to the screen by itself, however busy the machine is.

A picture must wait for that, and not for a while: what a key asks of the study, the watch, the
bench or a worker is answered later, and is painted a link or two of messages and refreshes after.
"""

from __future__ import annotations

import asyncio

from textual.app import App
from textual.pilot import Pilot

from tests.tutor.looking import strips
from tutor.picture import PATIENCE

ONE_AFTER_ANOTHER = 2
"""Looks that see the same, all answers of the threads between them."""


async def settle(pilot: Pilot) -> None:
    """Wait until everything has come and is painted.

    Raises:
        TimeoutError: The screen was still moving after `PATIENCE`.
    """
    app, seen = pilot.app, []
    async with asyncio.timeout(PATIENCE):
        while len(seen) < ONE_AFTER_ANOTHER:
            await _answered(app.study.order)
            await _answered(app.order)
            await pilot.pause()
            if computing(app) or unpainted(app):
                seen.clear()
                continue
            look = app.screen, strips(app)
            seen = [*seen, look] if look in seen else [look]


async def _answered(order) -> None:
    """Wait until all that a thread was asked before is done, and the app has gone on with it."""
    done = asyncio.Event()
    order(lambda _: None, lambda _: done.set())
    await done.wait()


def computing(app: App) -> bool:
    """Whether a thread or a process is at work for what is on the screen."""
    bench = app.__dict__.get("bench")
    return bool(
        any(not worker.is_finished for worker in app.workers)
        or (bench is not None and (bench._waiting or bench._running))
        or getattr(app.screen, "going_on", False) is True
    )


def unpainted(app: App) -> bool:
    """Whether a message waits for somebody, or something is not painted yet."""
    screen = app.screen
    pumps = (app, *screen.walk_children(with_self=True))
    return bool(
        app._batch_count
        or any(each.message_queue_size or each._next_callbacks for each in pumps)
        or screen._callbacks
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
    )
