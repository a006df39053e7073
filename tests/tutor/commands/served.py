"""A tutor that is served, and a walk through it, whoever presses its keys and reads its screen."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager

import aiohttp

PATIENCE = 60
ENTER, ESCAPE = "\r", "\x1b"
STYLES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


@contextmanager
def served(home):
    """The address of a tutor on a home."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "tutor", "serve", "--port", str(port), "--home", str(home)]
    env = dict(os.environ)  # without the COLUMNS that readline gives a child behind Python's back
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env=env, **piped)
    try:
        assert "Only this machine reaches it" in process.stderr.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def page(session, url):
    """The page, as soon as the server listens."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(url) as answer:
                    return await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


class Walker:
    """Whoever presses keys and sees what is painted; where they go and come from is for others."""

    seen = ""
    """What was painted since the last key."""

    async def send(self, typed: str) -> None:
        """Press a key, or type a text."""
        raise NotImplementedError

    async def receive(self) -> bytes:
        """What is painted next."""
        raise NotImplementedError

    async def press(self, typed: str) -> None:
        """Press a key; what was painted before it no longer counts."""
        self.seen = ""
        await self.send(typed)

    async def sees(self, words: str) -> str:
        """Wait until words are painted, and give all that was."""
        try:
            async with asyncio.timeout(PATIENCE):
                while words not in self.seen:
                    painted = await self.receive()
                    self.seen += STYLES.sub("", painted.decode("utf-8", "replace"))
        except TimeoutError:
            raise AssertionError(f"{words!r} is not painted, but {self.seen[-2000:]!r}") from None
        return self.seen


async def walk(walker: Walker) -> None:
    """From the first screen to a question that is answered and a run, by keys alone."""
    await walker.sees("This machine")
    await walker.press(ENTER)
    await walker.sees("Begin with: Integers")
    await walker.press(ENTER)
    await walker.sees("A model is a long list of numbers")
    await walker.press(ENTER)
    asked = await walker.sees(" in UINT8")
    pattern = re.search(r"Which integer is ([01]+) in UINT8", asked)[1]
    await walker.press(str(int(pattern, 2)))
    await walker.sees(f"read as {int(pattern, 2)}")
    await walker.press(ENTER)
    await walker.sees("Right.")
    await walker.press(ESCAPE)
    await walker.sees("Integers, step ")
    await walker.press("u")
    await walker.sees("10 of 10 runs")
    await walker.press(ENTER)
    await walker.sees("Runs › 10")


async def come_back(walker: Walker) -> None:
    """Home is the first screen of whoever was here before, and Enter goes on."""
    await walker.sees("Continue")
    await walker.sees("Integers, step ")
    await walker.press(ENTER)
    await walker.sees("Question")
