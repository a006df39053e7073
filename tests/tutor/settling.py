"""When nothing more comes to the screen by itself, however busy the machine is.

What a key asks of the study, the watch, the bench or a worker is answered later, and is painted a
link or two of messages and refreshes after. Textual's pilot waits until the process has used no
processor for 20 ms: too short where the machine is busy, and most of a test's time where it is not.
"""

from __future__ import annotations

import asyncio
import sys
import time
from inspect import getattr_static
from threading import Thread

from textual._context import active_app
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from lessons.kit.bench.bench import Bench
from tests.tutor.looking import strips
from tutor.tui.pictures import PATIENCE

AT_MOST = 0.25
"""Seconds that a key waits: what a test holds up on purpose is not to be waited for."""
WAITS_IN = ("_work", "_next_orders")
"""The functions in which the study and the watch wait for an order."""


async def settle(pilot: Pilot) -> None:
    """Wait until everything has come and is painted, and two looks see the same.

    Raises:
        TimeoutError: The screen was still moving after `PATIENCE`.
    """
    app, before, now = pilot.app, None, None
    async with asyncio.timeout(PATIENCE):
        while now is None or now != before:
            await _answered(app.study.order)
            await _answered(app.order)
            await pilot.pause()
            moves = computing(app) or unpainted(app) or not _all_wait(app)
            before, now = now, None if moves else (app.screen, strips(app))


async def quiet(*_: float) -> None:
    """Wait until the app rests, in place of the pilot's wait for an idle process."""
    app, end, rests = active_app.get(), time.monotonic() + AT_MOST, 0
    while rests < 2 and time.monotonic() < end:  # what a thread has posted is there a turn later
        rests = rests + 1 if _rests(app) else 0
        await asyncio.sleep(0 if rests else 0.001)


async def _answered(order) -> None:
    """Wait until all that a thread was asked before is done, and the app has gone on with it."""
    done = asyncio.Event()
    order(lambda _: None, lambda _: done.set())
    await done.wait()


def computing(app: App) -> bool:
    """Whether a thread or a process is at work for what is on the screen."""
    bench = getattr_static(app, "bench", None)  # how it is made, until it is used
    return bool(
        any(not worker.is_finished for worker in app.workers)
        or (isinstance(bench, Bench) and (bench._waiting or bench._running))
        or getattr(app.screen, "going_on", False) is True
    )


def unpainted(app: App) -> bool:
    """Whether a message waits for somebody, or something is not painted yet."""
    screen = app.screen
    return bool(
        app._batch_count
        or any(each.message_queue_size or each._next_callbacks for each in _pumps(app))
        or screen._callbacks
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
    )


def _rests(app: App) -> bool:
    """Whether what was asked of the threads is done, and all that came of it is painted."""
    threads = [getattr(app, name)._thread for name in ("study", "_watch") if hasattr(app, name)]
    at_work = any(not worker.is_finished for worker in app.workers)
    return not (at_work or unpainted(app)) and _all_wait(app) and all(map(_is_idle, threads))


def _pumps(app: App) -> tuple[MessagePump, ...]:
    return (app, *app.screen.walk_children(with_self=True))


def _all_wait(app: App) -> bool:
    """Whether each widget waits for a message, and none is about one."""
    queues = [(pump, pump._message_queue.ready_event) for pump in _pumps(app)]
    return all(
        pump._pending_message is None and not comes.is_set() and comes._waiters
        for pump, comes in queues
    )


def _is_idle(thread: Thread) -> bool:
    """Whether a thread of the tutor's waits for an order; it does before it was begun, too."""
    frame = sys._current_frames().get(thread.ident)
    return frame is None or frame.f_code.co_name in WAITS_IN
