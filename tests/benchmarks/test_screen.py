"""How long the screen is ever held up: the longest steps of the event loop, place by place.

Processor time of the app's own thread, in a tour through the screens while a run goes on, so that
what else the machine does is left out. Textual's hello world is opened beside it, at that size.

    pytest tests/benchmarks/test_screen.py -m bench -s
"""

from __future__ import annotations

import asyncio
import asyncio.events
import time
from collections import defaultdict
from contextlib import contextmanager
from functools import partial

import pytest
from textual.app import App
from textual.widgets import Footer, Header, Markdown

from tests.tutor.homes import worker, write
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until

TOUR = ("t", "h", "u", "escape", "p", "escape", "enter", "e", "f", "escape", "s", "escape", "l")


class Hello(App):
    def compose(self):
        yield Header()
        yield Markdown("# Hello\n\nThis is a world.")
        yield Footer()


@contextmanager
def steps():
    """Milliseconds of every step of the loop, by where they were taken."""
    taken, where = defaultdict(list), ["start"]
    run = asyncio.events.Handle._run

    def timed(self):
        begun = time.thread_time()
        try:
            return run(self)
        finally:
            taken[where[0]].append(1000 * (time.thread_time() - begun))

    asyncio.events.Handle._run = timed
    try:
        yield taken, where
    finally:
        asyncio.events.Handle._run = run


def has_read(app, run_id, done):
    """Whether the app has read that the run is so far."""
    return app.seen.run(run_id).done == done


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=["80x24", "160x50"])
async def test_longest_steps(tmp_path, size):
    with steps() as (plain, _):
        async with Hello().run_test(size=size) as pilot:
            await pilot.pause()
    with worker(tmp_path / "home") as hand, steps() as (taken, where):
        hand.chain(upto="student")
        record = hand.begin()
        write(record, "student", 0.6)
        app = TutorApp(hand.home)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.seen.machine != "")
            for number, key in enumerate(TOUR):
                where[0] = f"{key} on {type(app.screen).__name__}"
                await pilot.press(key)
                record.progress(60 + number, 100, "problems")
                record.flush()
                await until(pilot, partial(has_read, app, record.run.id, 60 + number))
    print(f"\nLongest steps of the event loop at {size[0]} x {size[1]}, milliseconds")
    for place, each in [("hello world", plain["start"]), *taken.items()]:
        longest = ", ".join(f"{step:.0f}" for step in sorted(each, reverse=True)[:3])
        print(f"  {place:<24} {longest}")
    assert {place.split()[0] for place in taken} == {"start", *TOUR}
