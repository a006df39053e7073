"""How soon the tutor paints, and how much memory it holds open, beside a hello-world Textual app.

Both run in real pseudo-terminals of 80 x 24, in turns, so that whatever else the machine does
falls on both. Painted is when the words of the screen's body have reached the terminal.

    pytest tests/benchmarks/test_first_paint.py -m bench -s
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from engine.machine import machine
from engine.runs.home import Home
from tests.benchmarks.measuring import side_by_side
from tutor.learner.newcomer import WELCOMED

ROUNDS = 9
HELLO = """
from textual.app import App
from textual.widgets import Footer, Header, Markdown

class Hello(App):
    def compose(self):
        yield Header()
        yield Markdown("# Hello\\n\\nThis is a world.")
        yield Footer()

Hello().run()
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def opened(command: list[str], home: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """A program in a pseudo-terminal of its own."""
    terminal, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "TUTOR_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles the tutor at each start
    program = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield program, terminal
    finally:
        program.kill()
        program.wait()
        os.close(terminal)


def painted(terminal: int, words: bytes, patience: float = 30) -> None:
    """Read until the words have been painted."""
    seen, give_up = b"", time.monotonic() + patience
    while words not in seen:
        assert time.monotonic() < give_up, f"{words!r} was never painted: {seen[-2000:]!r}"
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536)


def seconds(command: list[str], words: bytes, home: Path) -> float:
    """From the start of the process to its words."""
    begun = time.perf_counter()
    with opened(command, home) as (_, terminal):
        painted(terminal, words)
        return time.perf_counter() - begun


@pytest.fixture
def home(tmp_path) -> Path:
    """Of somebody who was here before: Home comes first."""
    made = tmp_path / "home"
    (Home(made).prepare().path / WELCOMED).touch()
    return made


@pytest.fixture
def sides() -> dict[str, tuple[list[str], bytes]]:
    """Both programs, and what says that they are painted."""
    return {
        "tutor": ([sys.executable, "-m", "tutor"], b"tutorial"),
        "hello world": ([sys.executable, "-c", HELLO], b"world"),
    }


def test_first_paint(sides, home):
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        for name, (command, words) in sides.items():
            times[name].append(seconds(command, words, home))
    counted = {name: each[1:] for name, each in times.items()}  # the first fills the disk cache
    side_by_side("First paint, 80 x 24, in turns", counted, "s", "tutor / hello world")


def test_resident_memory(sides, home):
    everything = str(machine())[:3]  # painted last, after the runs
    megabytes: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS // 3):
        for name, (command, words) in sides.items():
            with opened(command, home) as (program, terminal):
                painted(terminal, words)
                if name == "tutor":
                    painted(terminal, everything.encode())
                megabytes[name].append(psutil.Process(program.pid).memory_info().rss / 1e6)
    side_by_side("Resident memory, open", megabytes, "MB", "tutor / hello world")
