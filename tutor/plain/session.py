"""What prompts share: the record, the console, and the processes that compute."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tutor import config
from tutor.course import requests
from tutor.course.requests import BACK, HELP, LESSONS, PROGRESS, QUIT, REVIEW, SKIP
from tutor.learner.record import Learner
from tutor.plain.console import Console
from tutor.report.paragraphs import wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from engine.runs.home import Home
    from lessons.kit.bench.bench import Bench
    from lessons.kit.judging.grader import Grader

NEXT = "next"
"""Where to go from a step, besides to what is asked for by a word of `tutor.course.requests`."""
MOVES = {
    BACK: (BACK, "to the step before"),
    SKIP: (SKIP, "go on without this step; it can be taken later"),
    LESSONS: (LESSONS, "list the lessons and go to one"),
    REVIEW: (REVIEW, "ask what is due, then come back here"),
    PROGRESS: ("", "what you have mastered, and what is shaky"),
    QUIT: (QUIT, "leave; the place is remembered"),
}
"""Words that work at every prompt."""


@dataclass
class Session:
    """Of one learner, on one console."""

    home: Home
    learner: Learner
    console: Console = field(default_factory=Console)
    settings: config.Config = field(default_factory=config.read)
    right: bool | None = None
    """Whether the last answer to a question was right; None while there is none."""
    _since: float = field(default_factory=time.monotonic)

    @cached_property
    def bench(self) -> Bench:
        """Where labs are computed; it warms up as soon as it is made."""
        from lessons.kit.bench.bench import Bench

        bench = Bench()
        bench.start()
        return bench

    @cached_property
    def grader(self) -> Grader:
        """Where exercises are checked."""
        from lessons.kit.judging.grader import Grader

        return Grader()

    @property
    def symbols(self) -> str:
        """What charts are drawn with; braille is read aloud dot by dot, so it is not used here."""
        chosen = self.settings.plot_symbols
        return "block" if chosen == "braille" else chosen

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("bench", "grader"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def begin(self) -> None:
        """A step is shown: its seconds count from here."""
        self._since = time.monotonic()

    def seconds(self) -> float:
        """Since the step was shown, or since this was asked last."""
        before, self._since = self._since, time.monotonic()
        return self._since - before

    def say(self, *parts: str) -> None:
        """Paragraphs, with an empty line after them."""
        for part in parts:
            if part:
                self.console.say(wrapped(part) + "\n")

    def choose(self, words: Mapping[str, str], prompt: str = "") -> str:
        """What is typed, or one of the words.

        Args:
            words: What works here besides `MOVES`, each with what it does; "" for Enter.
            prompt: Before the arrow.

        Returns:
            The line; `quit` where no more lines will come.
        """
        while True:
            line = self.console.ask(prompt)
            if line is None:
                return QUIT
            word = requests.word(line)
            if word == HELP:
                self.say(self._help(words))
            elif word == PROGRESS:
                self._progress()
            elif word in words or word in MOVES:
                return word
            else:
                return line

    def edit(self, file: Path) -> bool:
        """Open a file in the learner's editor and wait for it; whether there is one."""
        command = self.settings.editor_command(os.environ)
        if not command:
            return False
        try:
            subprocess.run([*command, str(file)], check=False)
        except OSError as error:
            self.say(f"{command[0]} cannot be started: {error.strerror}.")
        return True

    def _help(self, words: Mapping[str, str]) -> str:
        rows = {word or "Enter": does for word, does in words.items()}
        rows |= {word: does for word, (_, does) in MOVES.items() if word not in rows}
        return "\n".join(f"  {word:<10}{does}" for word, does in rows.items())

    def _progress(self) -> None:
        from tutor.course import measuring
        from tutor.course import names as finding
        from tutor.report.learner import progress_text

        lessons = finding.lessons()
        measuring.catch_up(self.learner, lessons, self.home)
        seen = self.learner.progress(lessons, self.settings.review_day)
        self.say(progress_text(seen, "ascii" if self.symbols == "ascii" else "block"))
