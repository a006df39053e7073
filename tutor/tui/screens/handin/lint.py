"""The lessons looked through for faults; for who writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from lessons.kit.course.course import load
from tutor.tui.keys import key
from tutor.tui.screens.fields import Field
from tutor.tui.screens.handin.errand import FAINT, ErrandRoom
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.linting.finding import LintReport
    from tutor.tui.threads.errand import Tell

PARTS = ("all", "structure", "questions", "exercises", "labs")


class Lint(ErrandRoom):
    """One lesson, a folder of one, or the whole course."""

    about = "Lint the lessons"
    label = "lesson"
    verb = "look through"
    intro = (
        "For authors. Names, sources and links; each question under 200 seeds; each exercise as it "
        "is shipped and solved; each lab at the ends of its ranges. Type a lesson, or a folder "
        "with a lesson.md; nothing looks through all of the course, which takes minutes."
    )
    BINDINGS: ClassVar = [
        key(
            "f6",
            "turn_part",
            "which part",
            "Everything, or structure, questions, exercises or labs.",
        ),
    ]

    def __init__(self) -> None:
        """All parts at first."""
        super().__init__()
        self._part = PARTS[0]

    def where(self) -> str:
        """In the room."""
        return "Hand in › Lint the lessons"

    def line(self) -> Input:
        """Lessons are completed with the right arrow."""
        names = [id.rpartition("/")[2] for id in load().lessons]
        return Field("", suggester=SuggestFromList(names, case_sensitive=False))

    def choices(self) -> Iterable[Widget]:
        """Which part."""
        yield Words(id="errand-choice", classes="choice")

    def on_mount(self) -> None:
        """Say what is chosen."""
        super().on_mount()
        self._say_part()

    def _say_part(self) -> None:
        words = Content.assemble(("part    ", FAINT), (self._part, "bold"), ("  f6", FAINT))
        self.query_one("#errand-choice", Words).say(words)

    def why_not(self, action: str) -> str:
        """What goes on is no longer chosen."""
        return self._busy() if action == "turn_part" else super().why_not(action)

    def action_turn_part(self) -> None:
        """The next part."""
        if not self.refuses("turn_part"):
            self._part = PARTS[(PARTS.index(self._part) + 1) % len(PARTS)]
            self._say_part()

    def begin(self, typed: str) -> None:
        """Look through it."""
        parts = PARTS[1:] if self._part == PARTS[0] else (self._part,)
        self.order(lambda told: _looked(typed, parts, told), self._looked, "Reading the lessons")

    def _looked(self, report: LintReport) -> None:
        from tutor.report.lint import lint_text

        number = len(report.findings)
        words = f"{number} fault{'' if number == 1 else 's'}, below."
        self.came(
            Content.assemble(("✓ ", "$text-success"), "Nothing is wrong.")
            if report.clean
            else Content.assemble(("✗ ", "$text-error"), words)
        )
        self.say(lambda width: lint_text(report, width))
        self.query_one("#errand-came").focus()


def _looked(typed: str, parts: tuple[str, ...], told: Tell) -> LintReport:
    from lessons.kit.linting.lint import lint

    return lint([_lesson(typed)] if typed else None, parts=parts, told=told)


def _lesson(typed: str) -> Lesson:
    """A lesson of the course by its name, or the one in a folder."""
    from lessons.kit.course.lesson import read_lesson
    from tutor.course import names as finding
    from tutor.course.file_names import file_named

    folder = file_named(typed)
    if (folder / "lesson.md").is_file():
        folder = folder.resolve()
        return read_lesson(folder, f"{folder.parent.name}/{folder.name}")
    return finding.lesson(typed)
