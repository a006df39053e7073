"""What stands below the last step: what is left to do here, where it is from, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from lessons.kit.course.addresses import addresses
from lessons.kit.course.lesson import Lesson
from tutor.course.sources import about_documents
from tutor.tui.classroom import standing
from tutor.tui.widgets.steps.step import FAINT, StepView
from tutor.tui.widgets.words import Words
from tutor.tui.words import steps as step_words

if TYPE_CHECKING:
    from tutor.tui.classroom.pages import Page

MOST = 8
"""Steps that are named; the outline has them all."""
TITLE = 32
"""Characters of a step's name, so that it has one line in the narrowest window."""


class EndOfLesson(StepView):
    """The end; Enter opens the next lesson."""

    DEFAULT_CSS = """
    EndOfLesson > Words { height: auto; }
    """

    def __init__(
        self,
        lesson: Lesson,
        following: tuple[str, str] | None,
        pages: Callable[[], Sequence[Page]],
    ) -> None:
        """The end of a lesson.

        Args:
            lesson: The lesson.
            following: The next lesson's id and title; None after the last one.
            pages: Gives its steps as they stand now.
        """
        super().__init__(lesson, None)
        self._following = following
        self._pages = pages

    @property
    def step(self):
        """It is none."""
        return None

    def compose(self) -> Iterable[Widget]:
        """A few lines, said when the learner comes here."""
        yield Words(self._said().plain)

    def on_mount(self) -> None:
        """The first time, once it is there."""
        self.query_one(Words).say(self._said())

    def at(self, here: bool) -> None:
        """Say it as it stands now."""
        super().at(here)
        if here and self.is_mounted:
            self.query_one(Words).say(self._said())

    def _said(self) -> Content:
        pages = self._pages()
        had = sum(page.points for page in pages)
        parts: list = [("The end of this lesson.", "bold")]
        if self.lesson.points:
            parts.append(f"  You have {had:.3g} of {self.lesson.points} points.")
        parts.append("\n")
        if left := standing.left_over(pages):
            parts += [("Left to do\n", FAINT), *self._lines(pages, left)]
            parts.append(("o lists all steps; Enter there goes to one.\n", FAINT))
        opens = any(map(addresses, self.lesson.sources))
        parts.append(("From; o opens what is public\n" if opens else "From\n", FAINT))
        parts.append("\n".join(f"  {each}" for each in self.lesson.sources))
        if said := about_documents(self.lesson.sources):
            parts.append((f"\n{said}", FAINT))
        if self._following:
            parts += [("\n\nNext  ", FAINT), (self._following[1], "bold")]
        return Content.assemble(*parts)

    def _lines(self, pages: Sequence[Page], left: Sequence[Page]) -> Iterable[tuple[str, str]]:
        """Number, kind and name of each step, and what is left of it."""
        numbers = {page.step.id: at for at, page in enumerate(pages, 1)}
        for page in left[:MOST]:
            title = step_words.title(self.lesson, page.step)
            title = title if len(title) <= TITLE else f"{title[:TITLE].rstrip()} …"
            yield f"  {numbers[page.step.id]:>2} {step_words.KINDS[page.step.kind]} {title}", ""
            yield f"  {standing.in_short(page)}\n", FAINT
        if len(left) > MOST:
            yield f"     and {len(left) - MOST} more\n", ""

    def enter_does(self) -> str:
        """The next lesson."""
        return "next lesson" if self._following else "home"

    def enter(self) -> bool:
        """Open it."""
        if self._following:
            self.app.open_lesson(self._following[0], instead=True)
        else:
            self.app.leave()
        return True
