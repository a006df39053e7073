"""What stands below the last step: that the lesson is through, and what comes after it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget

from lessons.kit.lesson import Lesson
from tutor.widgets.steps.step import StepView
from tutor.widgets.words import Words


class EndOfLesson(StepView):
    """The end; Enter opens the next lesson."""

    DEFAULT_CSS = """
    EndOfLesson > Words { height: auto; }
    """

    def __init__(self, lesson: Lesson, following: tuple[str, str] | None) -> None:
        """`following` is the next lesson's id and title; None after the last one."""
        super().__init__(lesson, None)
        self._following = following

    @property
    def step(self):
        """It is none."""
        return None

    def compose(self) -> Iterable[Widget]:
        """Where the lesson is from, and what is next."""
        said = Words()
        sources = "\n".join(f"  {each}" for each in self.lesson.sources)
        parts = [("The end of this lesson.\n", "bold"), ("From\n", "$foreground 60%"), sources]
        if self._following:
            parts += [("\n\nNext  ", "$foreground 60%"), (self._following[1], "bold")]
        said.say(Content.assemble(*parts))
        yield said

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
