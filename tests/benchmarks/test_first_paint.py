"""How soon the tutor paints, and how much memory it holds open, beside a hello-world Textual app.

Both run in real pseudo-terminals of 80 x 24, in turns, so that whatever else the machine does
falls on both. Painted is when the words of the screen's body have reached the terminal.

    pytest tests/benchmarks/test_first_paint.py -s
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
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
def sides() -> dict[str, tuple[list[str], bytes]]:
    """Both programs, and what says that they are painted."""
    return {
        "hello": ([sys.executable, "-c", HELLO], b"world"),
        "tutor": ([sys.executable, "-m", "tutor"], b"tutorial"),
    }


def spread(values: list[float]) -> str:
    """The median, and the least to the greatest."""
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def test_first_paint(sides, tmp_path):
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        for name, (command, words) in sides.items():
            times[name].append(seconds(command, words, tmp_path / "home"))
    hello, tutor = times["hello"][1:], times["tutor"][1:]  # the first round fills the disk cache
    ratios = [a / b for a, b in zip(tutor, hello, strict=True)]
    print(f"\nfirst paint, {ROUNDS} rounds in turns, seconds: median (least to greatest)")
    print(f"  hello world  {spread(hello)}\n  tutor        {spread(tutor)}")
    print(f"  tutor / hello {spread(ratios)}")
    assert all(ratio > 0 for ratio in ratios)


def test_resident_memory(sides, tmp_path):
    megabytes: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(3):
        for name, (command, words) in sides.items():
            with opened(command, tmp_path / "home") as (program, terminal):
                painted(terminal, words)
                if name == "tutor":
                    painted(terminal, b"CPU" if not _gpu() else b"GPU")  # all is read by then
                megabytes[name].append(psutil.Process(program.pid).memory_info().rss / 1e6)
    ratios = [a / b for a, b in zip(megabytes["tutor"], megabytes["hello"], strict=True)]
    print("\nresident memory of the open program, MB: median (least to greatest)")
    for name, values in megabytes.items():
        print(f"  {name:<12} {spread(values)}")
    print(f"  tutor / hello {spread(ratios)}")
    assert all(ratio > 0 for ratio in ratios)


def _gpu() -> bool:
    from tutor.machine import describe

    return describe().startswith("GPU")
