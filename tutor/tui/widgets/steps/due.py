"""A question that is due, as a review asks it: it can be put off, set aside, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from tutor.course import requests
from tutor.tui.widgets.answer import KEYS
from tutor.tui.widgets.steps.question import QuestionStep
from tutor.tui.widgets.words import Words


class DueStep(QuestionStep):
    """One of a review."""

    KEYS: ClassVar = KEYS | {"z"}
    """No answer begins with z, which sets it aside."""
    DEFAULT_CSS = """
    DueStep > .note { color: $warning; height: auto; margin: 0 0 1 0; }
    """

    def __init__(self, lesson, page, note: str = "") -> None:
        """A question; `note` is said before it is asked."""
        super().__init__(lesson, page, "review")
        self._note, self._wish = note, ""

    def compose(self) -> Iterable[Widget]:
        """Below its head, what is to be said."""
        head, *rest = super().compose()
        yield head
        if self._note:
            yield Words(self._note, classes="note")
        yield from rest

    @property
    def in_hand(self) -> bool:
        """Whether it waits for an answer."""
        return self.asked is not None and not self.over

    @property
    def answered(self) -> bool:
        """Whether there is something to take back."""
        told = self.told is not None and bool(self.told.asked.sitting.misses)
        return told or (self.asked is not None and self.asked.sitting.closed)

    def would(self, request: str) -> str:
        """To skip it is to put it off."""
        said = super().would(request)
        usual = requests.DOES[requests.SKIP]
        return said.replace(usual, "puts it off until tomorrow")

    def say_wish(self, words: str) -> None:
        """What became of it instead of an answer; empty where it waits for one again."""
        self._wish = words
        self._says_read(self.how())

    def how(self) -> str:
        """How it is answered, or what became of it instead."""
        return self._wish or super().how()

    def ask_anew(self) -> None:
        """What was answered was taken back: a fresh variant, and nothing is said of the last."""
        self._order(lambda c: c.asking.ask(self.lesson, self.step, self._purpose), self._show)
