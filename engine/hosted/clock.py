"""The time by which requests are paced; a test may bring a faster one."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """The machine's own."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, which other processes know too."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Let others run for so long."""
        await asyncio.sleep(seconds)
