"""What a terminal shows of what a program wrote into it: rows of text, without colours.

Enough of a terminal for Textual, which writes where a row begins, then the row; no more.
"""

from __future__ import annotations

import os
import re
import select
import time
from codecs import getincrementaldecoder
from collections.abc import Callable

COLUMNS, ROWS = 80, 24
_PIECE = re.compile(
    r"\x1b\[(?P<to>\d+;\d+)H|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[P\]_^].*?(?:\x1b\\|\x07)|\x1b[^\[P\]_^]"
    r"|(?P<move>[\r\n])|(?P<text>[^\x1b\x00-\x1f]+)|[\x00-\x1a\x1c-\x1f]",
    re.DOTALL,
)
"""A place to go on at, any other control, a new line, or text."""


class Pane:
    """The rows on the screen of a program that writes into a pseudo-terminal."""

    def __init__(self, terminal: int) -> None:
        """`terminal` is the file that the program's writing is read from."""
        self.rows = [" " * COLUMNS for _ in range(ROWS)]
        self._terminal = terminal
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._x = self._y = 0

    def press(self, key: bytes) -> None:
        """Type into it."""
        os.write(self._terminal, key)

    def until(self, shown: Callable[[Pane], bool], patience: float = 60.0) -> float:
        """Read until the rows are so; the moment (`time.perf_counter`) at which they were.

        Raises:
            TimeoutError: They never were; the rows are in its words.
        """
        at, give_up = time.perf_counter(), time.monotonic() + patience
        while not shown(self):
            if time.monotonic() > give_up:
                raise TimeoutError("\n".join(["This was never shown; the screen is:", *self.rows]))
            if select.select([self._terminal], [], [], 0.1)[0]:
                written = os.read(self._terminal, 65536)
                at = time.perf_counter()
                self._take(written)
        return at

    def settle(self, quiet: float = 0.15, patience: float = 3.0) -> None:
        """Read until nothing was written for so many seconds, or `patience` is at its end.

        A run's progress may be painted for ever.
        """
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            if not select.select([self._terminal], [], [], quiet)[0]:
                break
            self._take(os.read(self._terminal, 65536))

    def _take(self, written: bytes) -> None:
        text, end = self._rest + self._decode(written), 0
        while piece := _PIECE.match(text, end):
            if piece["text"] is None and piece.end() == len(text) and text[end] == "\x1b":
                break  # it may go on in what is not read yet
            end = piece.end()
            if piece["to"]:
                row, column = piece["to"].split(";")
                self._y, self._x = int(row) - 1, int(column) - 1
            elif piece["move"] == "\n":
                self._y += 1
            elif piece["move"] == "\r":
                self._x = 0
            elif piece["text"] and 0 <= self._y < ROWS:
                self._write(piece["text"])
        self._rest = text[end:]

    def _write(self, text: str) -> None:
        row = self.rows[self._y]
        self.rows[self._y] = (row[: self._x] + text + row[self._x + len(text) :])[:COLUMNS]
        self._x += len(text)
