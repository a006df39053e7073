"""The process that carries requests to a hosted model: `python -m engine.hosted.courier`.

It outlives the worker. What it was given is asked to the end, also where the worker is killed
meanwhile, and each reply is written down before the worker hears of it: so a reply that was paid
for is not lost with whoever was waiting for it, and the run that is resumed has it.

    worker -> courier   {"request": 14, "question": "...", "manner": {...}}     a line each
    courier -> worker   {"request": 14, "said": {...}}
                        {"request": 14, "trouble": {...}}       it may do better next time
                        {"request": 14, "error": {...}}         it will not

Request 0 asks for the service's models. Standard input at its end means: nothing more will come.
The key is in the environment, as the worker's is; it crosses no pipe.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.hosted import services
from engine.hosted.payments import Payments
from engine.hosted.retrying import Trouble
from engine.hosted.said import Client, Manner, Said
from engine.hosted.services import Service
from engine.runs.database import Database
from engine.runs.home import Home
from engine.runs.logs import redacted

CLIENTS = {
    "gemini": "engine.hosted.gemini:Gemini",
    "openai": "engine.hosted.openai_server:OpenAIServer",
}
"""Who speaks to a provider; imported here alone, as the libraries take a second."""
LONGEST_LINE = 64 * 1024 * 1024
MODELS = 0
"""The request that asks for the models; those for answers have numbers from 1 on."""

Tell = Callable[[Mapping[str, Any]], None]


def client_of(service: Service) -> Client:
    """Who speaks to a service."""
    module, name = CLIENTS[service.provider].split(":")
    return getattr(import_module(module), name)(service, service.secret())


async def carry(
    client: Client, keep: Callable[[int, Said], None], orders: asyncio.StreamReader, tell: Tell
) -> None:
    """Ask what is ordered, all at once, until no more orders come and all is answered.

    Args:
        client: Asks.
        keep: Writes a reply down.
        orders: Lines from the worker.
        tell: Sends one back.
    """
    asking: set[asyncio.Task[None]] = set()
    while line := await orders.readline():
        task = asyncio.ensure_future(_answer(client, keep, json.loads(line), tell))
        asking.add(task)
        task.add_done_callback(asking.discard)
    if asking:
        await asyncio.wait(asking)
    await client.close()


async def _answer(
    client: Client, keep: Callable[[int, Said], None], order: Mapping[str, Any], tell: Tell
) -> None:
    request = order["request"]
    try:
        if request == MODELS:
            tell({"request": request, "models": await client.models()})
            return
        said = await client.ask(order["question"], Manner(**order["manner"]))
        try:
            keep(request, said)
        except Exception as error:  # such as a full disk: the worker may still have it
            print(redacted(_words(error)), file=sys.stderr, flush=True)
        tell({"request": request, "said": asdict(said)})
    except Trouble as trouble:
        tell({"request": request, "trouble": trouble.told()})
    except EngineError as error:
        tell({"request": request, "error": {"what": error.what, "way_out": error.way_out}})
    except Exception as error:  # it must not take those beside it down
        print(redacted(_words(error)), file=sys.stderr, flush=True)
        trouble = Trouble(f"something unforeseen ({type(error).__name__})")
        tell({"request": request, "trouble": trouble.told()})


def _words(error: Exception) -> str:
    """For the log: our own words, or where it came from."""
    if isinstance(error, EngineError):
        return str(error)
    return "".join(traceback.format_exception(error))


def _tell(line: Mapping[str, Any]) -> None:
    """To the worker, while there is one."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
        sys.stdout.buffer.flush()


async def _main(service: Service, book: Payments) -> None:
    orders = asyncio.StreamReader(LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer
    )
    await carry(client_of(service), lambda *reply: book.arrived(*reply, time.time()), orders, _tell)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the worker starts it."""
    parser = argparse.ArgumentParser(prog="python -m engine.hosted.courier")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--run", type=int, required=True)
    parser.add_argument("--model", required=True)
    options = parser.parse_args(arguments)
    os.umask(0o077)
    service = services.read(options.model, options.home)
    database = Database(Home(options.home))
    asyncio.run(_main(service, Payments(database, options.run, options.model)))
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
