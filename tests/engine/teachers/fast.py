"""Clocks that run faster than the machine's."""

import asyncio
import time

from engine.hosted.clock import Clock


class Fast(Clock):
    """So many seconds pass in one."""

    def __init__(self, speed):
        self.speed = speed
        self._began, self._wall = time.monotonic(), time.time()

    def now(self):
        return (time.monotonic() - self._began) * self.speed

    def wall(self):
        return self._wall + self.now()

    async def sleep(self, seconds):
        await asyncio.sleep(seconds / self.speed)


class Stepped(Clock):
    """Time passes only in sleep, which takes next to none of the machine's.

    So what is paced by it does not depend on how busy the machine is; while a request is on its
    way, time goes on in small steps.
    """

    def __init__(self):
        self._now, self._wall = 0.0, time.time()

    def now(self):
        return self._now

    def wall(self):
        return self._wall + self._now

    async def sleep(self, seconds):
        await asyncio.sleep(0.002)
        self._now += seconds
