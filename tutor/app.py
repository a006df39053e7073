"""The tutor in the terminal: what the screens share.

The app holds the latest snapshot (`seen`) and the latest view of one run (`view`); the watch posts
them, the screens follow them. Quitting leaves every run as it is: they belong to the worker.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.reactive import reactive
from textual.screen import Screen

from engine.runs.home import Home as HomeFolder
from lessons.kit.bench import Bench
from lessons.kit.grader import Grader
from tutor import progress
from tutor.choice import Choice
from tutor.config import Config, read
from tutor.keys import key
from tutor.palette import CONTRAST, DAY, NIGHT, THEMES
from tutor.screens.home import Home
from tutor.study import Failed, Study
from tutor.syllabus import Syllabus
from tutor.watch import OrderDone, OrderFailed, RunSeen, RunsSeen, Snapshot, View, Watch

STYLES = Path(__file__).parent / "styles"
SCREENS = (
    "lesson", "exercise", "figure", "review", "mastery", "settings", "welcome",
    "tutorial", "run", "runs", "score", "predictions", "help", "confirm",
)  # fmt: skip
"""Every screen but Home; each is imported on a thread before it is opened."""
STYLED = ("tutor", "home", "stages", "run", "score", "lesson", "exercise", "rooms")


class TutorApp(App[None]):
    """Opens on Home."""

    TITLE = "Efficient AI"
    CSS_PATH: ClassVar = [STYLES / f"{name}.tcss" for name in STYLED]
    BINDINGS: ClassVar = [
        key("question_mark,f1", "help", "help", "All keys of this screen, and what they do."),
        key("q", "quit", "quit", "Close the tutor; runs go on without it."),
        key("ctrl+p", "command_palette", "commands", "Everything that can be done here, by name."),
    ]

    seen: reactive[Snapshot] = reactive(Snapshot(), always_update=True)
    """All runs, as they were last read."""
    course: reactive[Syllabus] = reactive(Syllabus(), always_update=True)
    """The lessons, as the learner stood in them when they were last read."""
    view: reactive[View | None] = reactive(None, always_update=True)
    """The run that is looked at, as it was last read."""

    def __init__(
        self, home: HomeFolder, config: Config | None = None, *, welcomes: bool = False
    ) -> None:
        """Nothing of the home is read before the first paint.

        Args:
            home: The home folder.
            config: The learner's settings; None for those that nobody changed.
            welcomes: Whether who is new here sees the first screen.
        """
        super().__init__()
        self.animation_level = "none"
        for theme in (NIGHT, DAY, CONTRAST):
            self.register_theme(theme)
        self.home = home
        self._watch = Watch(home, self.post_message)
        self.study = Study(home, self.post_message)
        self.bench = Bench()
        self.grader = Grader()
        self._welcomes = welcomes
        self.use(config or Config())

    def get_default_screen(self) -> Screen:
        """Home is the bottom of the stack."""
        return Home()

    def on_ready(self) -> None:
        """Now that something is on the screen, read the runs.

        What is loaded by now stays to the end, so the garbage collector need not look at it again
        and again: a full collection held up the keys for 50 ms.
        """
        gc.freeze()
        self._watch.begin()
        self.study.begin()
        self.read_course()
        if self._welcomes:
            self.study.order(lambda classroom: classroom.is_new(), self._welcome)
        self.order(_load_screens)

    async def on_unmount(self) -> None:
        """End the thread; the runs go on."""
        await asyncio.to_thread(self.study.stop)
        await asyncio.to_thread(self.bench.close)
        await asyncio.to_thread(self.grader.close)
        await asyncio.to_thread(self._watch.stop)

    def use(self, config: Config) -> None:
        """Let these settings hold from now on."""
        self.config = config
        self.symbols = config.plot_symbols
        self._watch.device = config.device
        self.theme = THEMES[config.theme]
        self.set_keymap(dict(config.keys))

    def _welcome(self, new: bool) -> None:
        if new:
            self.action_welcome()

    # What the watch posts

    def on_runs_seen(self, message: RunsSeen) -> None:
        """A new snapshot."""
        self.seen = message.snapshot

    def on_run_seen(self, message: RunSeen) -> None:
        """A new view."""
        self.view = message.view

    def on_order_done(self, message: OrderDone) -> None:
        """An order was carried out; whoever gave it goes on."""
        if message.then is not None:
            message.then(message.answer)

    def on_failed(self, message: Failed) -> None:
        """An order of the study's failed; whoever gave it says so."""
        message.otherwise(message.error)

    def on_order_failed(self, message: OrderFailed) -> None:
        """What went wrong, and the way out."""
        self.notify(
            message.way_out or "Nothing was changed.",
            title=message.what,
            severity="error",
            timeout=12,
            markup=False,
        )

    # Orders

    def order(self, order: Callable, then: Callable[[Any], None] | None = None) -> None:
        """Have something done on the watch's thread; see `Watch.order`."""
        self._watch.order(order, then)

    def read_course(self) -> None:
        """Read anew how the learner stands."""

        def told(course: Syllabus) -> None:
            self.course = course

        self.study.order(lambda classroom: classroom.course(), told)

    def choose(self, choice: Choice) -> None:
        """Run the tutorial with this from now on."""
        self._watch.choose(choice)

    def start(self, wanted: tuple[str, ...], *, again: bool = False) -> None:
        """Queue stages of the tutorial and what they need."""
        self.order(lambda desk: desk.start(wanted, again), self._started)

    def _started(self, ids: dict[str, int]) -> None:
        numbers = ", ".join(str(number) for number in sorted(ids.values()))
        self.notify(f"Runs {numbers}. They go on when you quit.", title="Queued", timeout=4)

    def pause(self, run_id: int) -> None:
        """Ask for a pause."""
        self.order(lambda desk: desk.client.pause(run_id))

    def resume(self, run_id: int) -> None:
        """Let a run go on."""
        self.order(lambda desk: desk.client.resume(run_id))

    def cancel(self, run_id: int) -> None:
        """End a run for good."""
        self.order(lambda desk: desk.client.cancel(run_id))

    def look_at(self, run_id: int) -> None:
        """Follow one run in full."""
        self._watch.look_at(run_id)

    # Ways through the screens

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
        from tutor.screens.run import RunRoom

        self.push_screen(RunRoom(run_id))

    def open_lesson(self, id: str, at: str = "", *, instead: bool = False) -> None:
        """A lesson, at a step; `instead` of the one that is open."""
        from tutor.screens.lesson import LessonRoom

        room = LessonRoom(id, at)
        if instead:
            self.switch_screen(room)
        else:
            self.push_screen(room)

    def leave(self) -> None:
        """Back by one screen; never off the bottom."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_tutorial(self) -> None:
        """The tutorial's stages."""
        from tutor.screens.tutorial import Tutorial

        self._visit(Tutorial)

    def action_runs(self) -> None:
        """All runs."""
        from tutor.screens.runs import Runs

        self._visit(Runs)

    def action_mastery(self) -> None:
        """What is mastered and what is shaky."""
        from tutor.screens.mastery import Mastery

        self._visit(Mastery)

    def action_settings(self) -> None:
        """What can be chosen."""
        from tutor.screens.settings import Settings

        self._visit(Settings)

    def action_welcome(self) -> None:
        """The first screen."""
        from tutor.screens.welcome import Welcome

        self._visit(Welcome)

    def action_review(self) -> None:
        """The questions that are due."""
        from tutor.screens.review import Review

        self._visit(Review)

    def action_score(self) -> None:
        """The score card."""
        from tutor.screens.score import Score

        self._visit(Score)

    def action_help(self) -> None:
        """The keys of the screen that is open."""
        from tutor.screens.help import help_on
        from tutor.widgets.reading import Reading

        if not isinstance(self.screen, Reading):
            self.push_screen(help_on(self.screen))

    def _visit(self, room: type[Screen]) -> None:
        """Open a screen; where it is in the stack already, go back to it instead."""
        for place, screen in enumerate(self.screen_stack):
            if type(screen) is room:
                for _ in self.screen_stack[place + 1 :]:
                    self.pop_screen()
                return
        self.push_screen(room())

    def get_system_commands(self, screen: Screen) -> Iterable[SystemCommand]:
        """The command palette: every place, and what the open screen can do."""
        yield SystemCommand("Tutorial", "The five stages of the tutorial", self.action_tutorial)
        yield SystemCommand("Runs", "All runs, the newest first", self.action_runs)
        yield SystemCommand("Progress", "What is mastered, what is shaky", self.action_mastery)
        yield SystemCommand("Review", "The questions that are due", self.action_review)
        yield SystemCommand("Settings", "Theme, plot symbols, editor, paths", self.action_settings)
        yield SystemCommand("Welcome", "What this machine can do", self.action_welcome)
        yield SystemCommand("Score card", "What was measured, and the points", self.action_score)
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.node is screen and binding.show and binding.action != "leave":
                yield SystemCommand(
                    binding.description.capitalize(),
                    binding.tooltip,
                    lambda action=binding.action: self.call_later(screen.run_action, action),
                )
        yield SystemCommand("Keys", "All keys of this screen", self.action_help)
        yield SystemCommand("Picture", "Save this screen as an SVG", self.deliver_screenshot)
        yield SystemCommand("Quit", "Close the tutor; runs go on", self.action_quit)


def _load_screens(_: object) -> None:
    """Import the other screens, on the watch's thread, so that none is loaded when it is opened."""
    for name in SCREENS:
        import_module(f"tutor.screens.{name}")


def open_tutor(home: HomeFolder) -> None:
    """Open the tutor in this terminal, until it is quit.

    Raises:
        SystemExit: It ended with an error, which has been shown.
    """
    app = TutorApp(home, read(), welcomes=True)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    for run in app.seen.runs:
        if run.state == "running":
            print(f"Run {run.id} goes on: {run.title}. `tutor follow {run.id}` shows it.")
