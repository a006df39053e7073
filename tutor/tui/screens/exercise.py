"""An exercise: the learner's file, and beside it (below, in a narrow window) what the checks said.

The file is saved as it is typed, and read again when another editor saved it; then it is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from engine.errors import EngineError
from tutor.learner import points
from tutor.report.question import counted
from tutor.tui.classroom import exercise as exercises
from tutor.tui.classroom.exercise import ExercisePage
from tutor.tui.keys import key
from tutor.tui.outside.editor import open_in_editor
from tutor.tui.screens.exercise_file import KeptFile
from tutor.tui.screens.room import LEAST_WIDTH, Room
from tutor.tui.widgets.editor import Editor
from tutor.tui.widgets.find_line import FindLine
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.judging.report import Report

LOOK_EVERY = 1.0
"""Seconds between two looks at the file on the disk."""


class ExerciseRoom(Room):
    """One exercise."""

    about = "An exercise"
    BINDINGS: ClassVar = [
        key("ctrl+r", "check", "check", "Save the file and check it."),
        key("e", "edit", "$EDITOR", "Open the file in your editor; it is checked afterwards."),
        key("o", "output", "output", "What your code printed while it was checked."),
        key("w", "solution", "solution", "One way to write it; before a pass it has a price."),
        key("R", "reset", "reset", "The file as it was at first; asks, and keeps a copy."),
        key("ctrl+f", "find", "find", "Find a text in the file; ⏎ and ↑ go through its places."),
        key("ctrl+l", "to_line", "to line", "Go to a line of the file by its number."),
        key("tab,i", "type", "edit", "Into the file."),
        key("escape", "leave", "back", "Out of the file; then back to where you came from."),
    ]
    HORIZONTAL_BREAKPOINTS: ClassVar = [
        (0, "-tiny"), (LEAST_WIDTH, "-normal"), (100, "-beside"), (110, "-wide"),
    ]  # fmt: skip

    class Checked(Message):
        """What the checks said, from the grader's thread."""

        def __init__(self, report: Report | None, error: EngineError | None) -> None:
            """One of the two."""
            super().__init__()
            self.report = report
            self.error = error

    def __init__(self, lesson: Lesson, step: Step, *, edit: bool = False) -> None:
        """Args: the lesson, its exercise step, and whether to open $EDITOR at once."""
        super().__init__()
        self.lesson = lesson
        self.step = step
        self.page: ExercisePage | None = None
        self.kept: KeptFile | None = None
        self.report: Report | None = None
        self._edit_at_once = edit
        self._checking = self._again = self._warned = False

    def where(self) -> str:
        """Under its lesson."""
        return f"{self.lesson.title} › Exercise"

    def body(self) -> Iterable[Widget]:
        """The file, and what is said of it."""
        with Container(id="exercise"):
            self._editor = Editor(dark=self.app.current_theme.dark, id="text")
            with Vertical(id="file"):
                yield self._editor
                yield FindLine(self._editor)
            with VerticalScroll(id="checks"):
                yield Words("Opening the exercise …", id="outcome")
                yield ProseView(id="results")

    def on_mount(self) -> None:
        """Have the file read, and look at it from time to time."""
        super().on_mount()
        self._editor.read_only = True
        self.app.study.order(
            lambda c: c.exercise(self.lesson, self.step), self._opened, self._failed
        )
        self.set_interval(LOOK_EVERY, self._look)

    def _failed(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#outcome", Words).say(str(error))
            self._say_place()

    def _opened(self, page: ExercisePage) -> None:
        if not self.is_attached:
            return
        self.page = page
        self.kept = KeptFile(self.app.study, page, self._failed)
        self._fill(page.text)
        self._editor.read_only = False
        self._editor.focus()
        self.query_one("#results", ProseView).say(page.checks)
        of = counted(self.step.points)
        self.query_one("#outcome", Words).say(f"The checks, for {of}. ^r runs them.")
        self._say_place()
        self.app.grader.warm()
        self.refresh_bindings()
        if self._edit_at_once:
            self.action_edit()

    def _fill(self, text: str) -> None:
        at = self._editor.cursor_location
        with self.prevent(TextArea.Changed):
            self._editor.load_text(text)
        self._editor.move_cursor(at)

    @property
    def complete(self) -> bool:
        """Whether the file is there."""
        return self.page is not None

    # The file

    def on_text_area_changed(self) -> None:
        """Save at every key."""
        if self.kept is not None:
            self.kept.save(self._editor.text, self._say_place)
            self._say_place()

    def on_text_area_selection_changed(self) -> None:
        """The cursor has moved."""
        self._say_place()

    def _say_place(self) -> None:
        """The file, the cursor's place in it, and whether it is saved."""
        if self.kept is not None and self.is_attached:
            row, column = self._editor.cursor_location
            kept = self.kept
            saved = "not saved" if kept.unwritten else "saved" if kept.saved else "…"
            place = f"line {row + 1}, column {column + 1}"
            self._top.about = f"{kept.path.name} · {place} · {saved}"

    def _look(self) -> None:
        """Another editor may have saved the file."""
        if self.kept is not None and self.in_sight:
            self.kept.look(self._changed)

    def _changed(self, text: str) -> None:
        if self.is_attached:
            self._fill(text)
            self._check()

    # Checks

    def action_check(self) -> None:
        """Save, then check."""
        if not self.refuses("check"):
            self.kept.save(self._editor.text, self._check)

    def _check(self) -> None:
        if not self.is_attached:
            return
        if self._checking:
            self._again = True
            self.query_one("#outcome", Words).say("Checking; then the file as it is now …")
            return
        self._checking, self._again = True, False
        self.query_one("#outcome", Words).say(
            "Checking …" if self.report else "Checking; the first time takes a moment …"
        )
        grader, exercise, file = self.app.grader, self.page.exercise, self.page.file

        def work() -> None:
            try:
                told = self.Checked(grader.check(exercise, file), None)
            except EngineError as error:
                told = self.Checked(None, error)
            self.post_message(told)

        self.run_worker(work, thread=True)

    def on_exercise_room_checked(self, message: Checked) -> None:
        """Say what each check said, and write it into the record."""
        self._checking = False
        if message.error is not None:
            self.query_one("#outcome", Words).say(str(message.error))
            return
        self.report = message.report
        outcome, says = exercises.summed_up(self.report)
        step = self.step
        self.app.study.order(
            lambda c: (c.checked(step, outcome, says), exercises.reported(message.report)),
            lambda told: self._tell(outcome, says, *told),
        )

    def _tell(self, outcome: str, says: str, place, results) -> None:
        from dataclasses import replace

        if not self.is_attached:
            return
        self.page = replace(self.page, place=place)
        had = f" {counted(place.points)} had." if outcome == "passed" else ""
        more = " Out of the file, esc goes back." if outcome == "passed" else ""
        self.query_one("#outcome", Words).say(says + had + more)
        self.query_one("#results", ProseView).say(results)
        self.query_one("#exercise").set_class(outcome != "passed", "-to-mend")
        self.query_one("#checks").scroll_home(animate=False)
        self.refresh_bindings()
        if self._again:
            self._check()

    # Keys

    def label_of(self, binding: Binding) -> str:
        """Escape leaves the file first."""
        if binding.action == "leave" and self.focused is self._editor:
            return "leave the file"
        return binding.description

    def apart(self) -> Iterable[tuple[Widget, str]]:
        """The file has keys of its own, whether it has the focus or not."""
        return (self._editor, "In the file"), (self.query_one(FindLine), "In the line of ^f and ^l")

    def why_not(self, action: str) -> str:
        """What cannot be done yet."""
        if self.page is None:
            return "" if action == "leave" else "The exercise is still being read."
        if action == "output" and not self._output():
            return "Nothing was printed." if self.report else "Nothing was checked yet."
        if action == "type" and self.focused is self._editor:
            return "This is the file."
        line = self.query_one(FindLine)
        if line.display and action == ("to_line" if line.to_line else "find"):
            return "The line for it is open."
        return ""

    def _output(self) -> str:
        results = self.report.results if self.report else ()
        return "\n\n".join(f"{each.says}\n{each.output}" for each in results if each.output)

    def action_type(self) -> None:
        """Into the file."""
        self._editor.focus()

    def action_find(self) -> None:
        """What to find."""
        if not self.refuses("find"):
            self.query_one(FindLine).ask()

    def action_to_line(self) -> None:
        """Which line."""
        if not self.refuses("to_line"):
            self.query_one(FindLine).ask(to_line=True)

    def action_output(self) -> None:
        """What was printed."""
        if not self.refuses("output"):
            from tutor.tui.widgets.reading import Reading

            self.app.push_screen(Reading("Output", self._output()))

    def action_edit(self) -> None:
        """The learner's own editor, with this screen out of the way."""
        if self.refuses("edit"):
            return
        if self.kept.saved:
            self._open_editor()
        else:  # which is to see every key
            self.kept.save(self._editor.text, self._open_editor)

    def _open_editor(self) -> None:
        if self.in_sight:
            open_in_editor(self.app, self.kept.path)
            self._look()

    def action_reset(self) -> None:
        """The shipped file again, if the learner says so twice."""
        if self.refuses("reset"):
            return
        from tutor.tui.screens.confirm import Confirm

        asked = Confirm(
            "Begin the file anew?",
            "It becomes as it was at first. What you have written is kept beside it.",
            "Begin anew",
        )
        self.app.push_screen(asked, lambda yes: yes and self._reset())

    def _reset(self) -> None:
        def done(told) -> None:
            kept, page = told
            self._opened(page)
            if kept is not None:
                self.app.notify(f"Your text is kept in {kept.name}.", markup=False)

        self.app.study.order(lambda c: c.reset(self.lesson, self.step), done, self._failed)

    def action_solution(self) -> None:
        """One way to write it; its price is said first."""
        if self.refuses("solution"):
            return
        place = self.page.place
        free = place is not None and (place.state == "done" or place.opened)
        if free or self._warned:
            self.app.study.order(lambda c: c.solution(self.lesson, self.step), self._show_solution)
            return
        self._warned = True
        worth = points.exercise(self.step.points, opened=True)
        self.query_one("#outcome", Words).say(
            f"Opened before a pass, the solution makes this worth {counted(worth)} instead of "
            f"{self.step.points:g}. w again opens it."
        )

    def _show_solution(self, text: str) -> None:
        from tutor.tui.widgets.reading import Reading

        self.app.push_screen(Reading("One way to write it", text))

    def action_leave(self) -> None:
        """Out of the file; then back."""
        if self.focused is self._editor:
            self.query_one("#checks").focus()
            self.refresh_bindings()
        elif self.kept is not None and self.kept.unwritten:
            from tutor.tui.screens.confirm import Confirm

            asked = Confirm(
                "Leave what is not saved?",
                "What you typed last could not be saved, and is lost if you leave. ^r saves again.",
                "Leave it",
            )
            self.app.push_screen(asked, lambda yes: yes and self.app.leave())
        else:
            self.app.leave()
