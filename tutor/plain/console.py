"""Lines out, lines in: a terminal, a pipe, or a test."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from engine.printable import printable


class Console:
    """Says things and reads lines."""

    def __init__(self, stdin: TextIO | None = None, stdout: TextIO | None = None) -> None:
        """The standard streams as they are now, unless others are given."""
        self.stdin = stdin or sys.stdin
        self.stdout = stdout or sys.stdout
        self._typed: Callable[[str], str | None] = (
            self._from_terminal if stdin is None and sys.stdin.isatty() else self._from_pipe
        )

    def say(self, text: str = "") -> None:
        """A few lines, at once."""
        print(printable(text), file=self.stdout, flush=True)

    def ask(self, prompt: str) -> str | None:
        """The line that is typed; None where no more will come."""
        return self._typed(f"{prompt}> ")

    def _from_terminal(self, prompt: str) -> str | None:
        with suppress(ImportError):
            import readline  # noqa: F401  input() then edits lines and remembers them
        try:
            return input(prompt).strip()
        except EOFError:
            self.say()
            return None

    def _from_pipe(self, prompt: str) -> str | None:
        """What comes from a pipe is not seen as it is typed, so it is said."""
        line = self.stdin.readline()
        if not line:
            return None
        self.say(f"{prompt}{line.strip()}")
        return line.strip()
