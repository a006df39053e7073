"""Ways through the screens: every place, and how it is opened from any other.

Each screen is imported where it is opened, so that the first paint waits for none but Home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.command import Provider
from textual.screen import Screen

from tutor.tui import doors
from tutor.tui.keys import written
from tutor.tutorial import stages as progress

if TYPE_CHECKING:
    from engine.runs.home import Home
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from tutor.config import Config
    from tutor.report.saving.shown import Shown
    from tutor.tui.threads.lessons import Study
    from tutor.tutorial.snapshot import Snapshot


def _commands() -> type[Provider]:
    from tutor.tui.searching.commands import Commands

    return Commands


class Ways(App[None]):
    """An app that one can go about in; what it shows and does is `TutorApp`'s."""

    COMMANDS: ClassVar = {_commands}
    searched = ""
    """What was looked for last."""
    home: Home
    config: Config
    seen: Snapshot
    study: Study
    start: Callable[..., None]
    resume: Callable[[int], None]

    def push_screen(self, screen: Screen, *args: Any, **rest: Any) -> Any:
        """Open a screen; what was said on the one below is not said over it."""
        if not screen.is_modal:
            self._end_notices()
        return super().push_screen(screen, *args, **rest)

    def switch_screen(self, screen: Screen) -> AwaitComplete:
        """The same, in the place of the one that is open."""
        self._end_notices()
        return super().switch_screen(screen)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen, and what was said on it."""
        if not self.screen.is_modal:
            self._end_notices()
        return super().pop_screen()

    def _end_notices(self) -> None:
        """Take away what has been said; what went wrong is read in its own time.

        What is said by the key that opens the next screen is said there: it is not among them yet.
        """
        for notice in list(self._notifications):
            if notice.severity != "error":
                self._unnotify(notice, refresh=False)
        self._refresh_notifications()

    def go_on(self, following: progress.Next) -> None:
        """Do what Home's first line says."""
        if following.does == "resume":
            self.resume(following.run)
            self.open_run(following.run)
        elif following.does == "run":
            self.open_run(following.run)
        elif following.does == "score":
            self.action_score()
        elif following.does in ("start", "tutorial"):
            if following.does == "start":
                self.start(tuple(self.seen.specs))
            self.action_tutorial()
        else:
            self.notify(following.about or "One moment.", title=following.words, markup=False)

    def open_run(self, run_id: int) -> None:
        """The screen of one run."""
        from tutor.tui.screens.run import RunRoom

        self.push_screen(RunRoom(run_id))

    def open_lesson(self, id: str, at: str = "", *, instead: bool = False) -> None:
        """A lesson, at a step; `instead` of the one that is open."""
        from tutor.tui.screens.lesson import LessonRoom

        room = LessonRoom(id, at)
        if instead:
            self.switch_screen(room)
        else:
            self.push_screen(room)

    def open_step(self, lesson: str, step: str = "") -> None:
        """A lesson at one of its steps; where it is open already, go back to it.

        Args:
            lesson: The lesson's id.
            step: The step's id; empty for where the learner was.
        """
        from tutor.tui.screens.lesson import LessonRoom

        for room in self.screen_stack:
            if isinstance(room, LessonRoom) and room.lesson_id == lesson:
                self._back_to(room)
                if step:
                    room.go_to(step)
                return
        self.open_lesson(lesson, step)

    def open_practice(self, step: str) -> None:
        """One question, as fresh variants."""
        from tutor.tui.screens.practice import Practice

        self.push_screen(Practice(step))

    def open_outline(self, lesson: str, at: str = "") -> None:
        """The steps of a lesson."""
        from tutor.tui.screens.outline import Outline

        self.push_screen(Outline(lesson, at))

    def open_setting(self, name: str) -> None:
        """The settings, at one of them."""
        from tutor.tui.screens.settings import Settings

        self._visit(Settings)
        if isinstance(self.screen, Settings):
            self.screen.go_to(name)

    def open_exercise(self, lesson: str) -> None:
        """The exercise of a lesson."""

        def there(found: Lesson) -> None:
            step = next(step for step in found.steps if step.kind == "exercise")
            self.open_exercise_step(found, step)

        self.study.order(lambda classroom: classroom.lesson(lesson), there)

    def open_exercise_step(self, lesson: Lesson, step: Step, *, edit: bool = False) -> None:
        """An exercise that is read already; `edit` opens its file in the learner's editor."""
        from tutor.tui.screens.exercise import ExerciseRoom

        self.push_screen(ExerciseRoom(lesson, step, edit=edit))

    def open_figure(self, where: str, shown: Shown) -> None:
        """A figure alone, as large as the window; `where` names its lesson and lab."""
        from tutor.tui.screens.figure import FigureRoom

        self.push_screen(FigureRoom(where, shown))

    def copy_figure(self, shown: Shown, way: str) -> None:
        """The numbers of a figure, as rows; `way` are the keys that lead from here to a file."""
        from tutor.tui.screens import keeping

        keeping.copy(self, shown, way)

    def open_form(self, stage: str) -> None:
        """The settings of a task."""
        from tutor.tui.screens.form import Form

        self.push_screen(Form(stage))

    def open_chain(self) -> None:
        """The models and problems of the tutorial."""
        from tutor.tui.screens.chain import Chain

        self.push_screen(Chain())

    def open_task(self, stage: str) -> None:
        """The tutorial, at one of its tasks."""
        from tutor.tui.screens.tutorial import Tutorial

        there = next((room for room in self.screen_stack if isinstance(room, Tutorial)), None)
        if there is None:
            self.push_screen(Tutorial(stage))
        else:
            self._visit(Tutorial)
            there.go_to(stage)

    def leave(self) -> None:
        """Back by one screen; never off the bottom."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_tutorial(self) -> None:
        """The tutorial's tasks."""
        from tutor.tui.screens.tutorial import Tutorial

        self._visit(Tutorial)

    def action_runs(self) -> None:
        """All runs."""
        from tutor.tui.screens.runs import Runs

        self._visit(Runs)

    def action_mastery(self) -> None:
        """What is mastered and what is shaky."""
        from tutor.tui.screens.mastery import Mastery

        self._visit(Mastery)

    def action_settings(self) -> None:
        """What can be chosen."""
        from tutor.tui.screens.settings import Settings

        self._visit(Settings)

    def action_welcome(self) -> None:
        """The first screen."""
        from tutor.tui.screens.welcome import Welcome

        self._visit(Welcome)

    def action_review(self) -> None:
        """The questions that are due."""
        from tutor.tui.screens.review import Review

        self._visit(Review)

    def action_score(self) -> None:
        """The score card."""
        from tutor.tui.screens.score import Score

        self._visit(Score)

    def action_search(self) -> None:
        """Whatever there is, by its words."""
        from tutor.tui.screens.search import Search

        if not self.screen.is_modal:
            self._visit(Search, self.searched)

    def action_handin(self) -> None:
        """What is handed in, and all else that is written to a file or read from one."""
        from tutor.tui.screens.handin.room import HandIn

        self._visit(HandIn)

    def action_door(self, command: str) -> None:
        """The place of a command that stands in "Hand in"."""
        opens = doors.behind(command)
        if isinstance(opens, type):
            self._visit(opens)
        else:
            opens(self)

    def action_command_palette(self) -> None:
        """Everything by name; in a window that is too small it would hide what says so."""
        if not any(map(self.screen.has_class, ("-tiny", "-flat"))):
            super().action_command_palette()

    def action_jump(self) -> None:
        """A letter on whatever can be worked with here."""
        from tutor.tui.screens.jump import Jump, targets

        if self.screen.is_modal:
            return
        there = targets(self.screen)
        if there:
            self.push_screen(Jump(there))
        else:
            self.notify("There is nothing to jump to here.", title="Not now", timeout=4)

    def action_help(self) -> None:
        """The keys of the screen that is open."""
        from tutor.tui.screens.help import help_on
        from tutor.tui.widgets.reading import Reading

        if not isinstance(self.screen, Reading):
            self.push_screen(help_on(self.screen))

    def action_picture(self) -> None:
        """The screen as an SVG: a file whose path is said; in a browser, a page of its own."""
        if self.is_web:
            self.deliver_screenshot()
            return
        from engine.errors import EngineError
        from tutor.tui.outside.downloads import save

        try:
            file = save(self.home, "tutor.svg", self.export_screenshot().encode("utf-8"))
        except EngineError as error:
            title = "The picture is not saved"
            self.notify(str(error), title=title, severity="error", timeout=12, markup=False)
        else:
            self.notify(f"It is in {file}.", title="Picture", timeout=8, markup=False)

    def action_help_quit(self) -> None:
        """Ctrl-C leaves nothing: whoever is used to that is told the key that does."""
        quit = written(self.config.keys.get("quit", "q"))
        self.notify(
            f"{quit} closes the tutor; where something is typed, after esc.",
            title="Ctrl-C closes nothing",
            markup=False,
        )

    def _visit(self, room: type[Screen], *made_with: str) -> None:
        """Open a screen; where it is in the stack already, go back to it instead."""
        there = next((screen for screen in self.screen_stack if type(screen) is room), None)
        if there is None:
            self.push_screen(room(*made_with))
        else:
            self._back_to(there)

    def _back_to(self, screen: Screen) -> None:
        """Leave what lies over a screen."""
        for _ in self.screen_stack[self.screen_stack.index(screen) + 1 :]:
            self.pop_screen()

    def get_system_commands(self, screen: Screen) -> Iterable[SystemCommand]:
        """The command palette: every place, and what the open screen can do; each once."""
        yield SystemCommand("Search", "Whatever there is, by any of its words", self.action_search)
        yield SystemCommand("Tutorial", "The five tasks of the tutorial", self.action_tutorial)
        yield SystemCommand("Runs", "All runs, the newest first", self.action_runs)
        yield SystemCommand("Progress", "What is mastered, what is shaky", self.action_mastery)
        yield SystemCommand("Review", "The questions that are due", self.action_review)
        yield SystemCommand("Settings", "Theme, plot symbols, editor, paths", self.action_settings)
        yield SystemCommand("Welcome", "What this machine can do", self.action_welcome)
        yield SystemCommand("Score card", "What was measured, and the points", self.action_score)
        yield SystemCommand(
            "Hand in", "Export the notebook, submit, verify; files out and in", self.action_handin
        )
        for door in doors.LISTED:
            yield SystemCommand(
                door.title, door.about, lambda name=door.command: self.action_door(name)
            )
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.node is screen and binding.show and not _is_a_place(binding.action):
                yield SystemCommand(
                    binding.description.capitalize(),
                    binding.tooltip,
                    lambda action=binding.action: self.call_later(screen.run_action, action),
                )
        yield SystemCommand("Jump", "A letter on all that can be worked with", self.action_jump)
        yield SystemCommand("Keys", "All keys of this screen", self.action_help)
        yield SystemCommand("Picture", "Save this screen as an SVG", self.action_picture)
        yield SystemCommand("Quit", "Close the tutor; runs go on", self.action_quit)


PLACES = (
    "search", "tutorial", "runs", "mastery", "review", "settings", "welcome", "score", "handin",
    "leave",
)  # fmt: skip
"""Actions that every screen's palette has by name, so that a screen's own key adds none."""


def _is_a_place(action: str) -> bool:
    return action.removeprefix("app.") in PLACES
