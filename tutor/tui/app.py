"""The tutor in the terminal: what the screens share.

The app holds the latest snapshot (`seen`) and the latest view of one run (`view`); the watch posts
them, the screens follow them. Quitting leaves every run as it is: they belong to the worker.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.events import AppBlur
from textual.reactive import reactive
from textual.screen import Screen

from engine.runs.home import Home as HomeFolder
from tutor.config import Config, read
from tutor.course.syllabus import Syllabus
from tutor.learner.newcomer import is_new
from tutor.report import mistakes
from tutor.tui.keys import key
from tutor.tui.navigation import Ways
from tutor.tui.palette import CONTRAST, DAY, NIGHT, THEMES
from tutor.tui.screens.home import Home
from tutor.tui.threads.lessons import Study
from tutor.tui.threads.orders import Failed, OrderDone, OrderFailed
from tutor.tui.threads.runs import RunSeen, RunsSeen, Watch
from tutor.tui.unobeyed import Unobeyed
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording
from tutor.tutorial.choice import Choice
from tutor.tutorial.snapshot import Snapshot, View

if TYPE_CHECKING:
    from textual.filter import LineFilter

    from engine.chain.forecast import Forecast
    from engine.errors import EngineError
    from lessons.kit.bench.bench import Bench
    from lessons.kit.judging.grader import Grader
    from tutor.tui.threads.runs import Desk

STYLES = Path(__file__).parent / "styles"
SCREENS = (
    "ask", "lesson", "exercise", "figure", "review", "mastery", "settings", "welcome",
    "tutorial", "form", "chain", "run", "runs", "score", "predictions", "help", "confirm",
    "which", "compare", "both", "search", "outline", "control", "practice", "jump",
    "handin.room", "handin.notebook", "handin.record", "handin.data", "handin.lint", "handin.runs",
    "handin.machine", "handin.run",
)  # fmt: skip
"""Every screen but Home; each is imported on a thread before it is opened."""
MANY = 4
"""Runs from which on it is asked before they are queued: more than a task has of its own."""
CLOSED = (
    "The tutor has closed. What you typed is kept, runs go on, and `tutor` opens where you were."
)
"""Of a mistake that ends it."""
FULL_COLLECTION = 100
"""Garbage collections of the middle generation for one of everything; ten is Python's own."""
ALONE_SECONDS = 3.0
"""How often it is looked whether the terminal is still there."""
STYLED = (
    "tutor", "home", "stages", "run", "score",
    "lesson", "exercise", "rooms", "compare", "finding", "handin",
)  # fmt: skip


class TutorApp(Ways):
    """Opens on Home."""

    TITLE = "Efficient AI"
    COMMAND_PALETTE_BINDING = "f2"
    AUTO_FOCUS = None
    """Each screen says itself where its keys go: Textual's choice waits for a window in front."""
    CSS_PATH: ClassVar = [STYLES / f"{name}.tcss" for name in STYLED]
    BINDINGS: ClassVar = [
        key("question_mark,f1", "help", "help", "All keys of this screen, and what they do."),
        key("q", "quit", "quit", "Close the tutor; runs go on without it."),
        key("slash", "search", "search", "Find a lesson, a step, a run, a command by its words."),
        key("f3", "jump", "jump", "A letter on all that can be worked with here.", show=False),
        key("f2", "command_palette", "commands", "Everything that can be done here, by name."),
    ]

    # None of these paints by itself: that would be the whole screen, four times a second.
    seen: reactive[Snapshot] = reactive(Snapshot(), always_update=True, repaint=False)
    """All runs, as they were last read."""
    course: reactive[Syllabus] = reactive(Syllabus(), always_update=True, repaint=False)
    """The lessons, as the learner stood in them when they were last read."""
    view: reactive[View | None] = reactive(None, always_update=True, repaint=False)
    """The run that is looked at, as it was last read."""

    def __init__(
        self, home: HomeFolder, config: Config | None = None, *, welcomes: bool = False
    ) -> None:
        """Nothing of the home is read before the first paint, but whether somebody was here.

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
        self._unobeyed = Unobeyed()
        self._welcomes = welcomes
        self._in_terminal = sys.__stdin__ is not None and sys.__stdin__.isatty()
        self.use(config or Config())

    @cached_property
    def bench(self) -> Bench:
        """Where labs are computed."""
        from lessons.kit.bench.bench import Bench

        return Bench()

    @cached_property
    def grader(self) -> Grader:
        """Where exercises are checked."""
        from lessons.kit.judging.grader import Grader

        return Grader()

    def get_default_screen(self) -> Screen:
        """Home is the bottom of the stack."""
        return Home()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What Textual has, and ours."""
        return [*super().get_line_filters(), self._unobeyed]

    def on_mount(self) -> None:
        """Who is new here sees the first screen first, and nothing before it."""
        if self._welcomes and is_new(self.home):
            self.action_welcome()

    def on_ready(self) -> None:
        """Now that something is on the screen, read the runs.

        What is loaded by now stays to the end, so the garbage collector need not look at it again
        and again: a full collection held up the keys for 50 ms. One of what is left takes 10 ms,
        and comes every few thousand keys.
        """
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], FULL_COLLECTION)
        self._watch.begin()
        self.study.begin()
        self.read_course()
        self.order(_load_screens, lambda _: gc.freeze())  # what it brought stays, too
        if self._in_terminal:
            self.set_interval(ALONE_SECONDS, self._leave_if_alone)

    def _leave_if_alone(self) -> None:
        """End when the terminal is gone without a word, as a killed multiplexer leaves it.

        Textual reads its end again and again, with half a processor, and cannot shut down: it
        waits to write to it. All that was done is in the record by then.
        """
        if not sys.__stdin__.isatty():
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # `nohup` has it ignored
            signal.raise_signal(signal.SIGHUP)

    async def on_unmount(self) -> None:
        """End the thread; the runs go on."""
        await asyncio.to_thread(self.study.stop)
        for name in {"bench", "grader"} & self.__dict__.keys():  # only what was used
            await asyncio.to_thread(getattr(self, name).close)
        await asyncio.to_thread(self._watch.stop)

    def _fatal_error(self) -> None:
        """A mistake of ours ends it, in words; Textual prints every call with all its variables."""
        if self._exit_renderables:  # the first one tells; others come of it
            return
        what, where = mistakes.told(self.home, self._exception)
        self.bell()
        self.panic(Text(f"{what}\n{where}\n{CLOSED}"))

    def use(self, config: Config) -> None:
        """Let these settings hold from now on."""
        self.config = config
        self.symbols = config.plot_symbols
        self._watch.device = config.device
        self.theme = THEMES[config.theme]
        self.set_keymap(dict(config.keys))

    def on_app_blur(self, event: AppBlur) -> None:
        """Keep the focus where it is: a page in a browser begins by saying that it has none.

        Textual takes it away, and gives it back to the widget that had it only if the same screen
        is still shown: what was opened meanwhile would be deaf.
        """
        event.prevent_default()

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

        def cannot(error: EngineError) -> None:
            told(Syllabus(trouble=str(error)))

        self.study.order(lambda classroom: classroom.course(), told, cannot)

    def choose(self, choice: Choice) -> None:
        """Run the tutorial with this from now on."""
        self._watch.choose(choice)

    def start(self, wanted: tuple[str, ...], *, again: bool = False) -> None:
        """Queue stages of the tutorial and what they need; asks first where that is many runs."""

        def begin() -> None:
            self.order(lambda desk: desk.chain().start(wanted, again), self._started)

        def told(ahead: list[Forecast]) -> None:
            if len(ahead) < MANY:
                begin()
                return
            from tutor.tui.screens.confirm import Confirm

            asked = Confirm(
                f"Run {len(ahead)} runs, one after another?",
                chain_words.before_start(ahead, self.seen.choice, self.seen.size),
                "Run them",
                "Not now",
            )
            self.push_screen(asked, lambda yes: yes and begin())

        self.order(lambda desk: desk.chain().ahead(wanted, again), told)

    def _started(self, ids: dict[str, int]) -> None:
        over = {run.id for run in self.seen.runs if run.state == "finished"}
        numbers = set(ids.values()) - over
        many = len(numbers) > 1
        goes_on = f"{'They go' if many else 'It goes'} on when you quit the tutor."
        self.notify(
            f"{wording.runs(numbers).capitalize()}. {goes_on} space pauses, c cancels.",
            title="Queued",
            timeout=4,
        )

    def pause(self, run_id: int) -> None:
        """Ask for a pause."""
        self.order(lambda desk: desk.client.pause(run_id))

    def resume(self, run_id: int) -> None:
        """Let a run go on; where nothing of its chain does, the whole chain."""
        self.order(lambda desk: desk.client.go_on(run_id))

    def cancel(self, run_id: int) -> None:
        """End a run for good, and what has become pointless with it."""

        def cancel(desk: Desk) -> list[int]:
            along = [run.id for run in desk.client.going_with(run_id)]
            desk.client.cancel(run_id)
            return [run_id, *along]

        self.order(cancel, self._cancelled)

    def pause_all(self, run_ids: Sequence[int]) -> None:
        """Ask for a pause of all of them at once."""
        self.order(lambda desk: desk.client.pause_all(run_ids))

    def resume_all(self, run_ids: Sequence[int]) -> None:
        """Let all of them go on that stand still."""
        self.order(lambda desk: desk.client.resume_all(run_ids))

    def cancel_all(self, run_ids: Sequence[int]) -> None:
        """End all of them for good."""

        def cancel(desk: Desk) -> list[int]:
            return [run.id for run in desk.client.cancel_all(run_ids)]

        self.order(cancel, self._cancelled)

    def _cancelled(self, numbers: list[int]) -> None:
        words = f"{wording.runs(numbers).capitalize()}. What was written stays to be read."
        self.notify(words, title="Cancelled", timeout=5, markup=False)

    def look_at(self, run_id: int) -> None:
        """Follow one run in full."""
        self._watch.look_at(run_id)


def _load_screens(_: object) -> None:
    """Import the other screens, on the watch's thread, so that none is loaded when it is opened."""
    for name in SCREENS:
        import_module(f"tutor.tui.screens.{name}")
    for name in ("bench.bench", "judging.grader"):
        import_module(f"lessons.kit.{name}")


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
