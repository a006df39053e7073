"""The worker's end of the courier: starts it, hands it requests, and hears what came of them.

A lock says that a run's courier is at work. It is taken here and inherited by the courier, so there
is no moment at which a courier could begin unseen; the kernel frees it when the courier ends.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from engine import child_process
from engine.errors import EngineError
from engine.hosted.courier import LONGEST_LINE, MODELS
from engine.hosted.retrying import Trouble
from engine.hosted.said import Manner, Said
from engine.runs.home import Home, private_folder
from engine.runs.lock import Lock

COURIER = (sys.executable, "-m", "engine.hosted.courier")
PATIENCE_SECONDS = 5.0
"""How long the lock of a courier that has just ended is waited for."""


class Carrier(Protocol):
    """Takes requests to one hosted model."""

    async def models(self) -> list[str] | None:
        """As `Client.models`."""
        ...

    async def ask(self, request: int, question: str, manner: Manner) -> Said:
        """As `Client.ask`; `request` is its number among the run's payments."""
        ...

    async def close(self) -> None:
        """There is nothing more to ask."""
        ...


class Courier:
    """A process that asks, and goes on asking what it has when this one is killed."""

    def __init__(self, home: Home, run_id: int, model: str) -> None:
        """For one run and one hosted model; the process starts with the first request."""
        self._command = (
            *COURIER, "--home", str(home.path), "--run", str(run_id), "--model", model,
        )  # fmt: skip
        self._lock = lock(home, run_id)
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = asyncio.Lock()
        self._hearing: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def models(self) -> list[str] | None:
        """As the service lists them."""
        return (await self._order({"request": MODELS}))["models"]

    async def ask(self, request: int, question: str, manner: Manner) -> Said:
        """One request, tried once; the reply is on record by the time it is here."""
        order = {"request": request, "question": question, "manner": asdict(manner)}
        return Said(**(await self._order(order))["said"])

    async def close(self) -> None:
        """It ends by itself when what it has is answered; nobody waits for it."""
        if self._process is not None:
            self._process.stdin.close()  # type: ignore[union-attr]
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.wait([self._hearing])

    async def _order(self, order: Mapping[str, Any]) -> dict[str, Any]:
        async with self._starting:
            if self._hearing is None or self._hearing.done():
                await self._start()
        request = order["request"]
        heard = self._waiting[request] = asyncio.get_running_loop().create_future()
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
            told = await heard
        except BrokenPipeError:
            raise _killed() from None
        finally:
            self._waiting.pop(request, None)
        if trouble := told.get("trouble"):
            raise Trouble(**trouble)
        if error := told.get("error"):
            raise EngineError(**error)
        return told

    async def _start(self) -> None:
        if not self._lock.acquire(PATIENCE_SECONDS):
            raise Trouble("an earlier courier is still at work")
        try:
            self._process = child_process.start(  # what ends the worker's group does not end it
                self._command,
                env=child_process.surroundings(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(self._lock.descriptor,),
            )
        finally:
            self._lock.release()
        heard = asyncio.StreamReader(LONGEST_LINE)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(heard), self._process.stdout
        )
        self._hearing = asyncio.ensure_future(self._hear(heard, pipe))

    async def _hear(self, heard: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        try:
            while line := await heard.readline():
                told = json.loads(line)
                waiting = self._waiting.get(told["request"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(told)
        finally:
            pipe.close()
            for waiting in self._waiting.values():  # it was killed
                if not waiting.done():
                    waiting.set_exception(_killed())


def lock(home: Home, run_id: int) -> Lock:
    """Held while a run's courier is at work, be it of this worker or of one that died."""
    return Lock(private_folder(home.artifacts(run_id)) / "courier.lock")


def _killed() -> Trouble:
    return Trouble("the process that asks was killed")
