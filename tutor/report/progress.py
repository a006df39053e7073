"""A run's progress: one line that rewrites itself on a terminal, a few lines in a log."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, TextIO

from engine.printable import one_line
from tutor.tutorial.run_words import bar, far, stands

if TYPE_CHECKING:
    from engine.runs.store import Run

TENTHS = 10
"""On a stream that is no terminal: one line for each tenth of the way."""


class Progress:
    """What has been said about a run, so that it is not said twice."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`; whether it rewrites a line depends on its being a terminal."""
        self.stream = stream
        self.live = stream.isatty()
        self._said: tuple = ()

    def show(self, run: Run, stage: str = "") -> None:
        """Say how a run stands."""
        if self.live:
            self._rewrite(line(run, stage, drawn=True))
            return
        tenth = int(TENTHS * run.done / run.total) if run.total else 0
        if (run.state, tenth) != self._said:
            self._said = (run.state, tenth)
            print(line(run, stage), file=self.stream, flush=True)

    def close(self) -> None:
        """Leave the line as it is; what comes next begins on a new one."""
        if self.live and self._said:
            print(file=self.stream, flush=True)
        self._said = ()

    def _rewrite(self, text: str) -> None:
        self._said = ("live",)
        width = shutil.get_terminal_size().columns - 1
        cut = text if len(text) <= width else text[: width - 1] + "…"
        print(f"\r\x1b[K{cut}", end="", file=self.stream, flush=True)


def line(run: Run, stage: str = "", drawn: bool = False) -> str:
    """Such as `[2/7] run 5  running  problems 40 of 300 · 13% · 0:21 left  evaluate oak`."""
    parts = [f"[{stage}]"] if stage else []
    parts += [f"run {run.id}", stands(run)]
    if drawn and run.total:
        parts.append(bar(run.done, run.total, 12))
    parts += [far(run), run.title]
    return one_line("  ".join(part for part in parts if part))
