"""The warm process: `python -m lessons.kit.judging --link FD [--import torch]`.

It imports what is slow to import, then forks a judge for each learner's file and waits for it. It
stays single-threaded, so that what it forks is whole. It ends when the tutor does.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import pickle
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from lessons.kit.difference import difference, show
from lessons.kit.judging import wire
from lessons.kit.judging.ending import sweep
from lessons.kit.judging.judge import judge
from lessons.kit.judging.learner import same_numbers
from lessons.kit.judging.limits import adopt_orphans, hide_memory

TOKEN_BYTES = 32
"""Before each request comes a token, which every message of its answer bears."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the other side of the link is closed."""
    parser = argparse.ArgumentParser(prog="python -m lessons.kit.judging")
    parser.add_argument("--link", type=int, required=True)
    parser.add_argument("--import", dest="imports", action="append", default=[])
    options = parser.parse_args(arguments)
    link = socket.socket(fileno=options.link)
    os.umask(0o077)
    hide_memory()
    adopt_orphans()
    for name in options.imports:
        with contextlib.suppress(ImportError):  # then a check that needs it says so
            import_module(name)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)  # other threads would not be there after a fork
        _practise(sys.modules["torch"])
    gc.freeze()  # so that collecting in the children does not copy all of these pages
    wire.send(link, {"ready": os.getpid()})
    token = bytearray(TOKEN_BYTES)
    while _read_into(link, token):
        request = wire.receive(link)
        if request is None:
            break
        _serve(link, token, request)
    return 0


def _practise(torch: ModuleType) -> None:
    """Do once what torch is slow to do for the first time, so that no fork has to."""
    some = torch.tensor([1.5, -2.0])
    content = wire.pack(pickle.loads(pickle.dumps(some * 2)), lambda _: {})
    difference(wire.unpack(content, lambda *_: None), some, 1e-5)
    (some.abs().max().double().sum().item(), some.round().to(torch.int8), show(some))
    same_numbers()


def _serve(link: socket.socket, token: bytearray, request: dict) -> None:
    def tell(message: dict) -> None:
        wire.send(link, {"token": token.hex(), **message})

    def forget() -> None:
        token[:] = bytes(TOKEN_BYTES)

    pid = os.fork()
    if pid == 0:
        try:
            adopt_orphans()
            judge(request, lambda: wire.receive(link), tell, forget)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    sweep()  # what a judge that was ended too early has left behind
    tell({"done": os.waitstatus_to_exitcode(status)})


def _read_into(link: socket.socket, token: bytearray) -> bool:
    """Into the buffer itself: no copy of the token stays in memory when it is wiped."""
    view = memoryview(token)
    while view:
        with contextlib.suppress(ConnectionError):
            if count := link.recv_into(view):
                view = view[count:]
                continue
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
